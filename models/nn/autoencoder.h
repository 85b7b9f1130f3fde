// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

#include <span>

#include "models/nn/skip_network.h"
#include "models/types/image.h"
#include "models/types/recipe.h"
#include "models/types/result.h"
#include "models/types/weights.h"

namespace zwei {

/// What an encoder says of images. Variational: q(z|x) = N(mu, diag exp(logVar)), two tensors [B, latentSize], one log
/// variance everywhere and never a log deviation. Otherwise mu is the code itself, and there is no logVar.
struct Posterior {
    torch::Tensor mu;
    torch::Tensor logVar;

    /// z = mu + exp(logVar / 2) * noise, with noise [B, latentSize] from N(0, I); mu where there is no logVar.
    torch::Tensor sample(const torch::Tensor& noise) const {
        return logVar.defined() ? mu + (0.5 * logVar).exp() * noise : mu;
    }
};

/// The network of a recipe. Its submodules are `encoder`, `mu`, `log_var` (variational), `decoder` and `discriminator`
/// (adversarial), or else `skip`: the names in a model file. `labels` are int64 [B] where the bottleneck is
/// conditional, and undefined otherwise.
class AutoencoderImpl : public torch::nn::Module {
public:
    explicit AutoencoderImpl(const Recipe& recipe);

    /// Inputs [B, 784] in [0, 1], for a recipe that has a code.
    Posterior encode(const torch::Tensor& inputs, const torch::Tensor& labels = {});

    /// Codes [B, latentSize] to logits [B, 784]; the decoded image is their sigmoid. (The linear baseline's own output
    /// is an image; it is clipped to [1e-6, 1 - 1e-6] and returned as logits too.)
    torch::Tensor decode(const torch::Tensor& codes, const torch::Tensor& labels = {});

    /// Inputs [B, 784] to the logits of what comes out for them, by mu where there is a code.
    torch::Tensor reconstruct(const torch::Tensor& inputs, const torch::Tensor& labels = {});

    /// Adversarial: logits [B] of "this code was drawn from the prior" for codes [B, latentSize].
    torch::Tensor discriminate(const torch::Tensor& codes);

    /// All but the discriminator's.
    std::vector<torch::Tensor> autoencoderParameters() const;
    std::vector<torch::Tensor> discriminatorParameters() const { return m_discriminator->parameters(); }

    /// Stores the dense layers of both halves input by input, as `DenseStep` takes them, and as the fast product with
    /// images of which most pixels are 0 does.
    void layForProducts();

    /// The bias of what comes out: one a pixel, or one for all.
    torch::Tensor& outputBias();

    /// Linear: z = components (x - mean), and back by mean + z components. `mean` [784], `components` [latentSize, 784]
    /// with orthonormal rows.
    void setLinear(const torch::Tensor& mean, const torch::Tensor& components);

private:
    torch::Tensor withLabels(const torch::Tensor& values, const torch::Tensor& labels, std::int64_t repeats) const;

    bool m_isLinear = false;
    std::int64_t m_labelRepeats = 1;  // how often a label stands beside an image: once, or at each pixel
    torch::nn::Sequential m_encoder{nullptr};
    torch::nn::Linear m_mu{nullptr};
    torch::nn::Linear m_logVar{nullptr};
    torch::nn::Sequential m_decoder{nullptr};
    torch::nn::Sequential m_discriminator{nullptr};
    SkipNetwork m_skip{nullptr};
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

/// All labels as int64 [n]; undefined where there are none.
torch::Tensor labelTensor(std::span<const std::uint8_t> labels);

/// [N, 784] in [0, 1], or anything that is clamped to it, as grey images.
ImageBatch imageBatch(const torch::Tensor& images);

/// May several threads run parts of a batch at once? Not through convolutions: oneDNN has threads of its own for each
/// (TBB's, in Debian), and those of several callers stand in each other's way.
inline bool runsInParts(const Recipe& recipe, const torch::Device& device) {
    return device.is_cpu() && recipe.backbone == Backbone::Dense;
}

}  // namespace zwei
