// SPDX-License-Identifier: GPL-3.0-or-later
//
// A product as Goto and van de Geijn (2008) make it: a panel of b, a few vectors wide, is laid into the first-level
// cache and multiplied with all rows of a, some rows at a time, whose sums stay in registers.
#include "models/kernels/matrix_product.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "models/kernels/coming.h"
#include "models/kernels/instruction_set.h"
#include "models/kernels/tile_product.h"

namespace zwei::kernels {
namespace {

constexpr std::size_t kDepth = 256;  // of a panel

/// So many rows of a at a time, and one or two vectors of b: the sums just fit into the registers.
template <int lanes>
struct Tile {
    using Vector [[gnu::vector_size(lanes * sizeof(float))]] = float;
    static constexpr std::size_t kLanes = lanes;
    static constexpr std::size_t kRows = lanes == 16 ? 14 : lanes == 8 ? 6 : 4;
};

/// Rows of b, one after the other and so many vectors wide.
struct Panel {
    const float* data;
    std::size_t depth;
};

/// The panel after that of depth k, in the same strip of `columns` or at the start of the next.
[[gnu::always_inline]] inline Coming comingAfter(const Matrix& b, std::size_t wholeDepth, std::size_t k,
                                                 std::size_t columns) {
    const bool isNext = k + kDepth < wholeDepth;
    const auto next = isNext ? b.from(k + kDepth, 0) : b.from(0, columns);
    return {next, std::min(kDepth, isNext ? wholeDepth - k - kDepth : wholeDepth), columns};
}

/// A part of the product, and what each of its rows begins with; or else they go on from what they are.
struct Sums {
    float* data;
    std::size_t stride;
    const float* start;

    Sums from(std::size_t row) const { return {data + row * stride, stride, start}; }
};

/// Walks along rows of a that are one below the other.
struct RowsBelow {
    const float* data;
    std::size_t down;
    std::size_t across;

    [[gnu::always_inline]] float at(int row) const { return data[row * down]; }
    [[gnu::always_inline]] void next() { data += across; }
};

/// Walks along any `count` rows of a.
template <int count>
struct PickedRows {
    const float* rows[count];
    std::size_t column = 0;

