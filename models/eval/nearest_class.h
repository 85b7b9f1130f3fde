// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>

#include "models/types/image.h"

namespace zwei {

/// The class of one image by the 5 labelled images that are nearest to it in their pixels (squared differences); of a
/// tie, the class of the nearest. `known` is labelled, and its images have the size of the one.
int nearestClass(const LabelledImages& known, std::span<const std::uint8_t> image);

}  // namespace zwei
