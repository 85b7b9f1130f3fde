// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <filesystem>
#include <vector>

#include "app/session/dataset_catalogue.h"

namespace zwei {

enum class FileVerdict {
    Missing,
    Whole,
    Incomplete,  ///< right as far as can be told, and cut off
    Wrong,
    Unknown,  ///< unpacked, where only the packed file's checksum is known
};

/// Reads the file, packed or not whatever its name says, and compares it with the catalogue. Never unpacks more than
/// the catalogue says there is. Packed data may have several members, and nothing behind them. For any thread; `stop`
/// ends it early with any verdict.
FileVerdict checkFile(const std::filesystem::path& file, const CatalogueFile& wanted, const std::atomic<bool>& stop);

struct CheckedFile {
    CatalogueFile wanted;
    std::filesystem::path path;  ///< that the loader takes; where there is none, that of the packed file
    FileVerdict verdict = FileVerdict::Missing;
};

/// The files of a set in its folder, in the catalogue's order.
std::vector<CheckedFile> checkSet(const std::filesystem::path& folder, const CatalogueSet& set,
                                  const std::atomic<bool>& stop);

}  // namespace zwei
