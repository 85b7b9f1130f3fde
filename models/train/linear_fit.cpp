// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/train/linear_fit.h"

#include "models/eval/pca.h"
#include "models/nn/autoencoder.h"
#include "models/nn/examples.h"

namespace zwei {

Recipe linearRecipe(int components) {
    Recipe recipe;
    recipe.bottleneck = Bottleneck::Plain;
    recipe.backbone = Backbone::Linear;
    recipe.latentSize = components;
    recipe.reconstruction = Reconstruction::Gaussian;
    return recipe;
}

WeightsPtr fitComponents(const Recipe& recipe, const LabelledImages& images) {
    const torch::NoGradGuard noGrad;
    auto network = buildAutoencoder(recipe);
    const auto fit = principalComponents(examplesOf(images, false).images, recipe.latentSize);
    network->setLinear(fit.mean / 255, fit.components);
    return captureWeights(network, 1);
}

}  // namespace zwei
