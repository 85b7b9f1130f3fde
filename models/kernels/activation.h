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

/// In place: values = f(values + bias), with the exact GELU x Phi(x) to 2e-7 |x|, or ReLU. `slopes`, which lies as
/// `values` does, takes f' there, and may be null.
void addBiasAndActivate(float* values, const float* bias, float* slopes, const Columns& columns, Activation activation);

/// values = f(x) for `count` numbers. `slopes` takes f', and may be null.
void activate(const float* x, float* values, float* slopes, std::size_t count, Activation activation);

/// values = values + bias
void addBias(float* values, const float* bias, const Columns& columns);

/// scaled = gradient * slopes, all of which lie alike, and biasGradient = the sum of that over all rows. `scaled` may
/// be `gradient`. Where `slopes` is null there is no activation, and `scaled` is left alone.
void backThroughActivation(const float* gradient, const float* slopes, float* scaled, float* biasGradient,
                           const Columns& columns);

}  // namespace zwei::kernels
