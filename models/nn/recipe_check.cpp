// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/nn/recipe_check.h"

#include <cmath>
#include <utility>

#include "models/types/image.h"

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

std::size_t linear(std::size_t from, std::size_t to) { return from * to + to; }
std::size_t convolution(std::size_t from, std::size_t to) { return 9 * from * to + to; }
std::size_t residualBlock(std::size_t channels) { return 2 * convolution(channels, channels); }

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

std::vector<int> reversed(const std::vector<int>& sizes) { return {sizes.rbegin(), sizes.rend()}; }

std::size_t size(int value) { return static_cast<std::size_t>(value); }

std::size_t skipParameters(const std::vector<int>& channels) {
    std::size_t sum = convolution(4, size(channels.front())) + convolution(size(channels.front()), 4);
    for (std::size_t stage = 0; stage < channels.size(); ++stage) {
        const auto here = size(channels[stage]);
        sum += residualBlock(here);
        if (stage + 1 == channels.size()) break;
        const auto next = size(channels[stage + 1]);
        sum += convolution(here, next) + linear(next, 4 * here) + residualBlock(here);
    }
    return sum;
}

/// Of the convolutional stages on both sides, and how many numbers they make of an image.
std::pair<std::size_t, std::size_t> stageParameters(const Recipe& recipe, std::size_t labels) {
    const auto& channels = recipe.channels;
    std::size_t side = kImageSide;
    for (std::size_t stage = 0; stage < channels.size(); ++stage) side = (side + 1) / 2;
    auto sum = stack(1 + labels, channels, convolution);
    if (recipe.resampling == Resampling::Pooling) {
        sum += stack(size(channels.back()), reversed(channels), convolution) + convolution(size(channels.front()), 1);
    } else {
        for (std::size_t stage = 0; stage < channels.size(); ++stage)
            sum += convolution(size(channels[stage]), 4 * (stage > 0 ? size(channels[stage - 1]) : 1));
    }
    return {sum, size(channels.back()) * side * side};
}

/// Between an image, or its feature maps, and the code, both ways.
std::size_t denseParameters(const Recipe& recipe, std::size_t from, std::size_t to, std::size_t labels) {
    const auto latent = size(recipe.latentSize);
    const auto features = recipe.hidden.empty() ? from : size(recipe.hidden.back());
    const auto first = recipe.hidden.empty() ? latent + labels : size(recipe.hidden.front());
    const std::size_t heads = isVariational(recipe) ? 2 : 1;
    return stack(from, recipe.hidden, linear) + heads * linear(features, latent) +
           stack(latent + labels, reversed(recipe.hidden), linear) + linear(first, to);
}

std::size_t discriminatorParameters(const Recipe& recipe) {
    if (recipe.bottleneck != Bottleneck::Adversarial) return 0;
    return stack(size(recipe.latentSize), {kDiscriminatorWidth, kDiscriminatorWidth, 1}, linear);
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

std::size_t parameterCount(const Recipe& recipe) {
    if (!hasCode(recipe)) return skipParameters(recipe.channels);
    const auto latent = size(recipe.latentSize);
    const auto labels = takesLabels(recipe) ? size(kClasses) : 0;
    const auto pixels = size(kImagePixels);
    switch (recipe.backbone) {
        case Backbone::Linear:
            return linear(pixels, latent) + linear(latent, pixels);
        case Backbone::Convolutional: {
            const auto [stages, maps] = stageParameters(recipe, labels);
            return stages + denseParameters(recipe, maps, maps, labels) + discriminatorParameters(recipe);
        }
        case Backbone::Dense:
            break;
    }
    return denseParameters(recipe, pixels + labels, pixels, labels) + discriminatorParameters(recipe);
}

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
