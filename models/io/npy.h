// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/io/named_bytes.h"
#include "models/types/result.h"

namespace zwei {

// Arrays for NumPy, format version 1.0 (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html):
// little-endian, row-major; `shape` must have as many values as there are.

std::vector<std::uint8_t> serialiseNpy(std::span<const float> values, const std::vector<std::int64_t>& shape);
std::vector<std::uint8_t> serialiseNpy(std::span<const std::uint8_t> values, const std::vector<std::int64_t>& shape);

/// Arrays by their names as one .npz: a zip of .npy files, stored as they are, the same bytes for the same arrays.
[[nodiscard]] Result<std::vector<std::uint8_t>> serialiseNpz(const std::vector<NamedBytes>& arrays);

}  // namespace zwei
