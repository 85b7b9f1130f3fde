// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "models/types/result.h"

namespace zwei {

// Failures name the file.

/// Bytes of a file of at most 8 GiB.
[[nodiscard]] Result<std::vector<std::uint8_t>> readWholeFile(const std::filesystem::path& file);

/// Written aside, synced and renamed: there is the old file or the new one, never half of one. A symbolic link stays
/// one; what exists and is no plain file is refused.
[[nodiscard]] Result<void> writeWholeFile(const std::filesystem::path& file, const std::vector<std::uint8_t>& bytes);

/// So that the names in a folder outlive a loss of power, where the file system can.
void syncFolder(const std::filesystem::path& folder);

/// Whether `writeWholeFile` would find its place, before hours of work. Leaves nothing behind.
[[nodiscard]] Result<void> checkWritable(const std::filesystem::path& file);

}  // namespace zwei
