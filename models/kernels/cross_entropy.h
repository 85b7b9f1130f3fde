// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace zwei::kernels {

/// The sum over i of -(t log s + (1 - t) log(1 - s)) with s = 1 / (1 + exp(-logits[i])), t = targets[i] in [0, 1]; in
/// one pass with `gradient`[i] = (s - t) * scale, unless that is null.
double crossEntropy(const float* logits, const float* targets, float* gradient, std::size_t count, float scale);

}  // namespace zwei::kernels
