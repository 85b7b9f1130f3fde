// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/train/learner.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "models/nn/losses.h"
#include "models/nn/model_input.h"
#include "models/runtime/fused_kernels.h"

namespace zwei {
namespace {

// What a nat of the generator's loss counts, beside the reconstruction's nats, where beta is 1. The encoder has one
// Adam for both: one of its own for the push, as in the lesson, would make full steps of what is mere noise once the
// codes are where they should be.
constexpr double kPush = 10;

// A discriminator that may be as steep as it likes wins after some epochs, and then nothing pulls the codes any more:
// the zero-centred gradient penalty of Mescheder et al. (2018), on both sides.
constexpr double kGradientPenalty = 0.5;

constexpr double kBeta2 = 0.99;

torch::Tensor isPriorLoss(const torch::Tensor& logits, double truth) {
    return torch::binary_cross_entropy_with_logits(logits, torch::full_like(logits, truth));
}

/// The mean squared length of the gradient by the code.
torch::Tensor squaredSlope(const torch::Tensor& logits, const torch::Tensor& codes) {
    const auto gradient = torch::autograd::grad({logits.sum()}, {codes}, {}, /*retain_graph=*/true,
                                                /*create_graph=*/true);
    return gradient.front().square().sum(1).mean();
}

}  // namespace

at::Generator generatorFor(std::uint64_t seed, RandomStream stream) {
    return at::make_generator<at::CPUGeneratorImpl>(seed * 0x9e3779b97f4a7c15u + static_cast<std::uint64_t>(stream));
}

std::vector<std::uint8_t> generatorState(const at::Generator& generator) {
    const auto state = generator.get_state();
    return {state.data_ptr<std::uint8_t>(), state.data_ptr<std::uint8_t>() + state.numel()};
}

void setGeneratorState(at::Generator& generator, const std::vector<std::uint8_t>& state) {
    // LibTorch looks at each of the two numbers that say where the Mersenne Twister reads, but not at their sum; that
    // of a state of its own is 625 at most.
    constexpr std::size_t kLeftAt = 8, kNextAt = 16;
    constexpr std::uint64_t kMostOfBoth = 625;
    std::int32_t left = 0;
    std::uint64_t next = 0;
    if (state.size() >= kNextAt + sizeof next) {
        std::memcpy(&left, state.data() + kLeftAt, sizeof left);
        std::memcpy(&next, state.data() + kNextAt, sizeof next);
    }
    if (left < 1 || next > kMostOfBoth || static_cast<std::uint64_t>(left) + next > kMostOfBoth)
        throw std::invalid_argument("the state of a generator is damaged.");
    auto tensor = torch::empty({static_cast<std::int64_t>(state.size())}, torch::kUInt8);
    std::copy(state.begin(), state.end(), tensor.data_ptr<std::uint8_t>());
    generator.set_state(tensor);
}

Learner::Learner(const Recipe& recipe, Autoencoder network, const torch::Device& device)
    : m_recipe(recipe),
      m_network(std::move(network)),
      m_device(device),
      m_noise(generatorFor(recipe.seed, RandomStream::Noise)),
      m_adam(m_network->autoencoderParameters(), 0.9, kBeta2) {
    // The opponent moves, and so momentum points to where it was (Radford et al., 2016).
    if (recipe.bottleneck == Bottleneck::Adversarial)
        m_discriminator.emplace(m_network->discriminatorParameters(), 0.5, kBeta2);
    if (m_device.is_cpu() && DenseStep::suits(m_recipe)) m_dense.emplace(m_recipe, m_adam.memory());
}

void Learner::saveTo(TrainingState& state) const {
    state.optimiser = m_adam.state();
    if (m_discriminator) state.discriminator = m_discriminator->state();
    state.noise = generatorState(m_noise);
}

void Learner::restore(const TrainingState& state) {
    if (m_discriminator.has_value() != state.discriminator.has_value())
        throw std::invalid_argument("the state of the adversary is missing.");
    m_adam.restore(state.optimiser);
    if (m_discriminator) m_discriminator->restore(*state.discriminator);
    setGeneratorState(m_noise, state.noise);
}

torch::Tensor Learner::normal(at::IntArrayRef shape) { return torch::randn(shape, m_noise).to(m_device); }

torch::Tensor Learner::noiseFor(std::int64_t images) {
    return isVariational(m_recipe) ? normal({images, m_recipe.latentSize}) : torch::Tensor();
}

Learner::Task Learner::taskOf(const Examples& batch) {
    Task task;
    const auto images = batch.pixels();
    task.targets =
        m_recipe.targets == Targets::Binarised ? torch::bernoulli(images.cpu(), m_noise).to(m_device) : images;
    task.inputs = modelInput(m_recipe, task.targets, m_noise);
    task.labels = batch.labels;
    task.noise = noiseFor(images.size(0));
    return task;
}

LossTerms Learner::learn(const Examples& examples, const torch::Tensor& indices, double learningRate, double beta,
                         int threads) {
    if (m_dense && usesFusedKernels()) return {learnDense(examples, indices, learningRate, beta, threads), {}};
    const auto task = taskOf(examples.select(indices));
    m_adam.clearGradients();
    LossTerms terms;
    if (m_discriminator)
        terms = playAgainstDiscriminator(task, learningRate, beta);
    else
        terms.elbo = propagate(task, beta);
    m_adam.step(learningRate);
    return terms;
}

ElboTerms Learner::learnDense(const Examples& examples, const torch::Tensor& indices, double learningRate, double beta,
                              int threads) {
    DenseBatch batch{};
    batch.size = static_cast<std::size_t>(indices.size(0));
    Task task;
    if (m_recipe.input == Input::Clean && m_recipe.targets == Targets::Grey) {
        if (examples.labels.defined()) task.labels = examples.labels.index_select(0, indices);
        task.noise = noiseFor(indices.size(0));
        batch.greys = examples.images.data_ptr<std::uint8_t>();
        batch.images = indices.data_ptr<std::int64_t>();
    } else {
        task = taskOf(examples.select(indices));
        batch.inputs = task.inputs.data_ptr<float>();
        batch.targets = task.targets.data_ptr<float>();
    }
    if (task.labels.defined()) batch.labels = task.labels.data_ptr<std::int64_t>();
    if (task.noise.defined()) batch.noise = task.noise.data_ptr<float>();
    return m_dense->learn(batch, beta, m_adam.begin(learningRate), threads);
}

ElboTerms Learner::propagate(const Task& task, double beta) {
    ElboTerms terms;
    torch::Tensor logits;
    torch::Tensor pressure;  // on the code, beside the reconstruction
    if (isVariational(m_recipe)) {
        const auto posterior = m_network->encode(task.inputs, task.labels);
        logits = m_network->decode(posterior.sample(task.noise), task.labels);
        const auto kl = gaussianKl(posterior);
        terms.kl = kl.item<double>();
        pressure = beta * kl;
    } else {
        logits = m_network->reconstruct(task.inputs, task.labels);
    }
    const auto reconstruction = reconstructionLoss(m_recipe.reconstruction, logits, task.targets);
    terms.reconstruction = reconstruction.item<double>();
    (pressure.defined() ? reconstruction + pressure : reconstruction).backward();
    return terms;
}

LossTerms Learner::playAgainstDiscriminator(const Task& task, double learningRate, double beta) {
    LossTerms terms;
    const auto codes = m_network->encode(task.inputs, task.labels).mu;
    const auto logits = m_network->decode(codes, task.labels);
    terms.adversary = learnToDiscriminate(codes.detach(), learningRate);
    const auto deceived = isPriorLoss(m_network->discriminate(codes), 1);
    terms.adversary->generator = deceived.item<double>();
    const auto reconstruction = reconstructionLoss(m_recipe.reconstruction, logits, task.targets);
    terms.elbo.reconstruction = reconstruction.item<double>();
    (reconstruction + beta * kPush * deceived).backward();
    return terms;
}

AdversaryTerms Learner::learnToDiscriminate(const torch::Tensor& codes, double learningRate) {
    const auto prior = normal(codes.sizes()).requires_grad_();
    const auto fixed = codes.clone().requires_grad_();
    const auto ofPrior = m_network->discriminate(prior);
    const auto ofCodes = m_network->discriminate(fixed);
    const auto loss = isPriorLoss(ofPrior, 1) + isPriorLoss(ofCodes, 0);
    const auto steepness = squaredSlope(ofPrior, prior) + squaredSlope(ofCodes, fixed);
    m_discriminator->clearGradients();
    (loss + 0.5 * kGradientPenalty * steepness).backward();
    m_discriminator->step(learningRate);
    const auto right = (ofPrior > 0).sum() + (ofCodes < 0).sum();
    return {loss.item<double>(), 0, right.item<double>() / static_cast<double>(2 * codes.size(0))};
}

}  // namespace zwei
