// SPDX-License-Identifier: GPL-3.0-or-later
//
// A tile has 16 rows of 16 pairs of bfloat16. The unit multiplies a tile of a, whose rows are rows of a and whose pairs
// go on with the depth, with one of b, whose rows go on with the depth and whose pairs are columns of b. Which two
// depths are a pair is free, as long as both say the same: here those that are 16 apart.
#include "models/kernels/tile_product.h"

#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__)

#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

#include "models/kernels/coming.h"

namespace zwei::kernels {

#pragma GCC push_options
#pragma GCC target("arch=x86-64-v4,amx-tile,amx-bf16")
namespace {

constexpr std::size_t kSide = 16;          // of a tile
constexpr std::size_t kBlock = 2 * kSide;  // rows, columns and depth of what is multiplied at once
constexpr std::size_t kThirds = 3;
constexpr std::size_t kRows = 256;  // of a whose tiles are laid out together, in the second-level cache
constexpr std::size_t kDepth = 64;  // of these, and of the columns of b with them

using Numbers [[gnu::vector_size(64)]] = float;
using Bits [[gnu::vector_size(64)]] = std::uint32_t;

struct Tile {
    Bits rows[kSide];
};

/// Of 32 lines and a depth of 32: each half of the lines is a tile of each third.
struct Tiles {
    Tile halves[2][kThirds];
};

/// The matrix that is laid into tiles: of a (left) its rows, of b (right) its columns are lines.
enum class Factor { Left, Right };

[[gnu::always_inline]] inline Numbers load(const float* from) {
    Numbers numbers;
    std::memcpy(&numbers, from, sizeof numbers);
    return numbers;
}

/// The three numbers of bfloat16 whose sum these are, as the upper halves of 32 bits.
[[gnu::always_inline]] inline void takeThirds(Numbers numbers, Bits* thirds) {
    for (std::size_t third = 0; third + 1 < kThirds; ++third) {
        thirds[third] = (Bits(numbers) + 0x8000U) & 0xffff0000U;
        numbers -= Numbers(thirds[third]);
    }
    thirds[kThirds - 1] = Bits(numbers);
}

/// A tile of each third: of row i pairs of the numbers at `from` + i `apart` and those `pair` further.
[[gnu::always_inline]] inline void layRows(const float* from, std::size_t apart, std::ptrdiff_t pair, Tile* thirds) {
    for (std::size_t row = 0; row < kSide; ++row, from += apart) {
        Bits first[kThirds], second[kThirds];
        takeThirds(load(from), first);
        takeThirds(load(from + pair), second);
        for (std::size_t third = 0; third < kThirds; ++third)
            thirds[third].rows[row] = first[third] >> 16U | (second[third] & 0xffff0000U);
    }
}

/// Rows that are `apart` exchange blocks of as many numbers.
template <std::size_t apart, std::size_t... lane>
[[gnu::always_inline]] inline void exchange(Numbers* rows, std::index_sequence<lane...>) {
#pragma GCC unroll 16
    for (std::size_t i = 0; i < kSide; ++i) {
        if ((i & apart) != 0) continue;
        const Numbers low = rows[i], high = rows[i + apart];
        rows[i] = __builtin_shufflevector(low, high, ((lane & apart) != 0 ? kSide + lane - apart : lane)...);
        rows[i + apart] = __builtin_shufflevector(low, high, ((lane & apart) != 0 ? kSide + lane : lane + apart)...);
    }
}

/// to[j * width + i] = from[i * apart + j] for a square of 16 x 16, turned in registers.
[[gnu::always_inline]] inline void turn(const float* from, std::size_t apart, float* to, std::size_t width) {
    constexpr auto kLanes = std::make_index_sequence<kSide>();
    Numbers rows[kSide];
#pragma GCC unroll 16
    for (std::size_t i = 0; i < kSide; ++i) rows[i] = load(from + i * apart);
    exchange<8>(rows, kLanes);
    exchange<4>(rows, kLanes);
    exchange<2>(rows, kLanes);
    exchange<1>(rows, kLanes);
#pragma GCC unroll 16
    for (std::size_t i = 0; i < kSide; ++i) std::memcpy(to + i * width, &rows[i], sizeof(Numbers));
}

/// The same of 16 lines (down) and a depth of 32 (across) of `from`, of which one lies number by number.
template <Factor factor>
[[gnu::always_inline]] inline void layWhole(const Matrix& from, Tile* thirds) {
    constexpr bool isLeft = factor == Factor::Left;
    constexpr std::size_t apart = isLeft ? kBlock : kSide;
    constexpr std::ptrdiff_t pair = isLeft ? kSide : kSide * kSide;
    const bool liesSo = (isLeft ? from.across : from.down) == 1;
    const auto* const other = from.from(0, kSide).data;  // of each pair
    if (liesSo) return layRows(from.data, isLeft ? from.down : from.across, other - from.data, thirds);
    alignas(64) float turned[kSide * kBlock];
    turn(from.data, isLeft ? from.across : from.down, turned, apart);
    turn(other, isLeft ? from.across : from.down, turned + pair, apart);
    layRows(turned, apart, pair, thirds);
}

/// The same of fewer lines and less depth; what is missing is 0.
template <Factor factor>
void laySome(const Matrix& from, std::size_t lines, std::size_t depth, Tile* thirds) {
    alignas(64) float numbers[kSide * kBlock] = {};
    const bool goesAcross = from.across == 1;
    const std::size_t apart = goesAcross ? kBlock : kSide;
    const auto rows = goesAcross ? from : from.transposed();
    for (std::size_t row = 0; row < (goesAcross ? lines : depth); ++row)
        for (std::size_t i = 0; i < (goesAcross ? depth : lines); ++i)
            numbers[row * apart + i] = *rows.from(row, i).data;
    layWhole<factor>(goesAcross ? Matrix{numbers, apart, 1} : Matrix{numbers, 1, apart}, thirds);
}

/// All of these lines and this depth: those of 32 lines after another. Where there are none, what the tiles have been
/// goes nowhere.
template <Factor factor>
[[gnu::always_inline]] inline void layAll(const Matrix& from, std::size_t lines, std::size_t depth, Tiles* tiles) {
    const bool isWhole = from.across == 1 || from.down == 1;
    for (std::size_t line = 0; line < lines; line += kBlock)
        for (std::size_t k = 0; k < depth; k += kBlock, ++tiles)
            for (std::size_t at = line; at < std::min(line + kBlock, lines); at += kSide) {
                auto* const thirds = tiles->halves[(at - line) / kSide];
                if (isWhole && lines - at >= kSide && depth - k >= kBlock)
                    layWhole<factor>(from.from(at, k), thirds);
                else
                    laySome<factor>(from.from(at, k), std::min(kSide, lines - at), std::min(kBlock, depth - k), thirds);
            }
}

/// A block of the product, and where its sums begin.
struct Sums {
    float* data;
    std::size_t stride;
    const float* start;
    std::size_t startStride;  // 0 where all rows begin alike
};

/// What was written before is there for what reads it afterwards, of which the compiler does not know.
inline void settle() { asm volatile("" ::: "memory"); }

constexpr std::int64_t kRowBytes = 64;  // of a tile

/// 32 x 32 sums, or 32 x 16 of them (not `isWide`), over a depth of so many `steps`. The products are taken in such an
/// order that of each two of them one after the other has a factor's tiles in common.
template <bool isWide>
void multiplyBlock(const Tiles* left, const Tiles* right, std::size_t steps, const Sums& sums) {
    const auto startBytes = static_cast<std::int64_t>(sums.startStride * sizeof(float));
    const auto bytes = static_cast<std::int64_t>(sums.stride * sizeof(float));
    settle();
    _tile_loadd(0, sums.start, startBytes);
    _tile_loadd(1, sums.start + kSide * sums.startStride, startBytes);
    if constexpr (isWide) {
        _tile_loadd(2, sums.start + kSide, startBytes);
        _tile_loadd(3, sums.start + kSide * sums.startStride + kSide, startBytes);
    }
    for (std::size_t step = 0; step < steps; ++step) {
        const auto loadLeft = [&](std::size_t third) {
            _tile_loadd(4, left[step].halves[0][third].rows, kRowBytes);
            _tile_loadd(5, left[step].halves[1][third].rows, kRowBytes);
        };
        const auto loadRight = [&](std::size_t third) {
            _tile_loadd(6, right[step].halves[0][third].rows, kRowBytes);
            if constexpr (isWide) _tile_loadd(7, right[step].halves[1][third].rows, kRowBytes);
        };
        const auto add = [] {
            _tile_dpbf16ps(0, 4, 6);
            _tile_dpbf16ps(1, 5, 6);
            if constexpr (isWide) {
                _tile_dpbf16ps(2, 4, 7);
                _tile_dpbf16ps(3, 5, 7);
            }
        };
        loadLeft(0), loadRight(2), add();
        loadRight(1), add();
        loadLeft(1), add();
        loadRight(0), add();
        loadLeft(2), add();
        loadLeft(0), add();
    }
    _tile_stored(0, sums.data, bytes);
    _tile_stored(1, sums.data + kSide * sums.stride, bytes);
    if constexpr (isWide) {
        _tile_stored(2, sums.data + kSide, bytes);
        _tile_stored(3, sums.data + kSide * sums.stride + kSide, bytes);
    }
    settle();
}

/// The same for a block of the product that may be smaller.
void multiplySome(const Tiles* left, const Tiles* right, std::size_t steps, std::size_t rows, std::size_t columns,
                  const Sums& sums) {
    const auto multiply = columns > kSide ? multiplyBlock<true> : multiplyBlock<false>;
    if (rows == kBlock && columns % kSide == 0) return multiply(left, right, steps, sums);
    alignas(64) float block[kBlock * kBlock] = {};
    for (std::size_t row = 0; row < rows; ++row)
        std::copy_n(sums.start + row * sums.startStride, columns, block + row * kBlock);
    multiply(left, right, steps, {block, kBlock, block, kBlock});
    for (std::size_t row = 0; row < rows; ++row)
        std::copy_n(block + row * kBlock, columns, sums.data + row * sums.stride);
}

/// All tiles of the processor: 16 rows of 64 bytes.
struct alignas(64) Configuration {
    std::uint8_t palette = 1;
    std::uint8_t firstRow = 0;
    std::uint8_t reserved[14] = {};
    std::uint16_t rowBytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
    std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};
static_assert(sizeof(Configuration) == 64);

/// A strip of the product, up to 32 columns wide: so many rows of it, which begin with `start` or else go on from what
/// they are.
void multiplyStrip(const Tiles* left, const Tiles* right, const ProductShape& shape, float* product, std::size_t stride,
                   const float* start, const Coming& coming) {
    const std::size_t steps = (shape.depth + kBlock - 1) / kBlock;
    for (std::size_t row = 0; row < shape.rows; row += kBlock, left += steps, product += kBlock * stride) {
        coming.fetch<1>(row / kBlock, (shape.rows + kBlock - 1) / kBlock);
        multiplySome(left, right, steps, std::min(kBlock, shape.rows - row), shape.columns,
                     start ? Sums{product, stride, start, 0} : Sums{product, stride, product, stride});
    }
}

}  // namespace

void multiplyTiles(const Matrix& a, const Matrix& b, const ProductShape& shape, float* product, std::size_t stride,
                   const float* bias) {
    alignas(64) Tiles left[kRows / kBlock * (kDepth / kBlock)];
    alignas(64) Tiles right[kDepth / kBlock];
    static constexpr Configuration kConfiguration;
    _tile_loadconfig(&kConfiguration);
    for (std::size_t row = 0; row < shape.rows; row += kRows) {
        const std::size_t rows = std::min(kRows, shape.rows - row);
        for (std::size_t k = 0; k < shape.depth; k += kDepth) {
            const std::size_t depth = std::min(kDepth, shape.depth - k);
            layAll<Factor::Left>(a.from(row, k), rows, depth, left);
            for (std::size_t j = 0; j < shape.columns; j += kBlock) {
                const std::size_t columns = std::min(kBlock, shape.columns - j);
                layAll<Factor::Right>(b.from(k, j).transposed(), columns, depth, right);
                float start[kBlock] = {};
                if (bias) std::copy_n(bias + j, columns, start);
                const bool isLast = j + kBlock >= shape.columns;
                const Coming coming(isLast ? b.from(k + kDepth, 0) : b.from(k, j + kBlock), depth, kBlock);
                multiplyStrip(left, right, {rows, columns, depth}, product + row * stride + j, stride,
                              k == 0 ? start : nullptr, coming);
            }
        }
    }
    _tile_release();
}

#pragma GCC pop_options

namespace {

/// Linux gives the room that a thread's tiles take only to a process that asks.
bool mayUseTiles() {
    constexpr int kRequestPermission = 0x1023;  // ARCH_REQ_XCOMP_PERM
    constexpr int kTileData = 18;
    return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}

}  // namespace

bool hasTiles() {
    static const bool has = [] {
        __builtin_cpu_init();
        return __builtin_cpu_supports("x86-64-v4") && __builtin_cpu_supports("amx-bf16") && mayUseTiles();
    }();
    return has;
}

}  // namespace zwei::kernels

#else

namespace zwei::kernels {

bool hasTiles() { return false; }

void multiplyTiles(const Matrix& a, const Matrix& b, const ProductShape& shape, float* product, std::size_t stride,
                   const float* bias) {
    multiplyVectors(a, b, shape, product, stride, bias);
}

}  // namespace zwei::kernels

#endif
