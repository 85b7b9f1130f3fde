// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "models/types/snapshot.h"

namespace zwei::cli {

/// Codes as CSV: one line an image with its name, its label (empty where unknown), mu and, of
/// distributions, log variance by dimension.
std::string codesToCsv(const Codes& codes, const std::vector<std::string>& names,
                       const std::vector<std::uint8_t>& labels);

}  // namespace zwei::cli
