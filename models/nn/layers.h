// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

#include <optional>

#include "models/types/recipe.h"

namespace zwei {

/// What `layers` make of values [B, n], as their own `forward`; on a CPU with fused kernels (see `usesFusedKernels`),
/// each dense layer and its activation in two passes rather than six. A second derivative is refused then.
torch::Tensor runLayers(torch::nn::Sequential layers, torch::Tensor values);

/// f(values) of any shape, value by value.
torch::Tensor activate(const torch::Tensor& values, Activation activation);

/// f(x W' + b), the fused way: x [B, in], W [out, in], b [out], all on the CPU and of float32. An x of which most
/// values are 0, such as images of digits, is multiplied as a sparse matrix where W lies input by input
/// (`layInputByInput`).
torch::Tensor denseLayer(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias,
                         std::optional<Activation> activation);

/// Stores the weights of this layer so that those of an input lie together; its shape and its values stay.
void layInputByInput(torch::nn::Linear& layer);

}  // namespace zwei
