// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <new>
#include <vector>

#include "models/kernels/matrix_product.h"

namespace zwei {

/// Numbers from the start of a line of memory on, so that no vector of them lies in two.
template <typename Number>
struct LineAllocator {
    using value_type = Number;
    static constexpr std::align_val_t kLine{64};

    LineAllocator() = default;
    template <typename Other>
    LineAllocator(const LineAllocator<Other>&) {}

    Number* allocate(std::size_t count) { return static_cast<Number*>(::operator new(count * sizeof(Number), kLine)); }
    void deallocate(Number* data, std::size_t) { ::operator delete(data, kLine); }
    bool operator==(const LineAllocator&) const { return true; }
};
using AlignedNumbers = std::vector<float, LineAllocator<float>>;

/// Numbers row by row, so far apart that the same column of many rows does not fall on one place of the cache.
class PaddedRows {
public:
    void resize(std::size_t rows, std::size_t columns);

    float* data() { return m_data.data(); }
    const float* data() const { return m_data.data(); }
    float* row(std::size_t at) { return m_data.data() + at * m_stride; }
    const float* row(std::size_t at) const { return m_data.data() + at * m_stride; }
    std::size_t stride() const { return m_stride; }
    kernels::Matrix matrix() const { return {m_data.data(), m_stride, 1}; }

private:
    AlignedNumbers m_data;
    std::size_t m_stride = 0;
};

}  // namespace zwei
