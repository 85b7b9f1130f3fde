// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/types/image.h"

namespace zwei {

/// Indices of the `count` images that are nearest to one in their pixels (squared differences), nearest first; of all
/// where there are fewer. They have the size of the one.
std::vector<int> nearestImages(const ImageBatch& known, std::span<const std::uint8_t> image, int count);

/// The class of an image by the 5 nearest of labelled ones; of a tie, the class of the nearest.
int nearestClass(const LabelledImages& known, std::span<const std::uint8_t> image);

}  // namespace zwei
