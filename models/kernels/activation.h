// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

#include "models/types/recipe.h"

namespace zwei::kernels {

/// Columns [first, end) of the values of a layer, [rows, width], whose rows are `stride` numbers apart.
struct Columns {
    std::size_t rows;
    std::size_t stride;
    std::size_t first;
    std::size_t end;
};

/// values = f(x) for `count` numbers, with the exact GELU x Phi(x) to 2e-7 |x|, or ReLU. `slopes` takes f', and may be
/// null; `values` may be `x`.
void activate(const float* x, float* values, float* slopes, std::size_t count, Activation activation);
/// The same in place. `slopes` lies as `values` does.
void activate(float* values, float* slopes, const Columns& columns, Activation activation);

/// scaled = gradient * slopes, all of which lie alike, and biasGradient = the sum of that over all rows. `scaled` may
/// be `gradient`. Where `slopes` is null there is no activation, and `scaled` is left alone.
void backThroughActivation(const float* gradient, const float* slopes, float* scaled, float* biasGradient,
                           const Columns& columns);
/// The same for ReLU, whose slopes the `values` that came out of it tell.
void backThroughRelu(const float* values, float* gradient, float* biasGradient, const Columns& columns);

}  // namespace zwei::kernels
