// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/nn/backbone.h"

#include "models/types/image.h"

namespace zwei {
namespace {

namespace nn = torch::nn;

/// Dense layers of these widths; returns the last width.
int addDense(nn::Sequential& layers, int width, const std::vector<int>& widths, Activation activation) {
    for (const int next : widths) {
        layers->push_back(nn::Linear(width, next));
        addActivation(layers, activation);
        width = next;
    }
    return width;
}

std::vector<int> reversed(const std::vector<int>& sizes) { return {sizes.rbegin(), sizes.rend()}; }

Halves buildLinear(const Recipe& recipe) {
    Halves halves{nn::Sequential(nn::Identity()), nn::Sequential(), kImagePixels};
    halves.decoder->push_back(nn::Linear(recipe.latentSize, kImagePixels));
    return halves;
}

Halves buildDense(const Recipe& recipe) {
    Halves halves{nn::Sequential(), nn::Sequential(), 0};
    halves.features = addDense(halves.encoder, kImagePixels + labelSize(recipe), recipe.hidden, recipe.activation);
    const int width =
        addDense(halves.decoder, recipe.latentSize + labelSize(recipe), reversed(recipe.hidden), recipe.activation);
    halves.decoder->push_back(nn::Linear(width, kImagePixels));
    return halves;
}

/// Returns the side of the last feature map.
int addStages(nn::Sequential& encoder, const Recipe& recipe) {
    const int inputs = 1 + labelSize(recipe);
    encoder->push_back(nn::Unflatten(nn::UnflattenOptions(1, {inputs, kImageSide, kImageSide})));
    const bool pools = recipe.resampling == Resampling::Pooling;
    int side = kImageSide;
    int channels = inputs;
    for (const int next : recipe.channels) {
        encoder->push_back(convolution(channels, next, pools ? 1 : 2));
        addActivation(encoder, recipe.activation);
        if (pools) encoder->push_back(nn::MaxPool2d(nn::MaxPool2dOptions(2).ceil_mode(true)));
        channels = next;
        side = (side + 1) / 2;
    }
    encoder->push_back(nn::Flatten());
    return side;
}

void addPooledStagesBack(nn::Sequential& decoder, const Recipe& recipe, int side) {
    constexpr int kLastSide = kImageSide / 2;  // what the last enlargement doubles
    int channels = recipe.channels.back();
    for (const int next : reversed(recipe.channels)) {
        const bool trims = side == kLastSide + 2;
        decoder->push_back(convolution(channels, next, 1, trims ? 0 : 1));
        addActivation(decoder, recipe.activation);
        decoder->push_back(
            nn::Upsample(nn::UpsampleOptions().scale_factor(std::vector<double>{2, 2}).mode(torch::kNearest)));
        channels = next;
        side = 2 * (trims ? kLastSide : side);
    }
    decoder->push_back(convolution(channels, 1));
}

void addStridedStagesBack(nn::Sequential& decoder, const Recipe& recipe) {
    const auto stages = static_cast<int>(recipe.channels.size());
    for (int stage = stages - 1; stage >= 0; --stage) {
        const auto at = static_cast<std::size_t>(stage);
        const int next = stage > 0 ? recipe.channels[at - 1] : 1;
        int side = kImageSide;
        for (int i = 0; i < stage; ++i) side = (side + 1) / 2;
        decoder->push_back(convolution(recipe.channels[at], 4 * next));
        decoder->push_back(nn::Functional(doubledTo, side));
        if (stage > 0) addActivation(decoder, recipe.activation);
    }
}

Halves buildConvolutional(const Recipe& recipe) {
    Halves halves{nn::Sequential(), nn::Sequential(), 0};
    const int side = addStages(halves.encoder, recipe);
    const int maps = recipe.channels.back() * side * side;
    halves.features = addDense(halves.encoder, maps, recipe.hidden, recipe.activation);

    const int width =
        addDense(halves.decoder, recipe.latentSize + labelSize(recipe), reversed(recipe.hidden), recipe.activation);
    addDense(halves.decoder, width, {maps}, recipe.activation);
    halves.decoder->push_back(nn::Unflatten(nn::UnflattenOptions(1, {recipe.channels.back(), side, side})));
    if (recipe.resampling == Resampling::Pooling)
        addPooledStagesBack(halves.decoder, recipe, side);
    else
        addStridedStagesBack(halves.decoder, recipe);
    halves.decoder->push_back(nn::Flatten());
    return halves;
}

}  // namespace

int labelSize(const Recipe& recipe) { return takesLabels(recipe) ? kClasses : 0; }

void addActivation(nn::Sequential& layers, Activation activation) {
    switch (activation) {
        case Activation::ReLU:
            layers->push_back(nn::ReLU());
            break;
        case Activation::GELU:
            layers->push_back(nn::GELU());
            break;
    }
}

nn::Conv2d convolution(int from, int to, int stride, int padding) {
    return nn::Conv2d(nn::Conv2dOptions(from, to, 3).stride(stride).padding(padding));
}

torch::Tensor doubledTo(const torch::Tensor& maps, int side) {
    return torch::pixel_shuffle(maps, 2).slice(2, 0, side).slice(3, 0, side);
}

Halves buildHalves(const Recipe& recipe) {
    switch (recipe.backbone) {
        case Backbone::Convolutional:
            return buildConvolutional(recipe);
        case Backbone::Linear:
            return buildLinear(recipe);
        case Backbone::Dense:
            break;
    }
    return buildDense(recipe);
}

}  // namespace zwei
