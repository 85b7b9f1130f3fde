// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/types/image.h"
#include "models/types/recipe.h"
#include "models/types/weights.h"

namespace zwei {

/// The weights of a linear recipe (`Backbone::Linear`), which are not trained but fitted: mean and first principal
/// components of at least 2 images. The step is 1.
WeightsPtr fitComponents(const Recipe& recipe, const LabelledImages& images);

}  // namespace zwei
