// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

#include <optional>
#include <vector>

#include "models/nn/autoencoder.h"
#include "models/nn/examples.h"
#include "models/train/dense_step.h"
#include "models/train/optimiser.h"
#include "models/types/metrics.h"
#include "models/types/recipe.h"
#include "models/types/training_state.h"

namespace zwei {

/// What learns from a batch: the optimisers of a network, and the random numbers of its noise. For one thread. On a CPU
/// the step of a dense network is a `DenseStep`, with LibTorch's own way beside it (see `usesFusedKernels`).
class Learner {
public:
    /// The network is on `device` already.
    Learner(const Recipe& recipe, Autoencoder network, const torch::Device& device);

    /// One step of every optimiser at this rate on `indices` [B] of the examples. `beta` weighs the KL, or the push of
    /// the adversary. The terms are those before the step. So many threads at most share the step of a dense network,
    /// which their number does not change; LibTorch's own way takes as many as it has been set to.
    LossTerms learn(const Examples& examples, const torch::Tensor& indices, double learningRate, double beta,
                    int threads);

    /// The optimisers and the generator; the parameters are the network's own.
    void saveTo(TrainingState& state) const;
    /// Throws where they are of another network.
    void restore(const TrainingState& state);

private:
    /// What a network is fed, and what it is to say.
    struct Task {
        torch::Tensor inputs;   // [B, 784]
        torch::Tensor targets;  // [B, 784]
        torch::Tensor labels;   // [B], or undefined
        torch::Tensor noise;    // [B, latentSize] on the code, or undefined
    };

    Task taskOf(const Examples& batch);
    torch::Tensor normal(at::IntArrayRef shape);
    /// On their codes; undefined where there is none.
    torch::Tensor noiseFor(std::int64_t images);
    ElboTerms learnDense(const Examples& examples, const torch::Tensor& indices, double learningRate, double beta,
                         int threads);
    /// The gradients of the loss are the network's afterwards.
    ElboTerms propagate(const Task& task, double beta);
    LossTerms playAgainstDiscriminator(const Task& task, double learningRate, double beta);
    /// One step of the discriminator, with the codes held still; without the generator's loss.
    AdversaryTerms learnToDiscriminate(const torch::Tensor& codes, double learningRate);

    Recipe m_recipe;
    Autoencoder m_network;
    torch::Device m_device;
    at::Generator m_noise;
    Adam m_adam;                          // of encoder and decoder
    std::optional<Adam> m_discriminator;  // adversarial
    std::optional<DenseStep> m_dense;     // of the parameters and of m_adam
};

/// The streams of random numbers of a run: one never moves another.
enum class RandomStream : std::uint64_t { Shuffle = 1, Noise = 2 };
at::Generator generatorFor(std::uint64_t seed, RandomStream stream);
/// What it has to draw yet; `setGeneratorState` throws where it is none.
std::vector<std::uint8_t> generatorState(const at::Generator& generator);
void setGeneratorState(at::Generator& generator, const std::vector<std::uint8_t>& state);

}  // namespace zwei
