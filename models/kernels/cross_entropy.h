// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "models/kernels/outputs.h"

namespace zwei::kernels {

/// The sum of -(t log s + (1 - t) log(1 - s)) with s = 1 / (1 + exp(-logit)), t the target in [0, 1]; in one pass with
/// the gradient (s - t) * scale, unless that is null; it may take the logits' place.
double crossEntropy(const Outputs& outputs, const Targets<float>& targets, float scale);
double crossEntropy(const Outputs& outputs, const Targets<std::uint8_t>& targets, float scale);

}  // namespace zwei::kernels
