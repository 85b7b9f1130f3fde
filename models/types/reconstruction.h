// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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

}  // namespace zwei
