// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/nn/recipe_check.h"

#include <cmath>
#include <utility>

namespace zwei {
namespace {

std::optional<Sentence> listFault(const std::vector<int>& sizes, const char* what, int least, int most, int largest) {
    const auto wanted = std::string(what) + " must be " + std::to_string(least) + " to " + std::to_string(most) +
                        " whole numbers from 1 to " + std::to_string(largest);
    if (std::ssize(sizes) < least || std::ssize(sizes) > most) return wanted + ".";
    for (const int size : sizes)
        if (size < 1 || size > largest) return wanted + ", not " + std::to_string(size) + ".";
    return std::nullopt;
}

std::optional<Sentence> rangeFault(long long value, const char* what, long long least, long long most) {
    if (value >= least && value <= most) return std::nullopt;
    return std::string(what) + " must be from " + std::to_string(least) + " to " + std::to_string(most) + ", not " +
           std::to_string(value) + ".";
}

std::optional<Sentence> inputFault(const Recipe& recipe) {
    if (recipe.input == Input::Small && recipe.factor != 2 && recipe.factor != 4)
        return "The factor must be 2 or 4, not " + std::to_string(recipe.factor) + ".";
    if (recipe.input != Input::Noisy) return std::nullopt;
    const double most = recipe.noise == NoiseKind::Gaussian ? kMostSigma : 1;
    if (!(recipe.noiseLeast >= 0 && recipe.noiseLeast <= recipe.noiseMost && recipe.noiseMost <= most))
        return "The noise must go from one level to a higher one, both from 0 to " +
               std::string(recipe.noise == NoiseKind::Gaussian ? "2." : "1.");
    if (!(std::abs(recipe.noiseMean) <= 1)) return "The mean of the noise must be from -1 to 1.";
    return std::nullopt;
}

std::optional<Sentence> networkFault(const Recipe& recipe) {
    const bool isSkip = recipe.bottleneck == Bottleneck::Skip;
    if (recipe.backbone == Backbone::Linear) {
        if (recipe.bottleneck != Bottleneck::Plain || recipe.input != Input::Clean)
            return "The linear baseline is a plain code of clean images.";
        return std::nullopt;
    }
    if (isSkip && recipe.backbone != Backbone::Convolutional)
        return "Skip connections are for a convolutional network.";
    if (isSkip && recipe.input == Input::Clean)
        return "A network with skip connections would only copy a clean image; its input must be noisy or small.";
    if (recipe.backbone == Backbone::Dense)
        return listFault(recipe.hidden, "The hidden widths", 1, kMostLayers, kMostWidth);
    if (auto fault = listFault(recipe.hidden, "The hidden widths", 0, kMostLayers, kMostWidth)) return fault;
    return listFault(recipe.channels, "The channels", 1, isSkip ? kMostStages - 1 : kMostStages, kMostChannels);
}

}  // namespace

std::optional<Sentence> recipeFault(const Recipe& recipe) {
    if (auto fault = inputFault(recipe)) return fault;
    if (auto fault = rangeFault(recipe.latentSize, "The code size", 1, kMostLatent)) return fault;
    if (!std::isfinite(recipe.beta) || recipe.beta < 0 || recipe.beta > 1000) return "Beta must be from 0 to 1000.";
    if (auto fault = networkFault(recipe)) return fault;
    if (!(recipe.learningRate > 0 && recipe.learningRate <= kMostLearningRate))
        return "The learning rate must be above 0 and at most 1000000.";
    if (auto fault = rangeFault(recipe.batch, "The batch", 1, 100000)) return fault;
    if (auto fault = rangeFault(recipe.epochs, "The epochs", 1, 100000)) return fault;
    return rangeFault(recipe.patience, "The patience", 0, 100000);
}

}  // namespace zwei
