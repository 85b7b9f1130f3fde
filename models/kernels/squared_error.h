// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "models/kernels/outputs.h"

namespace zwei::kernels {

/// The sum of (s - t)^2 with s = 1 / (1 + exp(-logit)), t the target; in one pass with the gradient
/// 2 (s - t) s (1 - s) * scale, its derivative by the logit, which may take the logits' place.
double squaredError(const Outputs& outputs, const Targets<float>& targets, float scale);
double squaredError(const Outputs& outputs, const Targets<std::uint8_t>& targets, float scale);

}  // namespace zwei::kernels
