// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace zwei::kernels {

/// The sum of (a[i] - b[i])^2; `count` is at most 33,000, so that it fits an int.
int squaredDifference(const std::uint8_t* a, const std::uint8_t* b, std::size_t count);

}  // namespace zwei::kernels
