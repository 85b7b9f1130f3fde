// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace zwei::kernels {

/// A matrix as it lies in memory: element (i, j) is data[i * down + j * across].
struct Matrix {
    const float* data;
    std::size_t down;
    std::size_t across;

    /// From this row and column on.
    Matrix from(std::size_t row, std::size_t column) const {
        return {data + row * down + column * across, down, across};
    }
    Matrix transposed() const { return {data, across, down}; }
};

struct ProductShape {
    std::size_t rows;
    std::size_t columns;
    std::size_t depth;
};

/// product[i * stride + j] = bias[j] + the sum over k of a(i, k) b(k, j), in the calling thread alone. Of `b` either
/// `down` or `across` is 1; without a `bias` it is 0. The order of the sum is that of k, whichever part of the columns
/// or rows is asked for.
void multiply(const Matrix& a, const Matrix& b, const ProductShape& shape, float* product, std::size_t stride,
              const float* bias = nullptr);

/// The same without tiles (see `usesTiles`): faster where there are only a few rows.
void multiplyVectors(const Matrix& a, const Matrix& b, const ProductShape& shape, float* product, std::size_t stride,
                     const float* bias = nullptr);

/// Numbers of a row that `multiplyPicked` makes.
constexpr std::size_t kPicked = 16;

/// product[i * kPicked + j] = the sum over k of a(rows[i], k) b(k, columns[j]), for up to kPicked columns, which lie
/// column by column, as a lies row by row (a.across and b.down are 1); what is beyond them means nothing. The sums are
/// those of `multiplyVectors` to the bit.
void multiplyPicked(const Matrix& a, std::span<const std::uint32_t> rows, const Matrix& b,
                    std::span<const std::uint32_t> columns, std::size_t depth, float* product);

/// to[j * stride + i] = from[i * fromStride + j] for so many rows and columns of `from`.
void transpose(const float* from, std::size_t fromStride, std::size_t rows, std::size_t columns, float* to,
               std::size_t stride);

/// Does `multiply` take a processor's unit for tiles? See `instructionSet`.
bool usesTiles();

/// With each call `multiply` lays b out anew: so many rows of a product are worth one.
std::size_t rowsAtOnce();

}  // namespace zwei::kernels