    [[gnu::always_inline]] float at(int row) const { return rows[row][column]; }
    [[gnu::always_inline]] void next() { ++column; }
};

/// `count` rows of the sums += as many rows of a times the panel.
template <typename T, int vectors, int count, typename Rows>
[[gnu::always_inline]] inline void multiplyRows(Rows a, const Panel& panel, const Sums& sums) {
    using Vector = typename T::Vector;
    constexpr bool hasRight = vectors == 2;
    Vector left[count];
    Vector right[count];
#pragma GCC unroll 16
    for (int row = 0; row < count; ++row) {
        const float* start = sums.start ? sums.start : sums.data + row * sums.stride;
        std::memcpy(&left[row], start, sizeof(Vector));
        right[row] = Vector{};
        if constexpr (hasRight) std::memcpy(&right[row], start + T::kLanes, sizeof(Vector));
    }
    const float* with = panel.data;
    for (std::size_t k = 0; k < panel.depth; ++k, a.next(), with += vectors * T::kLanes) {
        Vector b, c{};
        std::memcpy(&b, with, sizeof b);
        if constexpr (hasRight) std::memcpy(&c, with + T::kLanes, sizeof c);
#pragma GCC unroll 16
        for (int row = 0; row < count; ++row) {
            const float value = a.at(row);
            left[row] += value * b;
            if constexpr (hasRight) right[row] += value * c;
        }
    }
#pragma GCC unroll 16
    for (int row = 0; row < count; ++row) {
        float* const to = sums.data + row * sums.stride;
        std::memcpy(to, &left[row], sizeof(Vector));
        if constexpr (hasRight) std::memcpy(to + T::kLanes, &right[row], sizeof(Vector));
    }
}

/// work(number) with a number that is known only now, from 1 to `most`.
template <int most, typename Work>
[[gnu::always_inline]] inline void withNumber(std::size_t number, const Work& work) {
    if (number == most)
        work(std::integral_constant<int, most>());
    else if constexpr (most > 1)
        withNumber<most - 1>(number, work);
}

/// multiplyRows for a number of rows that is known only now, 1 to T::kRows.
template <typename T, int vectors>
[[gnu::always_inline]] inline void multiplySome(std::size_t rows, const Matrix& a, const Panel& panel,
                                                const Sums& sums) {
    withNumber<T::kRows>(
        rows, [&](auto count) __attribute__((always_inline)) {
            multiplyRows<T, vectors, count()>(RowsBelow{a.data, a.down, a.across}, panel, sums);
        });
}

/// All rows, in tiles that are as equal as can be; meanwhile what comes next is fetched.
template <typename T, int vectors>
[[gnu::always_inline]] inline void multiplyAll(std::size_t rows, const Matrix& a, const Panel& panel, const Sums& sums,
                                               const Coming& coming) {
    const std::size_t tiles = (rows + T::kRows - 1) / T::kRows;
    for (std::size_t tile = 0, row = 0; tile < tiles; ++tile) {
        const std::size_t end = rows * (tile + 1) / tiles;
        coming.fetch<2>(tile, tiles);
        multiplySome<T, vectors>(end - row, a.from(row, 0), panel, sums.from(row));
        row = end;
    }
}

/// A square of 4 x 4 numbers, turned in registers.
[[gnu::always_inline]] inline void turn(const float* const (&from)[4], std::size_t at, float* to, std::size_t width) {
    using Four [[gnu::vector_size(4 * sizeof(float))]] = float;
    Four rows[4];
    for (std::size_t i = 0; i < 4; ++i) std::memcpy(&rows[i], from[i] + at, sizeof(Four));
    const Four low = __builtin_shufflevector(rows[0], rows[1], 0, 4, 1, 5);
    const Four high = __builtin_shufflevector(rows[0], rows[1], 2, 6, 3, 7);
    const Four lowNext = __builtin_shufflevector(rows[2], rows[3], 0, 4, 1, 5);
    const Four highNext = __builtin_shufflevector(rows[2], rows[3], 2, 6, 3, 7);
    const Four turned[4] = {
        __builtin_shufflevector(low, lowNext, 0, 1, 4, 5), __builtin_shufflevector(low, lowNext, 2, 3, 6, 7),
        __builtin_shufflevector(high, highNext, 0, 1, 4, 5), __builtin_shufflevector(high, highNext, 2, 3, 6, 7)};
    for (std::size_t i = 0; i < 4; ++i) std::memcpy(to + i * width, &turned[i], sizeof(Four));
}

/// Four columns of a panel, whose numbers lie one after the other.
template <std::size_t width>
[[gnu::always_inline]] inline void layFour(const float* const (&columns)[4], std::size_t depth, float* panel) {
    const std::size_t whole = depth / 4 * 4;
    for (std::size_t k = 0; k < whole; k += 4) turn(columns, k, panel + k * width, width);
    for (std::size_t k = whole; k < depth; ++k)
        for (std::size_t i = 0; i < 4; ++i) panel[k * width + i] = columns[i][k];
}

/// panel[k * width + j] = b(k, j), and 0 beyond the columns.
template <std::size_t width>
[[gnu::always_inline]] inline void takePanel(const Matrix& b, std::size_t depth, std::size_t columns, float* panel) {
    if (columns < width) {
        for (std::size_t k = 0; k < depth; ++k)
            for (std::size_t j = 0; j < width; ++j)
                panel[k * width + j] = j < columns ? b.data[k * b.down + j * b.across] : 0.F;
    } else if (b.across == 1) {
        for (std::size_t k = 0; k < depth; ++k)
            std::memcpy(panel + k * width, b.data + k * b.down, width * sizeof(float));
    } else {
        for (std::size_t j = 0; j < width; j += 4) {
            const float* const four = b.data + j * b.across;
            layFour<width>({four, four + b.across, four + 2 * b.across, four + 3 * b.across}, depth, panel + j);
        }
    }
}

/// What is narrower than a vector goes through a place that is not.
template <typename T>
[[gnu::always_inline]] inline void multiplyNarrow(std::size_t rows, std::size_t columns, const Matrix& a,
                                                  const Panel& panel, const Sums& sums) {
    alignas(64) float wide[T::kRows * T::kLanes] = {};
    for (std::size_t row = 0; row < rows; row += T::kRows) {
        const std::size_t count = std::min(T::kRows, rows - row);
        const auto own = sums.from(row);
        for (std::size_t i = 0; i < count; ++i)
            std::copy_n(own.start ? own.start : own.data + i * own.stride, columns, wide + i * T::kLanes);
        multiplySome<T, 1>(count, a.from(row, 0), panel, {wide, T::kLanes, nullptr});
        for (std::size_t i = 0; i < count; ++i) std::copy_n(wide + i * T::kLanes, columns, own.data + i * own.stride);
    }
}

/// A strip of the product, `columns` wide: `vectors` of them, or less than one.
template <typename T, int vectors>
[[gnu::always_inline]] inline void multiplyStrip(const Matrix& a, const Matrix& b, const ProductShape& shape,
                                                 std::size_t columns, float* product, std::size_t stride,
                                                 const float* bias) {
    constexpr std::size_t kWidth = vectors * T::kLanes;
    alignas(64) float panel[kDepth * kWidth];
    float start[kWidth] = {};
    if (bias) std::copy_n(bias, columns, start);
    const bool isNarrow = columns < kWidth;
    for (std::size_t k = 0; k < shape.depth; k += kDepth) {
        const std::size_t depth = std::min(kDepth, shape.depth - k);
        takePanel<kWidth>(b.from(k, 0), depth, columns, panel);
        const Sums sums{product, stride, k == 0 ? start : nullptr};
        if (isNarrow)
            multiplyNarrow<T>(shape.rows, columns, a.from(0, k), {panel, depth}, sums);
        else
            multiplyAll<T, vectors>(shape.rows, a.from(0, k), {panel, depth}, sums,
                                    comingAfter(b, shape.depth, k, kWidth));
    }
}

template <typename T>
[[gnu::always_inline]] inline void multiplyBy(const Matrix& a, const Matrix& b, const ProductShape& shape,
                                              float* product, std::size_t stride, const float* bias) {
    for (std::size_t j = 0; j < shape.columns;) {
        const std::size_t left = shape.columns - j;
        const float* own = bias ? bias + j : nullptr;
        if (left >= 2 * T::kLanes) {
            multiplyStrip<T, 2>(a, b.from(0, j), shape, 2 * T::kLanes, product + j, stride, own);
            j += 2 * T::kLanes;
        } else {
            const std::size_t columns = std::min(T::kLanes, left);
            multiplyStrip<T, 1>(a, b.from(0, j), shape, columns, product + j, stride, own);
            j += columns;
        }
    }
}

/// The sums of picked rows of a times `vectors` of picked columns of b, which lie column by column.
template <typename T, int vectors>
[[gnu::always_inline]] inline void multiplyPicks(const Matrix& a, std::span<const std::uint32_t> rows, const Matrix& b,
                                                 const std::uint32_t* columns, std::size_t depth, float* product) {
    constexpr std::size_t kWidth = vectors * T::kLanes;
    constexpr std::size_t kRows = std::min<std::size_t>(T::kRows, 8);  // whose addresses stay in registers
    constexpr float kNothing[kWidth] = {};
    alignas(64) float panel[kDepth * kWidth];
    for (std::size_t k = 0; k < depth; k += kDepth) {
        const std::size_t part = std::min(kDepth, depth - k);
        const auto column = [&](std::size_t j) { return b.data + columns[j] * b.across + k; };
        for (std::size_t j = 0; j < kWidth; j += 4)
            layFour<kWidth>({column(j), column(j + 1), column(j + 2), column(j + 3)}, part, panel + j);
        const Sums sums{product, kPicked, k == 0 ? kNothing : nullptr};
        for (std::size_t row = 0; row < rows.size(); row += kRows)
            withNumber<kRows>(
                std::min(kRows, rows.size() - row), [&](auto count) __attribute__((always_inline)) {
                    PickedRows<count()> picked{};
                    for (int i = 0; i < count(); ++i) picked.rows[i] = a.data + rows[row + i] * a.down + k;
                    multiplyRows<T, vectors, count()>(picked, {panel, part}, sums.from(row));
                });
    }
}

}  // namespace

void transpose(const float* from, std::size_t fromStride, std::size_t rows, std::size_t columns, float* to,
               std::size_t stride) {
    const std::size_t wholeRows = rows / 4 * 4;
    const std::size_t wholeColumns = columns / 4 * 4;
    for (std::size_t j = 0; j < wholeColumns; j += 4)
        for (std::size_t i = 0; i < wholeRows; i += 4) {
            const float* const four = from + i * fromStride;
            turn({four, four + fromStride, four + 2 * fromStride, four + 3 * fromStride}, j, to + j * stride + i,
                 stride);
        }
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = i < wholeRows ? wholeColumns : 0; j < columns; ++j)
            to[j * stride + i] = from[i * fromStride + j];
}

