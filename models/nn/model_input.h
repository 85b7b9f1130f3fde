// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

#include <optional>

#include "models/types/noise.h"
#include "models/types/recipe.h"

namespace zwei {

/// What the network of a recipe is fed for clean images [B, 784] in [0, 1], of the same shape: the images themselves;
/// or with noise on them, of a level drawn for each from the recipe's range unless `noise` says which; or averaged over
/// squares of `factor` pixels, each average repeated over its square.
torch::Tensor modelInput(const Recipe& recipe, const torch::Tensor& images, at::Generator& generator,
                         const std::optional<Noise>& noise = std::nullopt);

}  // namespace zwei
