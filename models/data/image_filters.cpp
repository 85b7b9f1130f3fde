// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/data/image_filters.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <numbers>

namespace zwei {
namespace {

ImageBatch blankImages(int count, int height, int width) {
    ImageBatch images{count, height, width, {}};
    images.pixels.resize(static_cast<std::size_t>(count) * images.imageSize());
    return images;
}

/// The pixels that one enlarged pixel is made of, along a row or a column.
struct Taps {
    std::size_t first = 0;
    std::vector<double> weights;
};

constexpr double kBicubicReach = 2;
constexpr double kLanczosReach = 3;

double bicubic(double x) {
    constexpr double kA = -0.5;
    x = std::abs(x);
    if (x < 1) return ((kA + 2) * x - (kA + 3)) * x * x + 1;
    if (x < kBicubicReach) return (((x - 5) * x + 8) * x - 4) * kA;
    return 0;
}

double sinc(double x) { return x == 0 ? 1 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x); }

double lanczos(double x) { return std::abs(x) < kLanczosReach ? sinc(x) * sinc(x / kLanczosReach) : 0; }

/// The taps of each of the `side` * `factor` pixels of an enlarged row of `side` pixels.
std::vector<Taps> enlargingTaps(int side, int factor, EnlargeFilter filter) {
    const bool isBicubic = filter == EnlargeFilter::Bicubic;
    const double reach = isBicubic ? kBicubicReach : kLanczosReach;
    std::vector<Taps> taps(static_cast<std::size_t>(side * factor));
    for (std::size_t i = 0; i < taps.size(); ++i) {
        const double centre = (static_cast<double>(i) + 0.5) / factor;
        const int first = std::max(0, static_cast<int>(std::ceil(centre - reach - 0.5)));
        const int last = std::min(side - 1, static_cast<int>(std::floor(centre + reach - 0.5)));
        taps[i].first = static_cast<std::size_t>(first);
        double sum = 0;
        for (int pixel = first; pixel <= last; ++pixel) {
            const double distance = pixel + 0.5 - centre;
            taps[i].weights.push_back(isBicubic ? bicubic(distance) : lanczos(distance));
            sum += taps[i].weights.back();
        }
        for (double& weight : taps[i].weights) weight /= sum;
    }
    return taps;
}

/// Filters each row of [rows, width] and puts what it gives into a column: [taps, rows].
template <class Pixel>
void filterAndTranspose(const Pixel* source, std::size_t width, std::size_t rows, const std::vector<Taps>& taps,
                        std::vector<double>& result) {
    result.resize(taps.size() * rows);
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t i = 0; i < taps.size(); ++i) {
            const Pixel* pixel = source + row * width + taps[i].first;
            double sum = 0;
            for (const double weight : taps[i].weights) sum += weight * static_cast<double>(*pixel++);
            result[i * rows + row] = sum;
        }
}

std::uint8_t median(std::uint8_t a, std::uint8_t b, std::uint8_t c) {
    return std::max(std::min(a, b), std::min(std::max(a, b), c));
}

/// The median of nine values: that of the largest minimum, the median of the medians and the least maximum of any three
/// threes of them. No branch depends on a grey value, which is what makes it quick.
std::uint8_t median(const std::array<std::uint8_t, 9>& v) {
    const auto largestMinimum = std::max({std::min({v[0], v[1], v[2]}), std::min({v[3], v[4], v[5]}),  //
                                          std::min({v[6], v[7], v[8]})});
    const auto leastMaximum = std::min({std::max({v[0], v[1], v[2]}), std::max({v[3], v[4], v[5]}),  //
                                        std::max({v[6], v[7], v[8]})});
    const auto middle = median(median(v[0], v[1], v[2]), median(v[3], v[4], v[5]), median(v[6], v[7], v[8]));
    return median(largestMinimum, middle, leastMaximum);
}

}  // namespace

ImageBatch shrink(const ImageBatch& images, int factor) {
    assert(images.height % factor == 0 && images.width % factor == 0);
    auto result = blankImages(images.count, images.height / factor, images.width / factor);
    const int area = factor * factor;
    const auto width = static_cast<std::size_t>(images.width);
    const auto step = static_cast<std::size_t>(factor);
    auto target = result.pixels.begin();
    // All images lie one under the other, so that they are one tall image here.
    for (auto row = images.pixels.begin(); row != images.pixels.end(); row += static_cast<std::ptrdiff_t>(step * width))
        for (std::size_t x = 0; x < width; x += step) {
            int sum = 0;
            for (std::size_t i = 0; i < step * step; ++i)
                sum += row[static_cast<std::ptrdiff_t>(i / step * width + x + i % step)];
            *target++ = static_cast<std::uint8_t>((sum + area / 2) / area);
        }
    return result;
}

ImageBatch repeatPixels(const ImageBatch& small, int factor) {
    auto result = blankImages(small.count, small.height * factor, small.width * factor);
    const auto times = static_cast<std::size_t>(factor);
    const auto width = static_cast<std::size_t>(result.width);
    for (std::size_t i = 0; i < result.pixels.size(); ++i) {
        const std::size_t row = i / width;
        const std::size_t column = i % width;
        result.pixels[i] = small.pixels[row / times * (width / times) + column / times];
    }
    return result;
}

ImageBatch enlarge(const ImageBatch& small, int factor, EnlargeFilter filter) {
    auto result = blankImages(small.count, small.height * factor, small.width * factor);
    const auto across = enlargingTaps(small.width, factor, filter);
    const auto down = enlargingTaps(small.height, factor, filter);
    const auto height = static_cast<std::size_t>(small.height);
    const auto width = static_cast<std::size_t>(small.width);
    std::vector<double> columns;  // [width * factor, height]
    std::vector<double> grey;     // [height * factor, width * factor]
    auto target = result.pixels.begin();
    for (int index = 0; index < small.count; ++index) {
        filterAndTranspose(small.image(index).data(), width, height, across, columns);
        filterAndTranspose(columns.data(), height, across.size(), down, grey);
        target = std::transform(grey.begin(), grey.end(), target, [](double value) {
            return static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0) + 0.5);
        });
    }
    return result;
}

ImageBatch medianFilter3x3(const ImageBatch& images) {
    auto result = blankImages(images.count, images.height, images.width);
    auto target = result.pixels.begin();
    for (int index = 0; index < images.count; ++index) {
        const auto image = images.image(index);
        const auto at = [&](int y, int x) {
            return image[static_cast<std::size_t>(std::clamp(y, 0, images.height - 1) * images.width +
                                                  std::clamp(x, 0, images.width - 1))];
        };
        for (int y = 0; y < images.height; ++y)
            for (int x = 0; x < images.width; ++x)
                *target++ = median({at(y - 1, x - 1), at(y - 1, x), at(y - 1, x + 1),  //
                                    at(y, x - 1), at(y, x), at(y, x + 1),              //
                                    at(y + 1, x - 1), at(y + 1, x), at(y + 1, x + 1)});
    }
    return result;
}

}  // namespace zwei
