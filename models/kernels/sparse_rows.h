// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "models/kernels/matrix_product.h"
#include "models/kernels/range.h"

namespace zwei::kernels {

/// A matrix of which many values are 0, such as images of digits, or what ReLU leaves: compressed rows, two together,
/// so that what they are multiplied with is loaded once for both. They are cut into blocks of columns, so that the part
/// of the other matrix that a block is multiplied with stays in the first-level cache. A product has the bits of the
/// dense one, whichever rows are together, where all numbers are finite. What is done for a range may be done by
/// several threads at once.
class SparseRows {
public:
    /// Is it worth a look at how many values of such a matrix are 0?
    static bool mayPay(std::size_t rows, std::size_t columns);

    SparseRows(std::size_t rows, std::size_t columns);

    std::size_t rows() const { return m_rows; }
    std::size_t columns() const { return m_columns; }

    /// Which row is at each place: those at places 2n and 2n + 1 are together, so that each range of places begins with
    /// an even one, and ends with the last or before an even one. At first each row is at its own.
    std::span<const std::uint32_t> order() const { return m_order; }
    bool areInOrder(Range places) const;
    /// Puts the rows at these places in an order by which neighbours have their zeros in common: beginning with the
    /// first, each is followed by the one of those left that is most like it in some columns.
    void arrange(const Matrix& dense, Range places);

    /// Takes the rows at these places from a dense matrix [rows, columns], whose rows are `stride` values apart:
    /// numbers, or greys in 255ths of 1.
    template <typename Value>
    void compress(const Value* dense, std::size_t stride, Range places);
    /// The same from a dense matrix [columns, rows]; the rows must not have been arranged.
    template <typename Value>
    void compressTransposed(const Value* dense, std::size_t stride, Range places);

    /// Once all rows are taken: is a product with it faster than that of a dense matrix?
    bool pays() const;

    /// These columns of the product with `dense` [columns, width], row-major: product[row * stride + column]. Where
    /// there is a `bias` [width], it is added to each row.
    void times(const float* dense, std::size_t width, float* product, std::size_t stride, Range columns,
               const float* bias = nullptr) const;
    /// Of the rows at these places alone, one after the other as they are there.
    void timesInOrder(const float* dense, std::size_t width, float* product, std::size_t stride, Range places,
                      Range columns) const;
    /// It is best asked for a multiple of so many columns.
    static std::size_t columnsAtOnce();

    /// The columns in which any of the rows at these places has a value, in their order; returns how many there are, of
    /// which `columns` takes all that there may be.
    std::size_t columnsOf(Range places, std::uint32_t* columns) const;

private:
    /// A column within its block, and where in a panel the row lies that it is multiplied with.
    struct Place {
        std::uint16_t column;
        std::uint16_t offset;  // bytes
    };

    struct Entry {
        Place place;
        float values[2];
    };

    /// Where the entries of a pair of rows lie among those of its block.
    struct Span {
        std::uint32_t first;
        std::uint32_t end;
    };

    /// In which of some columns a row is not 0.
    static constexpr std::size_t kMarks = 128;
    struct Marks {
        std::uint32_t row;
        std::uint64_t words[kMarks / 64];
    };

    /// What a product is made of, and where it goes.
    struct Product {
        const float* dense;
        std::size_t width;
        const float* bias;
        float* to;
        std::size_t stride;
        Range places;
        const std::uint32_t* rows;  // of `to`, of the row at each of these places
    };

    static void chain(std::span<Marks> all);
    void multiply(const Product& product, Range columns) const;
    template <int lanes>
    void multiplyBy(const Product& product, Range columns) const;
    template <int lanes, int vectors>
    void multiplyStrip(const Product& product, Range columns) const;

    /// Both numbers in one multiplication.
    Place placeOf(std::uint32_t column) const { return std::bit_cast<Place>(column * m_placeOfOne); }
    std::size_t pairs() const { return (m_rows + 1) / 2; }
    std::size_t blocks() const { return (m_columns + m_block - 1) / m_block; }
    std::size_t capacity() const { return pairs() * m_block; }  // of a block
    Entry* entries(std::size_t block) const { return m_entries.get() + block * capacity(); }
    Span* spans(std::size_t block) const { return m_spans.get() + block * pairs(); }

    std::size_t m_rows;
    std::size_t m_columns;
    std::size_t m_block;                  // columns
    std::uint32_t m_placeOfOne;           // of column 1, as one number
    std::vector<std::uint32_t> m_order;   // [rows]
    std::vector<std::uint32_t> m_places;  // [rows]: 0, 1, 2, ...
    std::vector<Marks> m_marks;           // [rows], by which they are arranged
    std::unique_ptr<Entry[]> m_entries;   // [blocks, capacity], a block's pair by pair
    std::unique_ptr<Span[]> m_spans;      // [blocks, pairs]
};

/// How many of these values are not 0.
std::size_t countNonZero(const float* values, std::size_t count);

}  // namespace zwei::kernels
