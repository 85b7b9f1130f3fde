// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/types/image.h"

namespace zwei {

/// The mean of each square of `factor` x `factor` pixels, to the nearest grey level, halves upwards:
/// [count, height / factor, width / factor]. `factor` divides both sides.
ImageBatch shrink(const ImageBatch& images, int factor);

/// Every pixel as a square of `factor` x `factor`: [count, height * factor, width * factor].
ImageBatch repeatPixels(const ImageBatch& small, int factor);

enum class EnlargeFilter {
    Bicubic,  ///< Keys (1981) with a = -0.5: 4 pixels wide
    Lanczos,  ///< sinc windowed by a sinc, a = 3 (Duchon, 1979): 6 pixels wide
};

/// Interpolates, first along the rows and then along the columns, to [count, height * factor, width * factor]. Pixels
/// are squares whose centres lie at halves; beyond the border there are none, so that the weights of the others add up
/// to 1 there as well. Clipped to [0, 255] and rounded.
ImageBatch enlarge(const ImageBatch& small, int factor, EnlargeFilter filter);

/// The median of the 3 x 3 pixels around each, the border repeated outwards.
ImageBatch medianFilter3x3(const ImageBatch& images);

}  // namespace zwei
