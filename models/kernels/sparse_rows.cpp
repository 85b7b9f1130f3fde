// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/kernels/sparse_rows.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "models/kernels/vectorised.h"

namespace zwei::kernels {
namespace {

constexpr std::size_t kStrip = 64;  // columns of the product that are summed in registers
constexpr std::uint32_t kLook = 8;  // columns that are passed over at once where all are 0

[[gnu::always_inline]] inline bool isBlank(const float* values) {
    std::uint64_t bits[kLook / 2];
    std::memcpy(bits, values, sizeof bits);
    return (bits[0] | bits[1] | bits[2] | bits[3]) == 0;
}

using Lanes [[gnu::vector_size(32)]] = float;

[[gnu::always_inline]] inline Lanes load(const float* values) {
    Lanes lanes;
    std::memcpy(&lanes, values, sizeof lanes);
    return lanes;
}

[[gnu::always_inline]] inline void store(float* values, Lanes lanes) { std::memcpy(values, &lanes, sizeof lanes); }

/// sums[0:64) = (or +=) the entries' values times their rows of the panel [block, 64].
template <bool isFirst, typename Entry>
[[gnu::always_inline]] inline void accumulate(const Entry* entry, const Entry* end, const float* panel, float* sums) {
    Lanes a{}, b{}, c{}, d{}, e{}, f{}, g{}, h{};
    if constexpr (!isFirst) {
        a = load(sums), b = load(sums + 8), c = load(sums + 16), d = load(sums + 24);
        e = load(sums + 32), f = load(sums + 40), g = load(sums + 48), h = load(sums + 56);
    }
    for (; entry != end; ++entry) {
        const float* row = panel + entry->column * kStrip;
        const float v = entry->value;
        a += v * load(row);
        b += v * load(row + 8);
        c += v * load(row + 16);
        d += v * load(row + 24);
        e += v * load(row + 32);
        f += v * load(row + 40);
        g += v * load(row + 48);
        h += v * load(row + 56);
    }
    store(sums, a), store(sums + 8, b), store(sums + 16, c), store(sums + 24, d);
    store(sums + 32, e), store(sums + 40, f), store(sums + 48, g), store(sums + 56, h);
}

template <typename Entry>
ZWEI_VECTORISED void setRows(const Entry* entries, const std::uint32_t* starts, std::size_t rows, const float* panel,
                             float* product, std::size_t width) {
    for (std::size_t row = 0; row < rows; ++row)
        accumulate<true>(entries + starts[row], entries + starts[row + 1], panel, product + row * width);
}

template <typename Entry>
ZWEI_VECTORISED void addToRows(const Entry* entries, const std::uint32_t* starts, std::size_t rows, const float* panel,
                               float* product, std::size_t width) {
    for (std::size_t row = 0; row < rows; ++row)
        accumulate<false>(entries + starts[row], entries + starts[row + 1], panel, product + row * width);
}

/// panel [rows, 64] = dense[0:rows, 0:columns), [rows, width]; what is beyond the columns is never looked at.
ZWEI_VECTORISED void takePanel(const float* dense, std::size_t width, std::size_t rows, std::size_t columns,
                               float* panel) {
    for (std::size_t row = 0; row < rows; ++row) {
        if (columns == kStrip)
            std::memcpy(panel + row * kStrip, dense + row * width, kStrip * sizeof(float));
        else
            std::memcpy(panel + row * kStrip, dense + row * width, columns * sizeof(float));
    }
}

}  // namespace

bool SparseRows::mayPay(std::size_t rows, std::size_t columns) {
    constexpr std::size_t kManyRows = 16;  // of fewer the other matrix is hardly looked at twice
    constexpr std::size_t kManyColumns = 128;
    return rows >= kManyRows && columns >= kManyColumns;
}

bool SparseRows::pays(std::size_t nonZero, std::size_t count) {
    constexpr double kDensest = 0.35;
    return static_cast<double>(nonZero) <= kDensest * static_cast<double>(count);
}

SparseRows::SparseRows(std::size_t rows, std::size_t columns)
    : m_rows(rows),
      m_columns(columns),
      m_entries(std::make_unique_for_overwrite<Entry[]>(blocks() * capacity())),
      m_starts(std::make_unique_for_overwrite<std::uint32_t[]>(blocks() * (rows + 1))) {}

void SparseRows::compress(const float* dense, std::size_t stride, std::size_t block) {
    const std::size_t first = block * kBlock;
    const auto columns = static_cast<std::uint32_t>(std::min(kBlock, m_columns - first));
    auto* const entries = this->entries(block);
    auto* const starts = this->starts(block);
    std::uint32_t count = 0;
    for (std::size_t row = 0; row < m_rows; ++row) {
        starts[row] = count;
        const float* values = dense + row * stride + first;
        const auto take = [&](std::uint32_t column) {
            entries[count] = {column, values[column]};  // the next overwrites it where it is 0
            count += values[column] != 0 ? 1 : 0;
        };
        std::uint32_t column = 0;
        for (; column + kLook <= columns; column += kLook)
            if (!isBlank(values + column))
                for (std::uint32_t i = 0; i < kLook; ++i) take(column + i);
        for (; column < columns; ++column) take(column);
    }
    starts[m_rows] = count;
}

void SparseRows::transpose(const SparseRows& other, std::size_t block) {
    const std::size_t first = block * kBlock;
    const std::size_t end = std::min(first + kBlock, other.m_rows);
    auto* const entries = this->entries(block);
    auto* const starts = this->starts(block);
    std::uint32_t count = 0;
    for (std::size_t from = 0; from < other.blocks(); ++from) {
        const auto* const its = other.entries(from);
        const auto* const itsStarts = other.starts(from);
        const std::size_t rows = std::min(kBlock, m_rows - from * kBlock);
        std::uint32_t sizes[kBlock] = {};
        for (auto i = itsStarts[first]; i < itsStarts[end]; ++i) ++sizes[its[i].column];
        std::uint32_t next[kBlock];
        for (std::size_t row = 0; row < rows; ++row) {
            starts[from * kBlock + row] = next[row] = count;
            count += sizes[row];
        }
        for (std::size_t column = first; column < end; ++column)
            for (auto i = itsStarts[column]; i < itsStarts[column + 1]; ++i)
                entries[next[its[i].column]++] = {static_cast<std::uint32_t>(column - first), its[i].value};
    }
    starts[m_rows] = count;
}

void SparseRows::times(const float* dense, std::size_t width, float* product, std::size_t stride, Range rows,
                       Range columns) const {
    alignas(64) float panel[kBlock * kStrip] = {};
    std::vector<float> narrow;  // a strip at the right edge, as wide as the others
    for (std::size_t left = columns.first; left < columns.end; left += kStrip) {
        const std::size_t across = std::min(kStrip, columns.end - left);
        const bool isNarrow = across < kStrip;
        if (isNarrow) narrow.resize(rows.size() * kStrip);
        float* const strip = isNarrow ? narrow.data() : product + left;
        const std::size_t apart = isNarrow ? kStrip : stride;
        for (std::size_t block = 0; block < blocks(); ++block) {
            const std::size_t depth = std::min(kBlock, m_columns - block * kBlock);
            takePanel(dense + block * kBlock * width + left, width, depth, across, panel);
            const auto add = block == 0 ? setRows<Entry> : addToRows<Entry>;
            add(entries(block), starts(block) + rows.first, rows.size(), panel, strip, apart);
        }
        if (!isNarrow) continue;
        for (std::size_t row = 0; row < rows.size(); ++row)
            std::memcpy(product + row * stride + left, strip + row * kStrip, across * sizeof(float));
    }
}

std::size_t countNonZero(const float* values, std::size_t count) {
    return count - static_cast<std::size_t>(std::count(values, values + count, 0.F));
}

}  // namespace zwei::kernels
