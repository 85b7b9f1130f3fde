// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/types/image.h"
#include "models/types/recipe.h"
#include "models/types/weights.h"

namespace zwei {

/// Principal components and nothing else.
Recipe linearRecipe(int components);

/// How many take the most noise off digits: `scripts/bench --denoising` tells.
inline constexpr int kRestoringComponents = 50;

/// The weights of a linear recipe (`Backbone::Linear`), which are not trained but fitted: mean and first principal
/// components of at least 2 images. The step is 1.
WeightsPtr fitComponents(const Recipe& recipe, const LabelledImages& images);

}  // namespace zwei
