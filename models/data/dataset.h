// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/types/image.h"
#include "models/types/result.h"

namespace zwei {

/// A data set in memory: images of 28 x 28 pixels to train on and to measure on.
struct Dataset {
    std::string name;                     ///< what the command line calls it: `mnist`, `kmnist`, `digits`
    LabelledImages train;                 ///< empty where a set has only test images (KMNIST's test part)
    LabelledImages test;                  ///< never empty
    std::vector<std::string> classNames;  ///< by label; empty: the labels are digits, or there are none
};

using DatasetPtr = std::shared_ptr<const Dataset>;

/// A checksum (CRC-32) of all images and labels, to tell whether two data sets are the same.
std::uint32_t fingerprintOf(const Dataset& dataset);

/// The embedded set, which needs no file: 60,000 procedural digits to train on and 10,000 to measure on.
inline constexpr std::string_view kEmbeddedDataset = "digits";
inline constexpr int kTrainImages = 60000;
inline constexpr int kTestImages = 10000;

/// The folders that are searched for data sets, best first: `dataDir` (the command line's), `ZWEI_DATA_DIR`, and
/// `zwei` in the user's XDG data folder.
std::vector<std::filesystem::path> dataFolders(const std::optional<std::filesystem::path>& dataDir);

/// Where a new data set goes to: into the command line's folder, else into the user's own. Empty where there is
/// neither.
std::filesystem::path folderForNewDatasets(const std::vector<std::filesystem::path>& folders);

/// A data set on this machine, or the embedded one (without a folder).
struct DatasetLocation {
    std::string name;
    std::filesystem::path folder;
    bool hasTrain = true;  ///< images to train on, and those to test on
    bool hasTest = true;   ///< else only a part has arrived, and loading says what is missing
};

/// All data sets that can be loaded, the embedded one last; of two with the same name, the one found
/// first, but one that can be trained on before one that has test images alone.
std::vector<DatasetLocation> findDatasets(const std::vector<std::filesystem::path>& folders);

/// Loads a data set by name from the first folder that has it. Fails with one sentence that names the file and what is
/// wrong with it, or where the set was looked for.
[[nodiscard]] Result<DatasetPtr> loadDataset(const std::string& name,
                                             const std::vector<std::filesystem::path>& folders);

}  // namespace zwei
