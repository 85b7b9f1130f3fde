// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "models/types/recipe.h"
#include "models/types/weights.h"

namespace zwei {

/// The names, shapes and places of a recipe's tensors, in the order of `Weights`. The recipe must have no fault.
std::vector<TensorEntry> networkLayout(const Recipe& recipe);

}  // namespace zwei
