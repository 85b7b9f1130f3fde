// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

#include "models/nn/autoencoder.h"
#include "models/types/recipe.h"

namespace zwei {

/// -log p(x|z) in nats an image: summed over pixels, averaged over the batch. Logits and targets [B, 784], targets in
/// [0, 1]. Bernoulli: the cross-entropy, of grey targets the grey value itself. Gaussian: variance 1/2, so
/// sum (x - x')^2 + 392 log pi, a density and thus not comparable with the other.
torch::Tensor reconstructionLoss(Reconstruction kind, const torch::Tensor& logits, const torch::Tensor& targets);

/// KL(q(z|x) || N(0, I)) in nats an image: -1/2 sum (1 + logVar - mu^2 - exp(logVar)), summed over dimensions, averaged
/// over the batch (Kingma and Welling, 2014, appendix B).
torch::Tensor gaussianKl(const Posterior& posterior);

}  // namespace zwei
