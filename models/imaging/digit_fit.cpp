// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/imaging/digit_fit.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace zwei {
namespace {

constexpr int kFitted = 20;           // pixels of the longer side
constexpr double kThinnest = 1.6;     // a stroke, of these pixels
constexpr double kPen = 2.2;          // what it is widened to
constexpr double kFullestInk = 0.85;  // the quantile of a digit's ink that is white

/// The mean width of the strokes: the mean distance to the paper is a fourth of it.
double strokeWidth(const cv::Mat1b& strokes) {
    cv::Mat1b framed;
    cv::copyMakeBorder(strokes, framed, 1, 1, 1, 1, cv::BORDER_CONSTANT, 0);
    cv::Mat1f distances;
    cv::distanceTransform(framed, distances, cv::DIST_L2, 3);
    return 4 * cv::mean(distances, framed)[0];
}

/// The digit's own ink in [0, 1], with a margin of `margin` pixels around its box.
cv::Mat1f ownInk(const InkMap& map, const FoundDigit& digit, int margin) {
    cv::Mat1b strokes;
    cv::copyMakeBorder(digit.strokes, strokes, margin, margin, margin, margin, cv::BORDER_CONSTANT, 0);
    cv::dilate(strokes, strokes, cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * margin + 1, 2 * margin + 1}));
    cv::Mat1f framed;
    cv::copyMakeBorder(map.ink, framed, margin, margin, margin, margin, cv::BORDER_CONSTANT, 0);
    cv::Mat1f ink = framed({digit.box.x, digit.box.y, strokes.cols, strokes.rows}).clone();
    ink.setTo(0, strokes == 0);

    std::vector<float> inside;
    for (int y = 0; y < digit.strokes.rows; ++y)
        for (int x = 0; x < digit.strokes.cols; ++x)
            if (digit.strokes(y, x)) inside.push_back(ink(y + margin, x + margin));
    if (inside.empty()) return ink;
    const auto at = inside.begin() + static_cast<std::ptrdiff_t>(kFullestInk * static_cast<double>(inside.size() - 1));
    std::nth_element(inside.begin(), at, inside.end());
    const float paper = 0.4F * map.threshold;
    ink = (ink - paper) / std::max(1e-3F, *at - paper);
    return cv::min(cv::max(ink, 0), 1);
}

cv::Mat1b centredByMass(const cv::Mat1f& fitted) {
    const auto moments = cv::moments(fitted);
    // On the pixel that is right of and below the image's middle, as in MNIST.
    const auto start = [](double centre, int length) {
        return std::clamp(static_cast<int>(std::lround(kImageSide / 2 - centre)), 0, kImageSide - length);
    };
    cv::Mat1b digit = cv::Mat1b::zeros(kImageSide, kImageSide);
    const double mass = std::max(moments.m00, 1e-9);
    const cv::Rect place(start(moments.m10 / mass, fitted.cols), start(moments.m01 / mass, fitted.rows), fitted.cols,
                         fitted.rows);
    fitted.convertTo(digit(place), CV_8U, 255);
    return digit;
}

}  // namespace

cv::Mat1b fitDigit(const InkMap& map, const FoundDigit& digit) {
    const int longest = std::max(digit.box.width, digit.box.height);
    const int margin = std::max(1, longest / 20);
    cv::Mat1f ink = ownInk(map, digit, margin);
    const double unit = longest / double(kFitted);
    if (const double width = strokeWidth(digit.strokes); width < kThinnest * unit) {
        const int wider = static_cast<int>(std::lround(kPen * unit - width)) | 1;
        cv::dilate(ink, ink, cv::getStructuringElement(cv::MORPH_ELLIPSE, {wider, wider}));
    }
    const cv::Mat1f inked = ink({margin, margin, digit.box.width, digit.box.height});
    const auto fit = [&](int length) { return std::clamp(static_cast<int>(std::lround(length / unit)), 1, kFitted); };
    cv::Mat1f fitted;
    cv::resize(inked, fitted, {fit(inked.cols), fit(inked.rows)}, 0, 0, unit > 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
    double most = 0;
    cv::minMaxLoc(fitted, nullptr, &most);
    if (most > 0) fitted = cv::min(fitted * (1.05 / most), 1);
    return centredByMass(fitted);
}

}  // namespace zwei
