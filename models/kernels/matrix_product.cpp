// SPDX-License-Identifier: GPL-3.0-or-later
//
// A product as Goto and van de Geijn (2008) make it: a panel of b, a few vectors wide, is laid into the first-level
// cache and multiplied with all rows of a, some rows at a time, whose sums stay in registers.
#include "models/kernels/matrix_product.h"

#include <algorithm>
#include <cstring>

namespace zwei::kernels {
namespace {

constexpr std::size_t kDepth = 256;  // of a panel

/// May a panel be read where it lies? For a few rows of the product its copy costs more than it saves, unless all that
/// it reads falls on the same few places of the cache.
bool staysInPlace(std::size_t rows, const Matrix& b) {
    constexpr std::size_t kFew = 128;
    constexpr std::size_t kAlike = 128;
    return rows <= kFew && b.across == 1 && b.down % kAlike != 0;
}

/// `rows` of a at a time, and two vectors of so many numbers of b.
template <int lanes, int rows>
struct Tile {
    using Vector [[gnu::vector_size(lanes * sizeof(float))]] = float;
    static constexpr std::size_t kWidth = 2 * lanes;
    static constexpr std::size_t kRows = rows;

    [[gnu::always_inline]] static void load(Vector& vector, const float* from) {
        std::memcpy(&vector, from, sizeof vector);
    }
    [[gnu::always_inline]] static void store(float* to, const Vector& vector) {
        std::memcpy(to, &vector, sizeof vector);
    }
};

/// Rows of b of a tile's width.
struct Panel {
    const float* data;
    std::size_t stride;
    std::size_t depth;
};

/// product[0:count, 0:width) = (or +=) rows of a times the panel.
template <typename T, int count, bool isFirst>
[[gnu::always_inline]] inline void multiplyRows(const Matrix& a, const Panel& panel, float* product,
                                                std::size_t stride) {
    typename T::Vector left[count];
    typename T::Vector right[count];
#pragma GCC unroll 16
    for (int row = 0; row < count; ++row) {
        left[row] = right[row] = typename T::Vector{};
        if constexpr (!isFirst) {
            T::load(left[row], product + row * stride);
            T::load(right[row], product + row * stride + T::kWidth / 2);
        }
    }
    const float* from = a.data;
    const float* with = panel.data;
    for (std::size_t k = 0; k < panel.depth; ++k, from += a.across, with += panel.stride) {
        typename T::Vector b, c;
        T::load(b, with);
        T::load(c, with + T::kWidth / 2);
#pragma GCC unroll 16
        for (int row = 0; row < count; ++row) {
            const float value = from[row * a.down];
            left[row] += value * b;
            right[row] += value * c;
        }
    }
#pragma GCC unroll 16
    for (int row = 0; row < count; ++row) {
        T::store(product + row * stride, left[row]);
        T::store(product + row * stride + T::kWidth / 2, right[row]);
    }
}

/// The same for a number of rows that is known only now: 1 to T::kRows.
template <typename T, bool isFirst, int count = T::kRows>
[[gnu::always_inline]] inline void multiplySome(std::size_t rows, const Matrix& a, const Panel& panel, float* product,
                                                std::size_t stride) {
    if (rows == count)
        multiplyRows<T, count, isFirst>(a, panel, product, stride);
    else if constexpr (count > 1)
        multiplySome<T, isFirst, count - 1>(rows, a, panel, product, stride);
}

/// All rows, in tiles that are as equal as can be.
template <typename T, bool isFirst>
[[gnu::always_inline]] inline void multiplyAll(std::size_t rows, const Matrix& a, const Panel& panel, float* product,
                                               std::size_t stride) {
    const std::size_t tiles = (rows + T::kRows - 1) / T::kRows;
    for (std::size_t tile = 0, row = 0; tile < tiles; ++tile) {
        const std::size_t end = rows * (tile + 1) / tiles;
        multiplySome<T, isFirst>(end - row, a.from(row, 0), panel, product + row * stride, stride);
        row = end;
    }
}

/// panel[k * width + j] = b(k, j), and 0 beyond the columns.
template <typename T>
[[gnu::always_inline]] inline void takePanel(const Matrix& b, std::size_t depth, std::size_t columns, float* panel) {
    if (columns < T::kWidth) {
        for (std::size_t k = 0; k < depth; ++k)
            for (std::size_t j = 0; j < T::kWidth; ++j)
                panel[k * T::kWidth + j] = j < columns ? b.data[k * b.down + j * b.across] : 0.F;
    } else if (b.across == 1) {
        for (std::size_t k = 0; k < depth; ++k)
            std::memcpy(panel + k * T::kWidth, b.data + k * b.down, T::kWidth * sizeof(float));
    } else {
        using Four [[gnu::vector_size(4 * sizeof(float))]] = float;
        const std::size_t whole = depth / 4 * 4;
        for (std::size_t j = 0; j < T::kWidth; j += 4) {
            const float* from = b.data + j * b.across;
            float* to = panel + j;
            for (std::size_t k = 0; k < whole; k += 4) {  // a square of 16 is turned in registers
                Four rows[4];
                for (std::size_t i = 0; i < 4; ++i) std::memcpy(&rows[i], from + i * b.across + k, sizeof(Four));
                const Four low = __builtin_shufflevector(rows[0], rows[1], 0, 4, 1, 5);
                const Four high = __builtin_shufflevector(rows[0], rows[1], 2, 6, 3, 7);
                const Four lowNext = __builtin_shufflevector(rows[2], rows[3], 0, 4, 1, 5);
                const Four highNext = __builtin_shufflevector(rows[2], rows[3], 2, 6, 3, 7);
                const Four turned[4] = {__builtin_shufflevector(low, lowNext, 0, 1, 4, 5),
                                        __builtin_shufflevector(low, lowNext, 2, 3, 6, 7),
                                        __builtin_shufflevector(high, highNext, 0, 1, 4, 5),
                                        __builtin_shufflevector(high, highNext, 2, 3, 6, 7)};
                for (std::size_t i = 0; i < 4; ++i)
                    std::memcpy(to + (k + i) * T::kWidth, &turned[i], sizeof(Four));
            }
            for (std::size_t k = whole; k < depth; ++k)
                for (std::size_t i = 0; i < 4; ++i) to[k * T::kWidth + i] = from[i * b.across + k];
        }
    }
}

/// What is narrower than a tile goes through one of full width.
template <typename T>
[[gnu::always_inline]] inline void multiplyNarrow(std::size_t rows, std::size_t columns, const Matrix& a,
                                                  const Panel& panel, bool isFirst, float* product,
                                                  std::size_t stride) {
    alignas(64) float tile[T::kRows * T::kWidth];
    for (std::size_t row = 0; row < rows; row += T::kRows) {
        const std::size_t count = std::min(T::kRows, rows - row);
        multiplySome<T, true>(count, a.from(row, 0), panel, tile, T::kWidth);
        for (std::size_t i = 0; i < count; ++i)
            for (std::size_t j = 0; j < columns; ++j) {
                float& sum = product[(row + i) * stride + j];
                sum = (isFirst ? 0.F : sum) + tile[i * T::kWidth + j];
            }
    }
}

template <typename T>
[[gnu::always_inline]] inline void multiplyBy(const Matrix& a, const Matrix& b, const ProductShape& shape,
                                              float* product, std::size_t stride) {
    alignas(64) float copy[kDepth * T::kWidth];
    for (std::size_t j = 0; j < shape.columns; j += T::kWidth) {
        const std::size_t columns = std::min(T::kWidth, shape.columns - j);
        const bool isNarrow = columns < T::kWidth;
        for (std::size_t k = 0; k < shape.depth; k += kDepth) {
            const std::size_t depth = std::min(kDepth, shape.depth - k);
            Panel panel{b.data + k * b.down + j, b.down, depth};
            if (isNarrow || !staysInPlace(shape.rows, b)) {
                takePanel<T>(b.from(k, j), depth, columns, copy);
                panel = {copy, T::kWidth, depth};
            }
            if (isNarrow)
                multiplyNarrow<T>(shape.rows, columns, a.from(0, k), panel, k == 0, product + j, stride);
            else if (k == 0)
                multiplyAll<T, true>(shape.rows, a.from(0, k), panel, product + j, stride);
            else
                multiplyAll<T, false>(shape.rows, a.from(0, k), panel, product + j, stride);
        }
    }
}

using Product = void (*)(const Matrix&, const Matrix&, const ProductShape&, float*, std::size_t);

void multiplyAnywhere(const Matrix& a, const Matrix& b, const ProductShape& shape, float* product, std::size_t stride) {
    multiplyBy<Tile<4, 4>>(a, b, shape, product, stride);
}

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
__attribute__((target("arch=x86-64-v4"))) void multiplyV4(const Matrix& a, const Matrix& b, const ProductShape& shape,
                                                          float* product, std::size_t stride) {
    multiplyBy<Tile<16, 14>>(a, b, shape, product, stride);
}

__attribute__((target("arch=x86-64-v3"))) void multiplyV3(const Matrix& a, const Matrix& b, const ProductShape& shape,
                                                          float* product, std::size_t stride) {
    multiplyBy<Tile<8, 6>>(a, b, shape, product, stride);
}

Product fastest() {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("x86-64-v4")) return multiplyV4;
    return __builtin_cpu_supports("x86-64-v3") ? multiplyV3 : multiplyAnywhere;
}
#else
Product fastest() { return multiplyAnywhere; }
#endif

}  // namespace

void multiply(const Matrix& a, const Matrix& b, const ProductShape& shape, float* product, std::size_t stride) {
    static const Product chosen = fastest();
    chosen(a, b, shape, product, stride);
}

}  // namespace zwei::kernels
