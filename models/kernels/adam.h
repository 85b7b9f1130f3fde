// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace zwei::kernels {

/// What Adam's step (Kingma and Ba, 2015, algorithm 1) takes, with the bias corrections of step t put in.
struct AdamStep {
    float beta1;
    float beta2;
    float rate;        ///< learning rate / (1 - beta1^t)
    float correction;  ///< 1 / sqrt(1 - beta2^t)
    float epsilon;
};

/// In one pass over `count` values: first = beta1 first + (1 - beta1) g, second = beta2 second + (1 - beta2) g^2,
/// value -= rate first / (correction sqrt(second) + epsilon).
void adam(float* values, const float* gradient, float* first, float* second, std::size_t count, const AdamStep& step);

}  // namespace zwei::kernels
