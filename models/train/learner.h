// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

#include <optional>

#include "models/nn/autoencoder.h"
#include "models/nn/examples.h"
#include "models/train/optimiser.h"
#include "models/types/metrics.h"
#include "models/types/recipe.h"

namespace zwei {

/// What learns from a batch: the optimisers of a network, and the random numbers of its noise. For one thread.
class Learner {
public:
    /// The network is on `device` already.
    Learner(const Recipe& recipe, Autoencoder network, const torch::Device& device);

    /// One step of every optimiser at this rate. `beta` weighs the KL, or the push of the adversary. The terms are
    /// those before the step.
    LossTerms learn(const Examples& batch, double learningRate, double beta);

private:
    torch::Tensor normal(at::IntArrayRef shape);
    /// One step of the discriminator, with the codes held still; without the generator's loss.
    AdversaryTerms learnToDiscriminate(const torch::Tensor& codes, double learningRate);

    Recipe m_recipe;
    Autoencoder m_network;
    torch::Device m_device;
    at::Generator m_noise;
    Adam m_adam;                          // of encoder and decoder
    std::optional<Adam> m_discriminator;  // adversarial
};

/// The streams of random numbers of a run: one never moves another.
enum class RandomStream : std::uint64_t { Shuffle = 1, Noise = 2 };
at::Generator generatorFor(std::uint64_t seed, RandomStream stream);

}  // namespace zwei
