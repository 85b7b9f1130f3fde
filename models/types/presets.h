// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "models/types/recipe.h"

namespace zwei {

/// A recipe with a name: what `--preset` and the window's model list offer.
struct Preset {
    std::string_view id;
    std::string_view title;
    Recipe recipe;
};

inline const std::array<Preset, 2>& presets() {
    static const std::array<Preset, 2> all = [] {
        Recipe conv;
        conv.backbone = Backbone::Convolutional;
        conv.activation = Activation::ReLU;
        return std::array<Preset, 2>{Preset{"vae", "VAE", Recipe{}}, Preset{"conv-vae", "Conv VAE", conv}};
    }();
    return all;
}

inline std::optional<Recipe> presetRecipe(std::string_view id) {
    const auto found = std::find_if(presets().begin(), presets().end(), [id](const auto& p) { return p.id == id; });
    return found == presets().end() ? std::nullopt : std::optional(found->recipe);
}

}  // namespace zwei
