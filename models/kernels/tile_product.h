// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/kernels/matrix_product.h"

namespace zwei::kernels {

/// Has this processor a unit for products of whole tiles (Intel's AMX, with bfloat16), and may this process use it?
bool hasTiles();

/// `multiply` by that unit, where it is there, as exact as with 32-bit numbers: each of these is taken as the sum of
/// three of bfloat16, as which its 24 bits are, and of the nine products of two such sums the six that matter are
/// summed up in 32 bits (Henry, Tang and Heinecke, 2019, "Leveraging the bfloat16 Artificial Intelligence Datatype For
/// Higher-Precision Computations"). Where a number is not finite, what it contributes to is not a number.
void multiplyTiles(const Matrix& a, const Matrix& b, const ProductShape& shape, float* product, std::size_t stride,
                   const float* bias);

}  // namespace zwei::kernels
