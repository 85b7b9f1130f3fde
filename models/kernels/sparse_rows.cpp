// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/kernels/sparse_rows.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <numeric>
#include <type_traits>

#include "models/kernels/coming.h"
#include "models/kernels/grey.h"
#include "models/kernels/instruction_set.h"

namespace zwei::kernels {
namespace {

constexpr std::uint32_t kLook = 8;  // columns that are passed over at once where all are 0
constexpr std::size_t kWidestBlock = 128;

/// Of a strip of the product, whose sums stay in registers: the part of a panel that a block takes fills most of the
/// first-level cache.
template <int lanes>
constexpr int kVectors = lanes == 16 ? 4 : 6;

/// Numbers from one row of a panel to the next, also where a strip is narrower.
template <int lanes>
constexpr std::size_t kPanel{kVectors<lanes> * lanes};

[[gnu::always_inline]] inline bool isBlank(const float* values) {
    std::uint64_t all = 0;
#pragma GCC unroll 4
    for (std::uint32_t i = 0; i < kLook; i += 2) {
        std::uint64_t bits;
        std::memcpy(&bits, values + i, sizeof bits);
        all |= bits;
    }
    return all == 0;
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

/// 0 for what is 0 and for nothing else: cheaper than a comparison, which asks whether it is a number as well.
[[gnu::always_inline]] inline std::uint32_t inkOf(float value) { return std::bit_cast<std::uint32_t>(value) << 1; }
[[gnu::always_inline]] inline std::uint32_t inkOf(std::uint8_t grey) { return grey; }

[[gnu::always_inline]] inline float numberOf(float value) { return value; }
[[gnu::always_inline]] inline float numberOf(std::uint8_t grey) { return kFractions[grey]; }

/// Blocks that are as equal as can be.
std::size_t blockOf(std::size_t columns) {
    const std::size_t blocks = std::max<std::size_t>(1, (columns + kWidestBlock - 1) / kWidestBlock);
    return ((columns + blocks - 1) / blocks + kLook - 1) / kLook * kLook;
}

/// Both rows' sums = start + the entries' values times their rows of the panel, as many vectors as stay in registers.
template <int lanes, int vectors, typename Entry>
[[gnu::always_inline]] inline void addPair(const Entry* entry, const Entry* end, const float* panel,
                                           const float* const start[2], float* const sums[2]) {
    using Vector [[gnu::vector_size(lanes * sizeof(float)), gnu::aligned(sizeof(float)), gnu::may_alias]] = float;
    Vector one[vectors];
    Vector other[vectors];
#pragma GCC unroll 8
    for (int i = 0; i < vectors; ++i) {
        one[i] = *reinterpret_cast<const Vector*>(start[0] + i * lanes);
        other[i] = *reinterpret_cast<const Vector*>(start[1] + i * lanes);
    }
    for (; entry != end; ++entry) {
        const auto* row = reinterpret_cast<const float*>(reinterpret_cast<const char*>(panel) + entry->place.offset);
        const float first = entry->values[0];
        const float second = entry->values[1];
#pragma GCC unroll 8
        for (int i = 0; i < vectors; ++i) {
            Vector own = *reinterpret_cast<const Vector*>(row + i * lanes);
#if defined(__x86_64__)
            asm("" : "+v"(own));  // or the compiler loads it for each of its uses
#endif
            one[i] += first * own;
            other[i] += second * own;
        }
    }
#pragma GCC unroll 8
    for (int i = 0; i < vectors; ++i) {
        *reinterpret_cast<Vector*>(sums[0] + i * lanes) = one[i];
        *reinterpret_cast<Vector*>(sums[1] + i * lanes) = other[i];
    }
}

/// The same where the sums are `columns` of less than a vector: through a place that is not.
template <int lanes, typename Entry>
[[gnu::always_inline]] inline void addNarrowPair(const Entry* entry, const Entry* end, std::size_t columns,
                                                 const float* panel, const float* const start[2],
                                                 float* const sums[2]) {
    float wide[2][lanes] = {};
    for (int row = 0; row < 2; ++row) std::copy_n(start[row], columns, wide[row]);
    float* const both[2] = {wide[0], wide[1]};
    addPair<lanes, 1>(entry, end, panel, both, both);
    for (int row = 0; row < 2; ++row) std::copy_n(wide[row], columns, sums[row]);
}

/// panel [rows, width], whose rows are `apart`, = dense[0:rows, 0:columns), whose rows are `stride` apart, and 0 beyond
/// the columns.
template <std::size_t width, std::size_t apart>
[[gnu::always_inline]] inline void takePanel(const float* dense, std::size_t stride, std::size_t rows,
                                             std::size_t columns, float* panel) {
    for (std::size_t row = 0; row < rows; ++row, panel += apart, dense += stride) {
        if (columns == width) {
            std::memcpy(panel, dense, width * sizeof(float));
        } else {
            for (std::size_t j = 0; j < width; ++j) panel[j] = j < columns ? dense[j] : 0.F;
        }
    }
}

}  // namespace

bool SparseRows::mayPay(std::size_t rows, std::size_t columns) {
    constexpr std::size_t kManyRows = 16;  // of fewer the other matrix is hardly looked at twice
    constexpr std::size_t kManyColumns = 128;
    return rows >= kManyRows && columns >= kManyColumns;
}

bool SparseRows::pays() const {
    const double densest =
        usesTiles() ? 0.5 : 0.75;  // of what pairs may keep: a dense product by tiles is a faster one
    std::size_t kept = 0;
    for (const Span* span = m_spans.get(); span != m_spans.get() + blocks() * pairs(); ++span)
        kept += span->end - span->first;
    return static_cast<double>(kept) <= densest * static_cast<double>(pairs() * m_columns);
}

SparseRows::SparseRows(std::size_t rows, std::size_t columns)
    : m_rows(rows),
      m_columns(columns),
      m_block(blockOf(columns)),
      m_placeOfOne(std::bit_cast<std::uint32_t>(Place{1, static_cast<std::uint16_t>(columnsAtOnce() * sizeof(float))})),
      m_order(rows),
      m_places(rows),
      m_marks(rows),
      m_entries(std::make_unique_for_overwrite<Entry[]>(blocks() * capacity())),
      m_spans(std::make_unique_for_overwrite<Span[]>(blocks() * pairs())) {
    std::iota(m_places.begin(), m_places.end(), 0U);
    m_order = m_places;
}

bool SparseRows::areInOrder(Range places) const {
    const auto own = order().subspan(places.first, places.size());
    return std::equal(own.begin(), own.end(), m_places.begin() + static_cast<std::ptrdiff_t>(places.first));
}

void SparseRows::arrange(const Matrix& dense, Range places) {
    const auto all = std::span(m_marks).subspan(places.first, places.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = {static_cast<std::uint32_t>(places.first + i), {}};
    const std::size_t bits = std::min(kMarks, m_columns);
    for (std::size_t bit = 0; bit < bits; ++bit) {
        const auto column = dense.from(places.first, m_columns * bit / bits);
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i].words[bit / 64] |= std::uint64_t{column.data[i * column.down] != 0} << bit % 64;
    }
    byVectors([&](auto) __attribute__((always_inline)) { chain(all); });
    std::transform(all.begin(), all.end(), m_order.begin() + static_cast<std::ptrdiff_t>(places.first),
                   [](const Marks& marks) { return marks.row; });
}

/// Each is followed by the one of those left, or of the next of many, that differs from it least.
[[gnu::always_inline]] inline void SparseRows::chain(std::span<Marks> all) {
    constexpr std::size_t kFar = 512;
    for (std::size_t at = 0; at + 1 < all.size(); ++at) {
        auto nearest = ~std::uint64_t{};
        for (std::size_t other = at + 1; other < std::min(all.size(), at + kFar); ++other) {
            std::uint64_t distance = 0;
            for (std::size_t word = 0; word < kMarks / 64; ++word)
                distance += static_cast<std::uint64_t>(std::popcount(all[at].words[word] ^ all[other].words[word]));
            nearest = std::min(nearest, distance << 32 | other);
        }
        std::swap(all[at + 1], all[nearest & 0xFFFFFFFF]);
    }
}

template <typename Value>
void SparseRows::compress(const Value* dense, std::size_t stride, Range places) {
    static constexpr Value kNothing[kWidestBlock] = {};
    for (std::size_t block = 0; block < blocks(); ++block) {
        const std::size_t left = block * m_block;
        const auto columns = static_cast<std::uint32_t>(std::min(m_block, m_columns - left));
        Entry* const first = entries(block);
        Entry* to = first + places.first / 2 * m_block;  // beyond all that is in front of it
        const auto placeNow = [&] { return static_cast<std::uint32_t>(to - first); };
        for (std::size_t place = places.first; place < places.end; place += 2) {
            const Value* one = dense + m_order[place] * stride + left;
            const Value* other = place + 1 < m_rows ? dense + m_order[place + 1] * stride + left : kNothing;
            auto& span = spans(block)[place / 2];
            span.first = placeNow();
            const auto take = [&](std::uint32_t column) {
                // The next overwrites it where both are 0.
                *to = {placeOf(column), {numberOf(one[column]), numberOf(other[column])}};
                to += (inkOf(one[column]) | inkOf(other[column])) != 0 ? 1 : 0;
            };
            std::uint32_t column = 0;
            for (; column + kLook <= columns; column += kLook)
                if (!isBlank(one + column) || !isBlank(other + column))
                    for (std::uint32_t i = 0; i < kLook; ++i) take(column + i);
            for (; column < columns; ++column) take(column);
            span.end = placeNow();
        }
    }
}

/// A pair's entries begin where those of a full one would.
template <typename Value>
void SparseRows::compressTransposed(const Value* dense, std::size_t stride, Range places) {
    const bool isOdd = places.size() % 2 == 1;
    const std::size_t whole = places.end - (isOdd ? 1 : 0);
    for (std::size_t block = 0; block < blocks(); ++block) {
        auto* const entries = this->entries(block);
        auto* const spans = this->spans(block);
        for (std::size_t pair = places.first / 2; pair < (places.end + 1) / 2; ++pair)
            spans[pair].first = spans[pair].end = static_cast<std::uint32_t>(pair * m_block);
        const auto columns = static_cast<std::uint32_t>(std::min(m_block, m_columns - block * m_block));
        for (std::uint32_t column = 0; column < columns; ++column) {
            const Value* const from = dense + (block * m_block + column) * stride;
            const auto take = [&](std::size_t place, Value one, Value other) {
                auto& end = spans[place / 2].end;
                entries[end] = {placeOf(column), {numberOf(one), numberOf(other)}};
                end += (inkOf(one) | inkOf(other)) != 0 ? 1 : 0;
            };
            std::size_t place = places.first;
            for (; place + kLook <= whole; place += kLook)
                if (!isBlank(from + place))
                    for (std::size_t i = place; i < place + kLook; i += 2) take(i, from[i], from[i + 1]);
            for (; place < whole; place += 2) take(place, from[place], from[place + 1]);
            if (isOdd) take(whole, from[whole], Value{});
        }
    }
}

template void SparseRows::compress(const float*, std::size_t, Range);
template void SparseRows::compress(const std::uint8_t*, std::size_t, Range);
template void SparseRows::compressTransposed(const float*, std::size_t, Range);
template void SparseRows::compressTransposed(const std::uint8_t*, std::size_t, Range);

void SparseRows::times(const float* dense, std::size_t width, float* product, std::size_t stride, Range columns,
                       const float* bias) const {
    multiply({dense, width, bias, product, stride, {0, m_rows}, m_order.data()}, columns);
}

void SparseRows::timesInOrder(const float* dense, std::size_t width, float* product, std::size_t stride, Range places,
                              Range columns) const {
    multiply({dense, width, nullptr, product, stride, places, m_places.data()}, columns);
}

std::size_t SparseRows::columnsAtOnce() {
    std::size_t columns = 0;
    byVectors([&](auto lanes) __attribute__((always_inline)) { columns = kPanel<lanes()>; });
    return columns;
}

/// Columns [first, end) are as many vectors as the template says, or less than one.
template <int lanes, int vectors>
[[gnu::always_inline]] inline void SparseRows::multiplyStrip(const Product& product, Range columns) const {
    constexpr std::size_t kWidth = lanes * vectors;
    constexpr std::size_t kTogether = 8;  // places, before more is fetched
    alignas(64) float panel[kWidestBlock * kPanel<lanes>];
    float bias[kWidth] = {};
    float none[kWidth] = {};  // what the last row is together with, where their number is odd
    const auto rowAt = [&](std::size_t at) { return product.to + product.rows[at] * product.stride + columns.first; };
    if (product.bias) std::copy_n(product.bias + columns.first, columns.size(), bias);
    for (std::size_t block = 0; block < blocks(); ++block) {
        const float* const dense = product.dense + block * m_block * product.width + columns.first;
        const std::size_t depth = std::min(m_block, m_columns - block * m_block);
        takePanel<kWidth, kPanel<lanes>>(dense, product.width, depth, columns.size(), panel);
        const bool isLast = block + 1 == blocks();
        const Coming coming({isLast ? product.dense + columns.end : dense + m_block * product.width, product.width, 1},
                            m_block, kWidth);
        const auto [first, end] = product.places;
        for (std::size_t place = first; place < end; place += 2) {
            if ((place - first) % kTogether == 0)
                coming.fetch<2>((place - first) / kTogether, (end - first + kTogether - 1) / kTogether);
            float* const sums[2] = {rowAt(place - first), place + 1 < end ? rowAt(place + 1 - first) : none};
            const float* const start[2] = {block == 0 ? bias : sums[0], block == 0 ? bias : sums[1]};
            const Span span = spans(block)[place / 2];
            const Entry* const own = entries(block);
            if (vectors == 1 && columns.size() < kWidth)
                addNarrowPair<lanes>(own + span.first, own + span.end, columns.size(), panel, start, sums);
            else
                addPair<lanes, vectors>(own + span.first, own + span.end, panel, start, sums);
        }
    }
}

template <int lanes>
[[gnu::always_inline]] inline void SparseRows::multiplyBy(const Product& product, Range columns) const {
    constexpr int kMost = kVectors<lanes>;
    for (std::size_t left = columns.first; left < columns.end;) {
        const std::size_t vectors = (columns.end - left) / lanes;
        const auto strip = [&](auto count) __attribute__((always_inline)) {
            const std::size_t end = std::min<std::size_t>(left + count() * lanes, columns.end);
            multiplyStrip<lanes, count()>(product, {left, end});
            left = end;
        };
        if (vectors >= kMost && vectors != 8)  // of which two of 4 are faster than one of 6 and one of 2
            strip(std::integral_constant<int, kMost>());
        else if (vectors >= 4)
            strip(std::integral_constant<int, 4>());
        else if (vectors >= 2)
            strip(std::integral_constant<int, 2>());
        else
            strip(std::integral_constant<int, 1>());
    }
}

void SparseRows::multiply(const Product& product, Range columns) const {
    byVectors([&](auto lanes) __attribute__((always_inline)) { multiplyBy<lanes()>(product, columns); });
}

std::size_t SparseRows::columnsOf(Range places, std::uint32_t* columns) const {
    std::size_t count = 0;
    for (std::size_t block = 0; block < blocks(); ++block) {
        bool isTaken[kWidestBlock] = {};
        for (std::size_t pair = places.first / 2; pair < (places.end + 1) / 2; ++pair) {
            const auto [first, end] = spans(block)[pair];
            for (auto i = first; i < end; ++i) isTaken[entries(block)[i].place.column] = true;
        }
        for (std::size_t column = 0; column < std::min(m_block, m_columns - block * m_block); ++column) {
            columns[count] = static_cast<std::uint32_t>(block * m_block + column);
            count += isTaken[column] ? 1 : 0;
        }
    }
    return count;
}

std::size_t countNonZero(const float* values, std::size_t count) {
    return count - static_cast<std::size_t>(std::count(values, values + count, 0.F));
}

}  // namespace zwei::kernels
