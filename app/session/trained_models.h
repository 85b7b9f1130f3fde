// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "models/io/model_file.h"
#include "models/types/result.h"

namespace zwei {

/// A model that ships with the program, by the name of its preset. For any thread.
[[nodiscard]] Result<Model> readTrainedModel(const std::string& id);

}  // namespace zwei
