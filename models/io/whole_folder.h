// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <vector>

#include "models/io/named_bytes.h"
#include "models/types/result.h"

namespace zwei {

/// Writes files into a folder, which is made where there is none: all of them are written aside before the first one
/// takes its place. What else is in the folder stays; a file of one of these names is replaced only if `mayReplace`.
/// Names are plain ones. Failures name the file or the folder: a new one is not there then; of one that was there
/// before, some files may be the new ones, each of them whole.
[[nodiscard]] Result<void> writeWholeFolder(const std::filesystem::path& folder, const std::vector<NamedBytes>& files,
                                            bool mayReplace = false);

/// Whether `writeWholeFolder` would find its place for files of these names, before hours of work.
[[nodiscard]] Result<void> checkFolder(const std::filesystem::path& folder, const std::vector<std::string>& names,
                                       bool mayReplace = false);

}  // namespace zwei
