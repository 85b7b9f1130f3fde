// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdlib>
#include <numeric>
#include <vector>

#include "models/types/snapshot.h"

namespace zwei {

/// The images at `indices`, in that order.
inline ImageBatch selectImages(const ImageBatch& images, const std::vector<int>& indices) {
    ImageBatch selected{static_cast<int>(indices.size()), images.height, images.width, {}};
    selected.pixels.reserve(indices.size() * images.imageSize());
    for (const int index : indices) {
        const auto image = images.image(index);
        selected.pixels.insert(selected.pixels.end(), image.begin(), image.end());
    }
    return selected;
}

/// 0, 1, ... up to `count`, or to `available` where there are fewer.
inline std::vector<int> firstIndices(int count, int available) {
    std::vector<int> indices(static_cast<std::size_t>(count < available ? count : available));
    std::iota(indices.begin(), indices.end(), 0);
    return indices;
}

/// Inputs beside outputs of the same number and size, with their absolute differences.
inline ReconstructionSnapshot compareImages(ImageBatch inputs, ImageBatch outputs, std::vector<int> indices) {
    ImageBatch differences = inputs;
    for (std::size_t i = 0; i < differences.pixels.size(); ++i)
        differences.pixels[i] = static_cast<std::uint8_t>(std::abs(inputs.pixels[i] - outputs.pixels[i]));
    return {std::move(inputs), std::move(outputs), std::move(differences), std::move(indices)};
}

}  // namespace zwei
