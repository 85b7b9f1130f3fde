// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "models/kernels/range.h"

namespace zwei::kernels {

/// A matrix of which most values are 0, such as images of digits: compressed rows, cut into blocks of columns, so
/// that the part of the other matrix that a block is multiplied with stays in the first-level cache. What is done a
/// block or for a range of columns may be done by several threads at once.
class SparseRows {
public:
    static constexpr std::size_t kBlock = 96;

    /// Is a product with a matrix of this shape worth a look at how many of its values are 0?
    static bool mayPay(std::size_t rows, std::size_t columns);
    /// Is it faster than a dense one where so many of `count` values are not 0?
    static bool pays(std::size_t nonZero, std::size_t count);

    SparseRows(std::size_t rows, std::size_t columns);

    std::size_t rows() const { return m_rows; }
    std::size_t columns() const { return m_columns; }
    std::size_t blocks() const { return (m_columns + kBlock - 1) / kBlock; }

    /// Takes the columns of this block of a dense matrix [rows, columns], whose rows are `stride` numbers apart.
    void compress(const float* dense, std::size_t stride, std::size_t block);
    /// Takes these columns of the transpose of `other`, which is complete.
    void transpose(const SparseRows& other, std::size_t block);

    /// These rows and columns of this matrix times `dense` [columns, width], row-major. Row `rows.first` of the product
    /// is at `product`, and the next ones are `stride` numbers apart; its columns are those of `dense`.
    void times(const float* dense, std::size_t width, float* product, std::size_t stride, Range rows,
               Range columns) const;

private:
    struct Entry {
        std::uint32_t column;  // within its block
        float value;
    };

    std::size_t capacity() const { return m_rows * kBlock; }  // of a block
    Entry* entries(std::size_t block) const { return m_entries.get() + block * capacity(); }
    std::uint32_t* starts(std::size_t block) const { return m_starts.get() + block * (m_rows + 1); }

    std::size_t m_rows;
    std::size_t m_columns;
    std::unique_ptr<Entry[]> m_entries;         // [blocks, capacity], a block's row by row
    std::unique_ptr<std::uint32_t[]> m_starts;  // [blocks, rows + 1] of a row's entries
};

/// How many of these values are not 0.
std::size_t countNonZero(const float* values, std::size_t count);

}  // namespace zwei::kernels
