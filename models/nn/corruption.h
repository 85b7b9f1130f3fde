// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

#include "models/types/noise.h"

namespace zwei {

/// Images [B, 784] in [0, 1] with noise of a kind on them, again in [0, 1]. `levels` [B, 1] has one level an image (see
/// `NoiseKind` for what it means); `mean` is that of Gaussian noise.
torch::Tensor corrupt(const torch::Tensor& images, NoiseKind kind, const torch::Tensor& levels, double mean,
                      at::Generator& generator);

/// The same with one level for all.
torch::Tensor corrupt(const torch::Tensor& images, const Noise& noise, at::Generator& generator);

}  // namespace zwei
