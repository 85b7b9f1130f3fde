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

/// A parameter and its moments, where they lie in memory.
struct ParameterMemory {
    float* values;
    float* first;
    float* second;

    ParameterMemory from(std::size_t at) const { return {values + at, first + at, second + at}; }
};

/// In one pass over `count` values: first = beta1 first + (1 - beta1) g, second = beta2 second + (1 - beta2) g^2,
/// value -= rate first / (correction sqrt(second) + epsilon). Meanwhile the memory of the values at `next` is asked
/// for, whose turn is next.
void adam(const ParameterMemory& parameter, const float* gradient, std::size_t count, const AdamStep& step,
          const float* next = nullptr);

}  // namespace zwei::kernels
