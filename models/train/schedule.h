// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "models/types/recipe.h"

namespace zwei {

/// The learning rate at batch `step` of `steps`. One-cycle (Smith and Topin, 2018): from peak / 25 up to the peak over
/// the first tenth and down to nearly nothing, both along a cosine.
double learningRateAt(Schedule schedule, double peak, std::int64_t step, std::int64_t steps);

}  // namespace zwei
