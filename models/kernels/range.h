// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>

namespace zwei::kernels {

/// Rows or columns from `first` up to `end`, which is none of them.
struct Range {
    std::size_t first;
    std::size_t end;

    std::size_t size() const { return end - first; }
};

/// Of [0, extent) one of so many parts, as equal as can be, each a multiple of `unit` but for the last.
constexpr Range evenPart(std::size_t extent, std::size_t unit, std::size_t part, std::size_t parts) {
    const std::size_t units = (extent + unit - 1) / unit;
    return {std::min(extent, units * part / parts * unit), std::min(extent, units * (part + 1) / parts * unit)};
}

}  // namespace zwei::kernels
