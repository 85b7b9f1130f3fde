// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "models/data/dataset.h"
#include "models/types/result.h"

namespace zwei::cli {

/// Reads a folder of images as a data set. Tells on standard error how far it is, if that is a terminal, and at the end
/// what was read and what could not be.
[[nodiscard]] Result<DatasetPtr> readFolderData(const std::string& folder);

}  // namespace zwei::cli
