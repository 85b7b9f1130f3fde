// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

#include "models/types/image.h"
#include "models/types/recipe.h"
#include "models/types/result.h"
#include "models/types/weights.h"

namespace zwei {

/// q(z|x) = N(mu, diag exp(logVar)): two tensors [B, latentSize]. One log variance everywhere, never a log deviation.
struct Posterior {
    torch::Tensor mu;
    torch::Tensor logVar;

    /// z = mu + exp(logVar / 2) * noise, with noise [B, latentSize] from N(0, I).
    torch::Tensor sample(const torch::Tensor& noise) const { return mu + (0.5 * logVar).exp() * noise; }
};

/// The network of a recipe. Its submodules are `encoder`, `mu`, `log_var` and `decoder`: the names in a model file.
class AutoencoderImpl : public torch::nn::Module {
public:
    explicit AutoencoderImpl(const Recipe& recipe);

    /// Images [B, 784] in [0, 1].
    Posterior encode(const torch::Tensor& images);

    /// Codes [B, latentSize] to logits [B, 784]; the decoded image is their sigmoid.
    torch::Tensor decode(const torch::Tensor& codes);

private:
    torch::nn::Sequential m_encoder;
    torch::nn::Linear m_mu;
    torch::nn::Linear m_logVar;
    torch::nn::Sequential m_decoder;

    AutoencoderImpl(const Recipe& recipe, const struct Halves& halves);
};
TORCH_MODULE(Autoencoder);

/// The one function that makes a network from a recipe. Its weights are drawn from the recipe's seed, as PyTorch draws
/// them (uniform within 1 / sqrt(fan in)); the output's bias is the logit of `meanImage` [784], so that the first
/// decoded image is the mean of the data. The recipe must have no fault (`recipeFault`).
Autoencoder buildAutoencoder(const Recipe& recipe, const torch::Tensor& meanImage = {});

/// A copy of all parameters on the processor.
WeightsPtr captureWeights(const Autoencoder& network, std::int64_t step);

/// Copies weights into a network; fails with a sentence that names the first tensor that is missing or has another
/// shape, and then changes nothing.
[[nodiscard]] Result<void> restoreWeights(Autoencoder& network, const Weights& weights);

/// Images `first` to `first + count` as [count, 784] in [0, 1].
torch::Tensor imageTensor(const ImageBatch& images, int first, int count);

/// [N, 784] in [0, 1], or anything that is clamped to it, as grey images.
ImageBatch imageBatch(const torch::Tensor& images);

}  // namespace zwei
