// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace zwei::kernels {

/// The sum over i of (s - t)^2 with s = 1 / (1 + exp(-logits[i])), t = targets[i]; in one pass with `gradient`[i] =
/// 2 (s - t) s (1 - s) * scale, its derivative by the logit.
double squaredError(const float* logits, const float* targets, float* gradient, std::size_t count, float scale);

}  // namespace zwei::kernels
