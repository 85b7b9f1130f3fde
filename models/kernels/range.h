// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace zwei::kernels {

/// Rows or columns from `first` up to `end`, which is none of them.
struct Range {
    std::size_t first;
    std::size_t end;

    std::size_t size() const { return end - first; }
};

}  // namespace zwei::kernels
