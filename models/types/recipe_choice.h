// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/types/recipe.h"

namespace zwei {

enum class Axis { Input, Bottleneck, Backbone };

/// The recipe after a choice on one axis: where another axis does not go with it, that one gives way. (A skip
/// connection needs a convolutional network and something to mend; the linear baseline is a plain code of clean
/// images.)
inline Recipe settled(Recipe recipe, Axis chosen) {
    const bool isSkip = recipe.bottleneck == Bottleneck::Skip;
    const bool isLinear = recipe.backbone == Backbone::Linear;
    switch (chosen) {
        case Axis::Input:
            if (isSkip && recipe.input == Input::Clean) recipe.bottleneck = Bottleneck::Plain;
            if (isLinear && recipe.input != Input::Clean) recipe.backbone = Backbone::Dense;
            break;
        case Axis::Bottleneck:
            if (isSkip) recipe.backbone = Backbone::Convolutional;
            if (isSkip && recipe.input == Input::Clean) recipe.input = Input::Noisy;
            if (isLinear && recipe.bottleneck != Bottleneck::Plain && !isSkip) recipe.backbone = Backbone::Dense;
            break;
        case Axis::Backbone:
            if (isSkip && recipe.backbone != Backbone::Convolutional) recipe.bottleneck = Bottleneck::Plain;
            if (isLinear) {
                recipe.bottleneck = Bottleneck::Plain;
                recipe.input = Input::Clean;
                recipe.reconstruction = Reconstruction::Gaussian;
            }
            break;
    }
    if (recipe.backbone == Backbone::Dense && recipe.hidden.empty()) recipe.hidden = Recipe().hidden;
    if (recipe.backbone == Backbone::Convolutional && recipe.channels.empty()) recipe.channels = Recipe().channels;
    return recipe;
}

}  // namespace zwei
