// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "models/types/result.h"
#include "models/types/snapshot.h"

namespace zwei::cli {

/// Codes as CSV: one line an image with its name, its label (empty where unknown), mu and, of
/// distributions, log variance by dimension.
std::string codesToCsv(const Codes& codes, const std::vector<std::string>& names,
                       const std::vector<std::uint8_t>& labels);

/// What `writeCodes` takes.
inline constexpr const char* kCodesHelp =
    "CSV to write; or codes.npy: the codes [n, d], and beside it codes-labels.npy [n] and, of distributions, "
    "codes-log_var.npy";

/// As a table or, where the file's name ends in .npy, as arrays: the codes in this one, and what else there is beside
/// it. Each file is written whole or not at all.
[[nodiscard]] Result<void> writeCodes(const std::filesystem::path& file, const Codes& codes,
                                      const std::vector<std::string>& names, const std::vector<std::uint8_t>& labels);

}  // namespace zwei::cli
