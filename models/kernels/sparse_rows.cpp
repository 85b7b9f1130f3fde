// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/kernels/sparse_rows.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "models/kernels/coming.h"
#include "models/kernels/grey.h"
#include "models/kernels/instruction_set.h"
#include "models/kernels/vectorised.h"

namespace zwei::kernels {
namespace {

constexpr std::size_t kStrip = 64;  // columns of the product that are summed in registers
constexpr std::uint32_t kLook = 8;  // columns that are passed over at once where all are 0
constexpr std::size_t kWidestBlock = 96;

[[gnu::always_inline]] inline bool isBlank(const float* values) {
    std::uint64_t bits[kLook / 2];
    std::memcpy(bits, values, sizeof bits);
    return (bits[0] | bits[1] | bits[2] | bits[3]) == 0;
}

[[gnu::always_inline]] inline bool isBlank(const std::uint8_t* greys) {
    std::uint64_t bits;
    std::memcpy(&bits, greys, sizeof bits);
    return bits == 0;
}

/// Of all greys.
constexpr std::array<float, 256> allFractions() {
    std::array<float, 256> fractions{};
    for (std::size_t grey = 0; grey < fractions.size(); ++grey)
        fractions[grey] = fractionOf(static_cast<std::uint8_t>(grey));
    return fractions;
}

/// Divided once: a division a pixel would take as long as all else here.
constexpr auto kFractions = allFractions();

[[gnu::always_inline]] inline float numberOf(float value) { return value; }
[[gnu::always_inline]] inline float numberOf(std::uint8_t grey) { return kFractions[grey]; }

/// Blocks that are as equal as can be.
std::size_t blockOf(std::size_t columns) {
    const std::size_t blocks = std::max<std::size_t>(1, (columns + kWidestBlock - 1) / kWidestBlock);
    return ((columns + blocks - 1) / blocks + kLook - 1) / kLook * kLook;
}

/// sums = start + the entries' values times their rows of the panel [block, 64]: as many vectors as stay in registers.
template <int lanes, int vectors, typename Entry>
[[gnu::always_inline]] inline void accumulate(const Entry* entry, const Entry* end, const float* panel,
                                              const float* start, float* sums) {
    using Vector [[gnu::vector_size(lanes * sizeof(float))]] = float;
    Vector sum[vectors];
#pragma GCC unroll 8
    for (int i = 0; i < vectors; ++i) std::memcpy(&sum[i], start + i * lanes, sizeof(Vector));
    for (; entry != end; ++entry) {
        const float* row = panel + entry->column * kStrip;
        const float value = entry->value;
#pragma GCC unroll 8
        for (int i = 0; i < vectors; ++i) {
            Vector own;
            std::memcpy(&own, row + i * lanes, sizeof own);
            sum[i] += value * own;
        }
    }
#pragma GCC unroll 8
    for (int i = 0; i < vectors; ++i) std::memcpy(sums + i * lanes, &sum[i], sizeof(Vector));
}

/// Rows of the product, from `start`, which is the same for all, or else from what they are; meanwhile what comes next
/// is fetched.
template <typename Entry, typename Span>
void addRows(const Entry* entries, const Span* spans, std::size_t rows, const float* panel, const float* start,
             float* product, std::size_t width, const Coming& coming) {
    byVectors([&](auto lanes) __attribute__((always_inline)) {
        constexpr int kLanes = lanes();
        constexpr int kVectors = kLanes == 16 ? 4 : 8;
        constexpr std::size_t kGroup = 8;  // rows
        for (std::size_t row = 0; row < rows; ++row) {
            if (row % kGroup == 0) coming.fetch<2>(row / kGroup, (rows + kGroup - 1) / kGroup);
            for (std::size_t at = 0; at < kStrip; at += kVectors * kLanes) {
                float* const sums = product + row * width + at;
                accumulate<kLanes, kVectors>(entries + spans[row].first, entries + spans[row].end, panel + at,
                                             start ? start + at : sums, sums);
            }
        }
    });
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
      m_block(blockOf(columns)),
      m_entries(std::make_unique_for_overwrite<Entry[]>(blocks() * capacity())),
      m_spans(std::make_unique_for_overwrite<Span[]>(blocks() * rows)) {}

template <typename Value>
std::size_t SparseRows::compressRows(const Value* dense, std::size_t stride, Range rows) {
    std::size_t nonZero = 0;
    for (std::size_t block = 0; block < blocks(); ++block) {
        const std::size_t first = block * m_block;
        const auto columns = static_cast<std::uint32_t>(std::min(m_block, m_columns - first));
        auto* const entries = this->entries(block);
        auto* const spans = this->spans(block);
        const auto start = static_cast<std::uint32_t>(rows.first * m_block);  // beyond all that is in front of it
        std::uint32_t count = start;
        for (std::size_t row = rows.first; row < rows.end; ++row) {
            spans[row].first = count;
            const Value* values = dense + row * stride + first;
            const auto take = [&](std::uint32_t column) {
                entries[count] = {column, numberOf(values[column])};  // the next overwrites it where it is 0
                count += values[column] != 0 ? 1 : 0;
            };
            std::uint32_t column = 0;
            for (; column + kLook <= columns; column += kLook)
                if (!isBlank(values + column))
                    for (std::uint32_t i = 0; i < kLook; ++i) take(column + i);
            for (; column < columns; ++column) take(column);
            spans[row].end = count;
        }
        nonZero += count - start;
    }
    return nonZero;
}

std::size_t SparseRows::compress(const float* dense, std::size_t stride, Range rows) {
    return compressRows(dense, stride, rows);
}

std::size_t SparseRows::compress(const std::uint8_t* dense, std::size_t stride, Range rows) {
    return compressRows(dense, stride, rows);
}

void SparseRows::transpose(const SparseRows& other, std::size_t block) {
    const std::size_t first = block * m_block;
    const std::size_t end = std::min(first + m_block, other.m_rows);
    auto* const entries = this->entries(block);
    std::uint32_t count = 0;
    for (std::size_t from = 0; from < other.blocks(); ++from) {
        const auto* const its = other.entries(from);
        const auto* const itsSpans = other.spans(from);
        auto* const spans = this->spans(block) + from * other.m_block;
        const std::size_t rows = std::min(other.m_block, m_rows - from * other.m_block);
        std::uint32_t sizes[kWidestBlock] = {};
        for (std::size_t column = first; column < end; ++column)
            for (auto i = itsSpans[column].first; i < itsSpans[column].end; ++i) ++sizes[its[i].column];
        std::uint32_t next[kWidestBlock];
        for (std::size_t row = 0; row < rows; ++row) {
            spans[row].first = next[row] = count;
            spans[row].end = count += sizes[row];
        }
        for (std::size_t column = first; column < end; ++column)
            for (auto i = itsSpans[column].first; i < itsSpans[column].end; ++i)
                entries[next[its[i].column]++] = {static_cast<std::uint32_t>(column - first), its[i].value};
    }
}

void SparseRows::times(const float* dense, std::size_t width, float* product, std::size_t stride, Range rows,
                       Range columns, const float* bias) const {
    alignas(64) float panel[kWidestBlock * kStrip] = {};
    std::vector<float> narrow;  // a strip at the right edge, as wide as the others
    for (std::size_t left = columns.first; left < columns.end; left += kStrip) {
        const std::size_t across = std::min(kStrip, columns.end - left);
        const bool isNarrow = across < kStrip;
        if (isNarrow) narrow.resize(rows.size() * kStrip);
        float* const strip = isNarrow ? narrow.data() : product + left;
        const std::size_t apart = isNarrow ? kStrip : stride;
        float start[kStrip] = {};
        if (bias) std::memcpy(start, bias + left, across * sizeof(float));
        for (std::size_t block = 0; block < blocks(); ++block) {
            const std::size_t depth = std::min(m_block, m_columns - block * m_block);
            takePanel(dense + block * m_block * width + left, width, depth, across, panel);
            const bool isLast = block + 1 == blocks();
            const Coming coming({dense + (isLast ? left + kStrip : (block + 1) * m_block * width + left), width, 1},
                                m_block, kStrip);
            addRows(entries(block), spans(block) + rows.first, rows.size(), panel, block == 0 ? start : nullptr, strip,
                    apart, coming);
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
