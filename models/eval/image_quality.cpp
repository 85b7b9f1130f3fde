// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/eval/image_quality.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <numeric>

namespace zwei {
namespace {

using Pixels = std::span<const std::uint8_t>;

constexpr double kWhite = 255;
constexpr std::size_t kWindow = 11;

[[maybe_unused]] bool haveSameShape(const ImageBatch& a, const ImageBatch& b) {
    return a.count == b.count && a.height == b.height && a.width == b.width;
}

double meanSquaredError(Pixels image, Pixels original) {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < image.size(); ++i) {
        const int difference = image[i] - original[i];
        sum += difference * difference;
    }
    return static_cast<double>(sum) / (kWhite * kWhite * static_cast<double>(image.size()));
}

double peakSignalToNoise(double mse) {
    constexpr double kLeast = (0.5 / kWhite) * (0.5 / kWhite);
    return -10 * std::log10(std::max(mse, kLeast));
}

std::array<double, kWindow> gaussianWindow() {
    constexpr double kSigma = 1.5;
    std::array<double, kWindow> window{};
    for (std::size_t i = 0; i < kWindow; ++i) {
        const double x = static_cast<double>(i) - static_cast<double>(kWindow / 2);
        window[i] = std::exp(-x * x / (2 * kSigma * kSigma));
    }
    const double sum = std::accumulate(window.begin(), window.end(), 0.0);
    for (double& weight : window) weight /= sum;
    return window;
}

/// What SSIM needs to know of one window: weighted means over two images, x and y.
struct Moments {
    double x = 0;
    double y = 0;
    double squares = 0;  ///< x^2 + y^2
    double product = 0;  ///< x y

    void add(double weight, const Moments& other) {
        x += weight * other.x;
        y += weight * other.y;
        squares += weight * other.squares;
        product += weight * other.product;
    }
};

double similarity(const Moments& mean) {
    constexpr double kC1 = 0.01 * 0.01;
    constexpr double kC2 = 0.03 * 0.03;
    const double meanSquares = mean.x * mean.x + mean.y * mean.y;
    const double meanProduct = mean.x * mean.y;
    const double covariance = mean.product - meanProduct;
    const double variances = mean.squares - meanSquares;
    return (2 * meanProduct + kC1) * (2 * covariance + kC2) / ((meanSquares + kC1) * (variances + kC2));
}

/// SSIM of images of one size. Keeps its memory from image to image.
class StructuralSimilarity {
public:
    StructuralSimilarity(int height, int width)
        : m_height(static_cast<std::size_t>(height)),
          m_width(static_cast<std::size_t>(width)),
          m_pixels(m_height * m_width),
          m_rows(m_height * columns()) {
        assert(m_height >= kWindow && m_width >= kWindow);
    }

    double operator()(Pixels image, Pixels original) {
        for (std::size_t i = 0; i < m_pixels.size(); ++i) {
            const double x = image[i] / kWhite;
            const double y = original[i] / kWhite;
            m_pixels[i] = {x, y, x * x + y * y, x * y};
        }
        for (std::size_t i = 0; i < m_rows.size(); ++i)
            m_rows[i] = windowMean(&m_pixels[i / columns() * m_width + i % columns()], 1);
        const std::size_t windows = (m_height - kWindow + 1) * columns();
        double sum = 0;
        for (std::size_t i = 0; i < windows; ++i) sum += similarity(windowMean(&m_rows[i], columns()));
        return sum / static_cast<double>(windows);
    }

private:
    std::size_t columns() const { return m_width - kWindow + 1; }

    Moments windowMean(const Moments* first, std::size_t stride) const {
        Moments mean;
        for (std::size_t i = 0; i < kWindow; ++i) mean.add(m_window[i], first[i * stride]);
        return mean;
    }

    std::array<double, kWindow> m_window = gaussianWindow();
    std::size_t m_height;
    std::size_t m_width;
    std::vector<Moments> m_pixels;  ///< [height, width]
    std::vector<Moments> m_rows;    ///< [height, columns], averaged along the rows
};

}  // namespace

ImageQuality imageQuality(const ImageBatch& images, const ImageBatch& originals) {
    assert(haveSameShape(images, originals) && images.count > 0);
    StructuralSimilarity ssim(images.height, images.width);
    ImageQuality sum;
    for (int index = 0; index < images.count; ++index) {
        const double mse = meanSquaredError(images.image(index), originals.image(index));
        sum.mse += mse;
        sum.psnr += peakSignalToNoise(mse);
        sum.ssim += ssim(images.image(index), originals.image(index));
    }
    return {sum.mse / images.count, sum.psnr / images.count, sum.ssim / images.count};
}

double meanPsnr(const ImageBatch& images, const ImageBatch& originals) {
    assert(images.count > 0);
    double sum = 0;
    for (const double mse : meanSquaredErrors(images, originals)) sum += peakSignalToNoise(mse);
    return sum / images.count;
}

std::vector<double> meanSquaredErrors(const ImageBatch& images, const ImageBatch& originals) {
    assert(haveSameShape(images, originals));
    std::vector<double> errors;
    errors.reserve(static_cast<std::size_t>(images.count));
    for (int index = 0; index < images.count; ++index)
        errors.push_back(meanSquaredError(images.image(index), originals.image(index)));
    return errors;
}

double bernoulliFloor(const ImageBatch& images) {
    assert(images.count > 0);
    std::array<std::int64_t, 256> histogram{};
    for (const auto grey : images.pixels) ++histogram[grey];
    double sum = 0;
    for (std::size_t grey = 1; grey < 255; ++grey) {  // black and white have no entropy
        const double p = static_cast<double>(grey) / kWhite;
        sum -= static_cast<double>(histogram[grey]) * (p * std::log(p) + (1 - p) * std::log1p(-p));
    }
    return sum / images.count;
}

}  // namespace zwei
