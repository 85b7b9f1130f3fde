// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/nn/backbone.h"

#include "models/types/image.h"

namespace zwei {
namespace {

namespace nn = torch::nn;

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

Halves buildDense(const Recipe& recipe) {
    Halves halves{nn::Sequential(), nn::Sequential(), recipe.hidden.back()};
    int width = kImagePixels;
    for (const int next : recipe.hidden) {
        halves.encoder->push_back(nn::Linear(width, next));
        addActivation(halves.encoder, recipe.activation);
        width = next;
    }
    width = recipe.latentSize;
    for (auto next = recipe.hidden.rbegin(); next != recipe.hidden.rend(); ++next) {
        halves.decoder->push_back(nn::Linear(width, *next));
        addActivation(halves.decoder, recipe.activation);
        width = *next;
    }
    halves.decoder->push_back(nn::Linear(width, kImagePixels));
    return halves;
}

nn::Conv2d convolution(int from, int to, bool padded) {
    return nn::Conv2d(nn::Conv2dOptions(from, to, 3).padding(padded ? 1 : 0));
}

/// Returns the side of the last feature map.
int addConvolutionalEncoder(nn::Sequential& encoder, const Recipe& recipe) {
    encoder->push_back(nn::Unflatten(nn::UnflattenOptions(1, {1, kImageSide, kImageSide})));
    int side = kImageSide;
    int channels = 1;
    for (const int next : recipe.channels) {
        encoder->push_back(convolution(channels, next, true));
        addActivation(encoder, recipe.activation);
        encoder->push_back(nn::MaxPool2d(nn::MaxPool2dOptions(2).ceil_mode(true)));
        channels = next;
        side = (side + 1) / 2;
    }
    encoder->push_back(nn::Flatten());
    return side;
}

void addConvolutionalDecoder(nn::Sequential& decoder, const Recipe& recipe, int side) {
    constexpr int kLastSide = kImageSide / 2;  // what the last enlargement doubles
    int channels = recipe.channels.back();
    decoder->push_back(nn::Linear(recipe.latentSize, channels * side * side));
    addActivation(decoder, recipe.activation);
    decoder->push_back(nn::Unflatten(nn::UnflattenOptions(1, {channels, side, side})));
    for (auto next = recipe.channels.rbegin(); next != recipe.channels.rend(); ++next) {
        const bool trims = side == kLastSide + 2;
        decoder->push_back(convolution(channels, *next, !trims));
        addActivation(decoder, recipe.activation);
        decoder->push_back(
            nn::Upsample(nn::UpsampleOptions().scale_factor(std::vector<double>{2, 2}).mode(torch::kNearest)));
        channels = *next;
        side = 2 * (trims ? kLastSide : side);
    }
    decoder->push_back(convolution(channels, 1, true));
    decoder->push_back(nn::Flatten());
}

Halves buildConvolutional(const Recipe& recipe) {
    Halves halves{nn::Sequential(), nn::Sequential(), 0};
    const int side = addConvolutionalEncoder(halves.encoder, recipe);
    addConvolutionalDecoder(halves.decoder, recipe, side);
    halves.features = recipe.channels.back() * side * side;
    return halves;
}

}  // namespace

Halves buildHalves(const Recipe& recipe) {
    switch (recipe.backbone) {
        case Backbone::Convolutional:
            return buildConvolutional(recipe);
        case Backbone::Dense:
            break;
    }
    return buildDense(recipe);
}

}  // namespace zwei
