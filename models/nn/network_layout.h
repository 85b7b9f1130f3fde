// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

#include "models/types/recipe.h"
#include "models/types/weights.h"

namespace zwei {

/// The names, shapes and places of a recipe's tensors, in the order of `Weights`, without making the network. The
/// recipe must have no fault.
std::vector<TensorEntry> networkLayout(const Recipe& recipe);

/// How many numbers the network of a recipe without fault has.
std::size_t parameterCount(const Recipe& recipe);

}  // namespace zwei
