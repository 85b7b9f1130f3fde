// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/types/page.h"

namespace zwei {

/// Writes digits [n, 28, 28] in the place of the n that were found on a page, at its full size and in the colours of
/// its own ink and paper. The paper where the old ink was is the median around it; where there was and comes no ink,
/// the page stays as it is.
void putBack(ColourPage& page, const NormalisedPage& found, const ImageBatch& digits);

}  // namespace zwei
