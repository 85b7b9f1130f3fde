// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

#include "models/types/recipe.h"

namespace zwei {

/// The two halves of a network on either side of its bottleneck.
struct Halves {
    torch::nn::Sequential encoder;  ///< [B, 784] -> [B, features]
    torch::nn::Sequential decoder;  ///< [B, latentSize] -> logits [B, 784]
    int features = 0;
};

/// Dense: `hidden` layers and their mirror. Convolutional: the lesson's, that is 3x3 convolutions, each followed by a
/// pooling that halves the image (28, 14, 7, 4), and on the way back by an enlargement that doubles it (4, 8, 16, and
/// by an unpadded convolution 14, then 28).
Halves buildHalves(const Recipe& recipe);

}  // namespace zwei
