// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "models/types/recipe.h"

namespace zwei {

/// A recipe with a name: what `--preset` and the window's model list offer.
struct Preset {
    std::string_view id;
    std::string_view title;
    Recipe recipe;
};

namespace detail {

inline Recipe vaeBest() {
    Recipe recipe;
    recipe.hidden = {512, 512, 512};
    recipe.targets = Targets::Binarised;
    recipe.learningRate = 1.5e-3;
    recipe.epochs = 100;
    return recipe;
}

inline Recipe convVae() {
    Recipe recipe;
    recipe.backbone = Backbone::Convolutional;
    recipe.channels = {32, 16};
    recipe.hidden = {256, 256};
    recipe.resampling = Resampling::Strided;
    return recipe;
}

inline Recipe autoencoder() {
    Recipe recipe;
    recipe.bottleneck = Bottleneck::Plain;
    recipe.hidden = {256, 256, 128};
    recipe.learningRate = 2e-3;
    recipe.epochs = 30;
    return recipe;
}

inline Recipe cvae() {
    Recipe recipe;
    recipe.bottleneck = Bottleneck::Conditional;
    recipe.targets = Targets::Binarised;
    recipe.learningRate = 2e-3;
    recipe.epochs = 60;
    return recipe;
}

inline Recipe aae() {
    Recipe recipe;
    recipe.bottleneck = Bottleneck::Adversarial;
    recipe.hidden = {192, 192, 192};
    recipe.learningRate = 2e-3;
    recipe.epochs = 25;
    return recipe;
}

inline Recipe pca() {
    Recipe recipe;
    recipe.bottleneck = Bottleneck::Plain;
    recipe.backbone = Backbone::Linear;
    recipe.reconstruction = Reconstruction::Gaussian;
    recipe.epochs = 1;
    return recipe;
}

inline Recipe denoiser() {
    Recipe recipe;
    recipe.input = Input::Noisy;
    recipe.bottleneck = Bottleneck::Skip;
    recipe.backbone = Backbone::Convolutional;
    recipe.channels = {40, 64, 96};
    recipe.hidden = {};
    recipe.learningRate = 5e-3;
    recipe.batch = 128;
    recipe.epochs = 18;
    return recipe;
}

inline Recipe superResolution(int factor) {
    Recipe recipe = denoiser();
    recipe.input = Input::Small;
    recipe.factor = factor;
    recipe.channels = {24, 48, 72};
    recipe.learningRate = 4e-3;
    recipe.batch = 64;
    recipe.epochs = factor == 2 ? 8 : 5;
    return recipe;
}

}  // namespace detail

/// All presets, in the order in which they are offered.
inline const std::vector<Preset>& presets() {
    static const std::vector<Preset> all = {
        {"vae", "VAE", Recipe{}},
        {"vae-best", "VAE, best", detail::vaeBest()},
        {"conv-vae", "Conv VAE", detail::convVae()},
        {"cvae", "Conditional VAE", detail::cvae()},
        {"ae", "Autoencoder", detail::autoencoder()},
        {"aae", "Adversarial", detail::aae()},
        {"pca", "PCA", detail::pca()},
        {"denoise", "Denoiser", detail::denoiser()},
        {"superres-2x", "Super-resolution 2×", detail::superResolution(2)},
        {"superres-4x", "Super-resolution 4×", detail::superResolution(4)},
    };
    return all;
}

inline std::optional<Recipe> presetRecipe(std::string_view id) {
    const auto found = std::find_if(presets().begin(), presets().end(), [id](const auto& p) { return p.id == id; });
    return found == presets().end() ? std::nullopt : std::optional(found->recipe);
}

}  // namespace zwei
