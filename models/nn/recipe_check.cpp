// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/nn/recipe_check.h"

#include <cmath>

namespace zwei {
namespace {

std::optional<Sentence> listFault(const std::vector<int>& sizes, const char* what, int most, int largest) {
    const auto wanted = std::string(what) + " must be 1 to " + std::to_string(most) + " whole numbers from 1 to " +
                        std::to_string(largest);
    if (sizes.empty() || sizes.size() > static_cast<std::size_t>(most)) return wanted + ".";
    for (const int size : sizes)
        if (size < 1 || size > largest) return wanted + ", not " + std::to_string(size) + ".";
    return std::nullopt;
}

std::optional<Sentence> rangeFault(long long value, const char* what, long long least, long long most) {
    if (value >= least && value <= most) return std::nullopt;
    return std::string(what) + " must be from " + std::to_string(least) + " to " + std::to_string(most) + ", not " +
           std::to_string(value) + ".";
}

}  // namespace

std::optional<Sentence> recipeFault(const Recipe& recipe) {
    if (auto fault = rangeFault(recipe.latentSize, "The code size", 1, kMostLatent)) return fault;
    if (!std::isfinite(recipe.beta) || recipe.beta < 0 || recipe.beta > 1000) return "Beta must be from 0 to 1000.";
    if (recipe.backbone == Backbone::Dense) {
        if (auto fault = listFault(recipe.hidden, "The hidden widths", kMostLayers, kMostWidth)) return fault;
    } else if (auto fault = listFault(recipe.channels, "The channels", kMostStages, kMostChannels)) {
        return fault;
    }
    if (!std::isfinite(recipe.learningRate) || recipe.learningRate <= 0)
        return "The learning rate must be a number above 0.";
    if (auto fault = rangeFault(recipe.batch, "The batch", 1, 100000)) return fault;
    if (auto fault = rangeFault(recipe.epochs, "The epochs", 1, 100000)) return fault;
    return rangeFault(recipe.patience, "The patience", 0, 100000);
}

}  // namespace zwei
