// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/nn/recipe_check.h"

#include <cmath>

#include "models/types/image.h"

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

std::size_t linear(std::size_t from, std::size_t to) { return from * to + to; }
std::size_t convolution(std::size_t from, std::size_t to) { return 9 * from * to + to; }

/// Of layers of these sizes, one after the other.
template <typename Layer>
std::size_t stack(std::size_t first, const std::vector<int>& sizes, Layer layer) {
    std::size_t sum = 0;
    auto from = first;
    for (const int size : sizes) {
        sum += layer(from, static_cast<std::size_t>(size));
        from = static_cast<std::size_t>(size);
    }
    return sum;
}

}  // namespace

std::size_t parameterCount(const Recipe& recipe) {
    const auto latent = static_cast<std::size_t>(recipe.latentSize);
    if (recipe.backbone == Backbone::Dense) {
        const std::vector<int> back(recipe.hidden.rbegin(), recipe.hidden.rend());
        const auto features = static_cast<std::size_t>(recipe.hidden.back());
        return stack(kImagePixels, recipe.hidden, linear) + 2 * linear(features, latent) + stack(latent, back, linear) +
               linear(static_cast<std::size_t>(back.back()), kImagePixels);
    }
    std::size_t side = kImageSide;
    for (std::size_t stage = 0; stage < recipe.channels.size(); ++stage) side = (side + 1) / 2;
    const std::vector<int> back(recipe.channels.rbegin(), recipe.channels.rend());
    const auto last = static_cast<std::size_t>(recipe.channels.back());
    const auto features = last * side * side;
    return stack(1, recipe.channels, convolution) + 2 * linear(features, latent) + linear(latent, features) +
           stack(last, back, convolution) + convolution(static_cast<std::size_t>(back.back()), 1);
}

std::optional<Sentence> recipeFault(const Recipe& recipe) {
    if (auto fault = rangeFault(recipe.latentSize, "The code size", 1, kMostLatent)) return fault;
    if (!std::isfinite(recipe.beta) || recipe.beta < 0 || recipe.beta > 1000) return "Beta must be from 0 to 1000.";
    if (recipe.backbone == Backbone::Dense) {
        if (auto fault = listFault(recipe.hidden, "The hidden widths", kMostLayers, kMostWidth)) return fault;
    } else if (auto fault = listFault(recipe.channels, "The channels", kMostStages, kMostChannels)) {
        return fault;
    }
    if (!(recipe.learningRate > 0 && recipe.learningRate <= kMostLearningRate))
        return "The learning rate must be above 0 and at most 1000000.";
    if (auto fault = rangeFault(recipe.batch, "The batch", 1, 100000)) return fault;
    if (auto fault = rangeFault(recipe.epochs, "The epochs", 1, 100000)) return fault;
    return rangeFault(recipe.patience, "The patience", 0, 100000);
}

}  // namespace zwei
