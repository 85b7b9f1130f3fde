// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

#include <optional>
#include <vector>

#include "models/nn/autoencoder.h"
#include "models/nn/examples.h"
#include "models/train/optimiser.h"
#include "models/types/metrics.h"
#include "models/types/recipe.h"
#include "models/types/training_state.h"

namespace zwei {

/// What learns from a batch: the optimisers of a network, and the random numbers of its noise. For one thread; on a CPU
/// with more of them each takes its part of a batch, forwards and backwards, with a twin of the network that has the
/// same parameters and gradients of its own. They meet once a step, where threads that share each product would meet
/// forty times and lose a time slice at each when another program wants a processor.
class Learner {
public:
    /// The network is on `device` already.
    Learner(const Recipe& recipe, Autoencoder network, const torch::Device& device);

    /// One step of every optimiser at this rate. `beta` weighs the KL, or the push of the adversary. The terms are
    /// those before the step.
    LossTerms learn(const Examples& batch, double learningRate, double beta);

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

        Task slice(std::int64_t first, std::int64_t end) const;
        std::int64_t size() const { return targets.size(0); }
    };

    Task taskOf(const Examples& batch);
    torch::Tensor normal(at::IntArrayRef shape);
    std::int64_t partsOf(std::int64_t images) const;
    void makeTwins(std::int64_t parts);
    ElboTerms learnInParts(const Task& task, std::int64_t parts, double beta);
    /// Adds the gradients of this share of the loss to the network's.
    ElboTerms propagate(Autoencoder& network, const Task& task, double share, double beta) const;
    LossTerms playAgainstDiscriminator(const Task& task, double learningRate, double beta);
    /// One step of the discriminator, with the codes held still; without the generator's loss.
    AdversaryTerms learnToDiscriminate(const torch::Tensor& codes, double learningRate);

    Recipe m_recipe;
    Autoencoder m_network;
    std::vector<Autoencoder> m_twins;  // that share its parameters
    torch::Device m_device;
    at::Generator m_noise;
    Adam m_adam;                          // of encoder and decoder
    std::optional<Adam> m_discriminator;  // adversarial
};

/// The streams of random numbers of a run: one never moves another.
enum class RandomStream : std::uint64_t { Shuffle = 1, Noise = 2 };
at::Generator generatorFor(std::uint64_t seed, RandomStream stream);
/// What it has to draw yet; `setGeneratorState` throws where it is none.
std::vector<std::uint8_t> generatorState(const at::Generator& generator);
void setGeneratorState(at::Generator& generator, const std::vector<std::uint8_t>& state);

}  // namespace zwei
