// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

#include "models/types/recipe.h"

namespace zwei {

/// The two halves of a network on either side of its bottleneck.
struct Halves {
    torch::nn::Sequential encoder;  ///< [B, 784 * inputs] -> [B, features]
    torch::nn::Sequential decoder;  ///< [B, codes] -> logits [B, 784]
    int features = 0;
};

/// How many numbers of a label encoder and decoder are fed: one for each class where the bottleneck is conditional.
int labelSize(const Recipe& recipe);

/// Dense: `hidden` layers and their mirror. Convolutional: 3x3 convolutions, of which each stage halves the image (28,
/// 14, 7, 4), then the dense layers; and the way back. With pooling the enlargement is the lesson's (4, 8, 16, and by
/// an unpadded convolution 14, then 28); strided, 4 doubles to 8 and loses a border to make 7. Linear: neither half has
/// a layer but the bottleneck's own.
Halves buildHalves(const Recipe& recipe);

/// GELU or ReLU.
void addActivation(torch::nn::Sequential& layers, Activation activation);

/// A convolution of 3 x 3 pixels.
torch::nn::Conv2d convolution(int from, int to, int stride = 1, int padding = 1);

/// [B, 4 c, s, s] to [B, c, side, side]: each pixel becomes four, and what is too much at the right and the bottom is
/// cut off.
torch::Tensor doubledTo(const torch::Tensor& maps, int side);

}  // namespace zwei
