// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

#include "models/types/recipe.h"

namespace zwei::kernels {

/// Rows of a layer's values, [rows, width] one after the other.
struct RowRange {
    std::size_t first;
    std::size_t end;
};

/// In place: values = f(values + bias) on these rows, with the exact GELU x Phi(x) to 2e-7 |x|, or ReLU. `slopes`, of
/// the same shape, takes f' there, and may be null.
void addBiasAndActivate(float* values, const float* bias, float* slopes, std::size_t width, RowRange rows,
                        Activation activation);

/// values = f(x) for `count` numbers. `slopes` takes f', and may be null.
void activate(const float* x, float* values, float* slopes, std::size_t count, Activation activation);

/// values = values + bias
void addBias(float* values, const float* bias, std::size_t width, RowRange rows);

/// Of the columns [first, end): scaled = gradient * slopes, and biasGradient = the sum of that over all `rows`. Where
/// `slopes` is null there is no activation, and `scaled` is left alone.
void backThroughActivation(const float* gradient, const float* slopes, float* scaled, float* biasGradient,
                           std::size_t rows, std::size_t width, std::size_t first, std::size_t end);

}  // namespace zwei::kernels
