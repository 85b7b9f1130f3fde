// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/imaging/put_back.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <span>

#include "models/imaging/paper.h"

namespace zwei {
namespace {

/// Ink in [0, 1] on the pixels `region` of the page, of an image whose part `fit.image` lies on `fit.page`.
cv::Mat1f inkOn(const cv::Rect& region, const Fit& fit, std::span<const std::uint8_t> digit) {
    const cv::Mat1b image(kImageSide, kImageSide, const_cast<std::uint8_t*>(digit.data()));
    const double across = fit.image.width / double(fit.page.width);
    const double down = fit.image.height / double(fit.page.height);
    // From the middle of a page's pixel to the middle of the image's.
    const cv::Matx23d toImage(across, 0, fit.image.x + (region.x + 0.5 - fit.page.x) * across - 0.5,  //
                              0, down, fit.image.y + (region.y + 0.5 - fit.page.y) * down - 0.5);
    cv::Mat1f ink;
    cv::warpAffine(cv::Mat1f(image) / 255, ink, toImage, region.size(), cv::INTER_CUBIC | cv::WARP_INVERSE_MAP,
                   cv::BORDER_CONSTANT, 0);
    return cv::min(cv::max(ink, 0), 1);
}

/// The page's pixels that the whole image lies on.
cv::Rect regionOf(const Fit& fit, const cv::Size& page) {
    const double across = fit.page.width / double(fit.image.width);
    const double down = fit.page.height / double(fit.image.height);
    const auto at = [](double value) { return static_cast<int>(std::lround(value)); };
    const cv::Rect whole(at(fit.page.x - fit.image.x * across), at(fit.page.y - fit.image.y * down),
                         at(kImageSide * across), at(kImageSide * down));
    return whole & cv::Rect({}, page);
}

/// Calls visit(strip) for parts of a region that are small enough for several copies of real numbers.
template <typename Visit>
void forEachStrip(const cv::Rect& region, const Visit& visit) {
    const int rows = std::max(1, 1'000'000 / region.width);
    for (int y = 0; y < region.height; y += rows)
        visit(cv::Rect(region.x, region.y + y, region.width, std::min(rows, region.height - y)));
}

/// The mean colour where the ink is fullest; `otherwise` where there is none.
cv::Scalar inkColour(const cv::Mat3b& page, const cv::Rect& region, const Fit& fit, std::span<const std::uint8_t> digit,
                     const cv::Scalar& otherwise) {
    constexpr double kFull = 0.7;
    cv::Scalar sum;
    double count = 0;
    forEachStrip(region, [&](const cv::Rect& strip) {
        const cv::Mat full = inkOn(strip, fit, digit) > kFull;
        const int inked = cv::countNonZero(full);
        if (inked > 0) sum += cv::mean(page(strip), full) * inked;
        count += inked;
    });
    return count > 0 ? sum / count : otherwise;
}

/// How much of each pixel is made anew: all, where there was a third of full ink, or comes, or near to it.
cv::Mat1f shareMadeAnew(const cv::Rect& strip, const Fit& fit, std::span<const std::uint8_t> before,
                        std::span<const std::uint8_t> after) {
    constexpr double kCertain = 3;
    const int reach = std::max(1, fit.page.width / (2 * fit.image.width));  // half a pixel of the image
    const cv::Rect around(strip.x - reach, strip.y - reach, strip.width + 2 * reach, strip.height + 2 * reach);
    const cv::Mat1f ink = cv::max(inkOn(around, fit, before), inkOn(around, fit, after));
    cv::Mat1f near;
    cv::blur(ink, near, {2 * reach + 1, 2 * reach + 1});
    const cv::Mat1f share = cv::min(kCertain * cv::max(near, ink), 1);
    return share({reach, reach, strip.width, strip.height}).clone();
}

void putBackOne(cv::Mat3b page, const cv::Mat3b& paper, const cv::Rect& region, const Fit& fit,
                std::span<const std::uint8_t> before, std::span<const std::uint8_t> after, InkTone tone) {
    const auto colour = inkColour(page, region, fit, before, cv::Scalar::all(tone == InkTone::Dark ? 0 : 255));
    forEachStrip(region, [&](const cv::Rect& strip) {
        const cv::Mat1f ink = inkOn(strip, fit, after);
        const cv::Mat1f share = shareMadeAnew(strip, fit, before, after);
        cv::Mat3b pixels = page(strip);
        for (int y = 0; y < strip.height; ++y)
            for (int x = 0; x < strip.width; ++x)
                for (int channel = 0; channel < 3; ++channel) {
                    const float bare = paper(y + strip.y, x + strip.x)[channel];
                    const float made = bare + (static_cast<float>(colour[channel]) - bare) * ink(y, x);
                    auto& value = pixels(y, x)[channel];
                    value = cv::saturate_cast<std::uint8_t>(value + (made - value) * share(y, x));
                }
    });
}

}  // namespace

void putBack(ColourPage& page, const NormalisedPage& found, const ImageBatch& digits) {
    const cv::Mat3b pixels(page.height, page.width, reinterpret_cast<cv::Vec3b*>(page.rgb.data()));
    const cv::Mat3b paper = paperOf(pixels);
    for (int i = 0; i < digits.count; ++i) {
        const auto& fit = found.fits[static_cast<std::size_t>(i)];
        if (const auto region = regionOf(fit, pixels.size()); !region.empty())
            putBackOne(pixels, paper, region, fit, found.digits.image(i), digits.image(i), found.tone);
    }
}

}  // namespace zwei
