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
    /// Is a product with a matrix of this shape worth a look at how many of its values are 0?
    static bool mayPay(std::size_t rows, std::size_t columns);
    /// Is it faster than a dense one where so many of `count` values are not 0?
    static bool pays(std::size_t nonZero, std::size_t count);

    SparseRows(std::size_t rows, std::size_t columns);

    std::size_t rows() const { return m_rows; }
    std::size_t columns() const { return m_columns; }
    std::size_t blocks() const { return (m_columns + m_block - 1) / m_block; }

    /// Takes these rows of a dense matrix [rows, columns], whose rows are `stride` values apart: numbers, or greys in
    /// 255ths of 1. Returns how many of them are not 0.
    std::size_t compress(const float* dense, std::size_t stride, Range rows);
    std::size_t compress(const std::uint8_t* dense, std::size_t stride, Range rows);
    /// Takes these columns of the transpose of `other`, which is complete.
    void transpose(const SparseRows& other, std::size_t block);

    /// These rows and columns of this matrix times `dense` [columns, width], row-major. Row `rows.first` of the product
    /// is at `product`, and the next ones are `stride` numbers apart; its columns are those of `dense`. Where there is
    /// a `bias` [width], it is added to each row.
    void times(const float* dense, std::size_t width, float* product, std::size_t stride, Range rows, Range columns,
               const float* bias = nullptr) const;

private:
    struct Entry {
        std::uint32_t column;  // within its block
        float value;
    };

    /// Where the entries of a row lie among those of its block.
    struct Span {
        std::uint32_t first;
        std::uint32_t end;
    };

    template <typename Value>
    std::size_t compressRows(const Value* dense, std::size_t stride, Range rows);

    std::size_t capacity() const { return m_rows * m_block; }  // of a block
    Entry* entries(std::size_t block) const { return m_entries.get() + block * capacity(); }
    Span* spans(std::size_t block) const { return m_spans.get() + block * m_rows; }

    std::size_t m_rows;
    std::size_t m_columns;
    std::size_t m_block;                 // columns
    std::unique_ptr<Entry[]> m_entries;  // [blocks, capacity], a block's row by row
    std::unique_ptr<Span[]> m_spans;     // [blocks, rows]
};

/// How many of these values are not 0.
std::size_t countNonZero(const float* values, std::size_t count);

}  // namespace zwei::kernels
