// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace zwei {

inline constexpr int kImageSide = 28;
inline constexpr int kImagePixels = kImageSide * kImageSide;
inline constexpr int kClasses = 10;

/// Grey images of one size, one after the other, row by row: a uint8 tensor [count, height, width].
/// 0 is paper and 255 is ink, as in MNIST.
struct ImageBatch {
    int count = 0;
    int height = kImageSide;
    int width = kImageSide;
    std::vector<std::uint8_t> pixels;

    std::size_t imageSize() const { return static_cast<std::size_t>(height) * static_cast<std::size_t>(width); }

    /// The pixels of image `index`, which is in [0, count).
    std::span<const std::uint8_t> image(int index) const {
        return std::span(pixels).subspan(static_cast<std::size_t>(index) * imageSize(), imageSize());
    }
};

/// Images and, where they are known, their classes. Labels only ever colour and count: nothing learns from them here.
struct LabelledImages {
    ImageBatch images;
    std::vector<std::uint8_t> labels;  ///< one an image, in [0, 10); empty where the images are unlabelled

    bool isLabelled() const { return !labels.empty(); }
};

}  // namespace zwei
