// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

#include "models/types/recipe.h"

namespace zwei {

/// A U-shaped network (Ronneberger et al., 2015): what the image loses on its way down is added again on the way up. It
/// works at half the image's side and below, on four pixels as four channels, so that no convolution is paid at full
/// size; each stage has a residual block on either side.
class SkipNetworkImpl : public torch::nn::Module {
public:
    explicit SkipNetworkImpl(const Recipe& recipe);

    /// Images [B, 784] in [0, 1] to logits [B, 784].
    torch::Tensor forward(const torch::Tensor& images);

    torch::Tensor& outputBias() { return m_output->bias; }

private:
    torch::nn::Sequential residualBlock(int channels) const;
    torch::Tensor addBlock(torch::nn::ModuleList& blocks, std::size_t stage, const torch::Tensor& maps);

    Activation m_activation;
    torch::nn::Conv2d m_input{nullptr};
    torch::nn::ModuleList m_down;   // residual block of each stage
    torch::nn::ModuleList m_halve;  // between stages
    torch::nn::ModuleList m_double;
    torch::nn::ModuleList m_up;  // residual block of each stage but the last
    torch::nn::Conv2d m_output{nullptr};
};
TORCH_MODULE(SkipNetwork);

}  // namespace zwei
