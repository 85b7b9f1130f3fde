// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/data/dataset.h"
#include "models/types/properties.h"
#include "models/types/recipe.h"
#include "models/types/result.h"
#include "models/types/weights.h"

namespace zwei {

/// Measures the properties of a model on the test images of `data` and, unless it is null, of `other`: on 2,000 images
/// of each, where there are so many. The linear curve is that of the principal components of the training images of
/// `data` (of its test images, where it has no others). Fails where the model asks for labels and the images have none.
[[nodiscard]] Result<PropertiesSnapshot> measureProperties(const Recipe& recipe, const Weights& weights,
                                                           const Dataset& data, const DatasetPtr& other);

}  // namespace zwei
