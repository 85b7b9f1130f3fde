// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/drawing/smooth_image.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "models/types/ink.h"
#include "models/types/vectorised.h"
#include "widgets/drawing/ink_image.h"
#include "widgets/drawing/theme.h"

namespace zwei {
namespace {

/// The four source pixels a target pixel is mixed from.
struct Taps {
    std::array<int, 4> index;
    std::array<float, 4> weight;
};

float keys(float distance) {
    const float d = std::abs(distance);
    if (d < 1) return (1.5F * d - 2.5F) * d * d + 1;
    if (d < 2) return ((-0.5F * d + 2.5F) * d - 4) * d + 2;
    return 0;
}

std::vector<Taps> tapsFor(int source, int target) {
    std::vector<Taps> taps(static_cast<std::size_t>(target));
    for (int i = 0; i < target; ++i) {
        const float centre =
            (static_cast<float>(i) + 0.5F) * static_cast<float>(source) / static_cast<float>(target) - 0.5F;
        const int first = static_cast<int>(std::floor(centre)) - 1;
        for (int k = 0; k < 4; ++k) {
            auto& tap = taps[static_cast<std::size_t>(i)];
            tap.index[static_cast<std::size_t>(k)] = std::clamp(first + k, 0, source - 1);
            tap.weight[static_cast<std::size_t>(k)] = keys(centre - static_cast<float>(first + k));
        }
    }
    return taps;
}

float mix(const Taps& taps, const std::uint8_t* values) {
    float sum = 0;
    for (std::size_t k = 0; k < 4; ++k)
        sum += taps.weight[k] * static_cast<float>(values[static_cast<std::size_t>(taps.index[k])]);
    return sum;
}

/// mixed[x] = a mix of four rows of `width` values, as a grey level: a loop over numbers that lie side by side.
ZWEI_VECTORISED void mixRows(const Taps& taps, const std::vector<float>& rows, std::size_t width, int* mixed) {
    const auto row = [&](std::size_t k) { return rows.data() + static_cast<std::size_t>(taps.index[k]) * width; };
    const auto [a, b, c, d] = std::array{row(0), row(1), row(2), row(3)};
    const auto [p, q, r, s] = taps.weight;
    for (std::size_t x = 0; x < width; ++x) {
        const float grey = p * a[x] + q * b[x] + r * c[x] + s * d[x] + 0.5F;
        mixed[x] = static_cast<int>(grey < 0 ? 0.F : grey > 255 ? 255.F : grey);
    }
}

}  // namespace

QImage smoothInkImage(const ImageBatch& images, int index, int width, int height, const QColor& ink) {
    if (width < images.width || height < images.height)
        return inkImage(images, index, ink).scaled(width, height, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);

    const auto columns = tapsFor(images.width, width);
    const auto rows = tapsFor(images.height, height);
    const auto* source = images.image(index).data();
    const auto sourceWidth = static_cast<std::size_t>(images.width);
    const auto targetWidth = static_cast<std::size_t>(width);

    std::vector<float> widened(targetWidth * static_cast<std::size_t>(images.height));  // [source height, target width]
    for (std::size_t y = 0; y < static_cast<std::size_t>(images.height); ++y)
        for (std::size_t x = 0; x < targetWidth; ++x)
            widened[y * targetWidth + x] = mix(columns[x], source + y * sourceWidth);

    const auto table = inkTable(Theme::current().card.rgb() & 0xffffffu, ink.rgb() & 0xffffffu);
    QImage image(width, height, QImage::Format_RGB32);
    std::vector<int> greys(targetWidth);
    for (int y = 0; y < height; ++y) {
        mixRows(rows[static_cast<std::size_t>(y)], widened, targetWidth, greys.data());
        auto* line = reinterpret_cast<std::uint32_t*>(image.scanLine(y));
        for (std::size_t x = 0; x < targetWidth; ++x) line[x] = table[static_cast<std::size_t>(greys[x])];
    }
    return image;
}

}  // namespace zwei
