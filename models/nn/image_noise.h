// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "models/types/image.h"
#include "models/types/noise.h"

namespace zwei {

/// Images of 28 x 28 with noise on them; the same seed gives the same noise.
ImageBatch withNoise(const ImageBatch& clean, const Noise& noise, std::uint64_t seed);

}  // namespace zwei
