// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace zwei {

/// The value that a share, in [0, 1], of the others are below; 0 of no values. None may be NaN.
template <typename Value>
Value quantile(std::vector<Value> values, double share) {
    if (values.empty()) return Value();
    const auto rank = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), rank, values.end());
    return *rank;
}

template <typename Value>
Value median(std::vector<Value> values) {
    return quantile(std::move(values), 0.5);
}

}  // namespace zwei