bool usesTiles() { return instructionSet() == InstructionSet::AMX; }

std::size_t rowsAtOnce() { return usesTiles() ? 256 : 112; }

void multiply(const Matrix& a, const Matrix& b, const ProductShape& shape, float* product, std::size_t stride,
              const float* bias) {
    constexpr std::size_t kWorthTiles = 32;  // the depth of one
    if (shape.depth >= kWorthTiles && usesTiles())
        multiplyTiles(a, b, shape, product, stride, bias);
    else
        multiplyVectors(a, b, shape, product, stride, bias);
}

void multiplyVectors(const Matrix& a, const Matrix& b, const ProductShape& shape, float* product, std::size_t stride,
                     const float* bias) {
    byVectors([&](auto lanes)
                  __attribute__((always_inline)) { multiplyBy<Tile<lanes()>>(a, b, shape, product, stride, bias); });
}

void multiplyPicked(const Matrix& a, std::span<const std::uint32_t> rows, const Matrix& b,
                    std::span<const std::uint32_t> columns, std::size_t depth, float* product) {
    std::uint32_t all[kPicked];
    for (std::size_t j = 0; j < kPicked; ++j) all[j] = columns[std::min(j, columns.size() - 1)];
    byVectors([&](auto lanes) __attribute__((always_inline)) {
        constexpr int kVectors = lanes() == 16 ? 1 : 2;
        for (std::size_t j = 0; j < kPicked; j += kVectors * lanes())
            multiplyPicks<Tile<lanes()>, kVectors>(a, rows, b, all + j, depth, product + j);
    });
}

}  // namespace zwei::kernels
