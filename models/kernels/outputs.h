// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace zwei::kernels {

/// What came out, and where the gradient of the loss goes: `rows` of `count` values each.
struct Outputs {
    std::size_t rows;
    std::size_t count;
    const float* logits;
    float* gradient;
    std::size_t stride;  ///< from a row of the logits and of the gradient to the next
};

/// What was to come out: rows of numbers in [0, 1], or of greys in 255ths.
template <typename Value>
struct Targets {
    const Value* data;
    std::size_t stride;
};

}  // namespace zwei::kernels
