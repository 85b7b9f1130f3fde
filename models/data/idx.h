// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "models/types/image.h"
#include "models/types/result.h"

namespace zwei {

/// Reads an IDX image file (magic 0x00000803, then count, height, width and uint8 pixels), plain or gzip whatever its
/// name says. Checked: magic, dimensions, that the data is exactly as long as the header says. At least one image.
/// The format: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits".
[[nodiscard]] Result<ImageBatch> readIdxImages(const std::filesystem::path& file);

/// Reads an IDX label file (magic 0x00000801), plain or gzip. Every label is in [0, 10).
[[nodiscard]] Result<std::vector<std::uint8_t>> readIdxLabels(const std::filesystem::path& file);

}  // namespace zwei
