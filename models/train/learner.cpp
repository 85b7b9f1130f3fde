// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/train/learner.h"

#include <ATen/CPUGeneratorImpl.h>

#include "models/nn/losses.h"
#include "models/nn/model_input.h"

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

Learner::Learner(const Recipe& recipe, Autoencoder network, const torch::Device& device)
    : m_recipe(recipe),
      m_network(std::move(network)),
      m_device(device),
      m_noise(generatorFor(recipe.seed, RandomStream::Noise)),
      m_adam(m_network->autoencoderParameters(), 0.9, kBeta2) {
    // The opponent moves, and so momentum points to where it was (Radford et al., 2016).
    if (recipe.bottleneck == Bottleneck::Adversarial)
        m_discriminator.emplace(m_network->discriminatorParameters(), 0.5, kBeta2);
}

torch::Tensor Learner::normal(at::IntArrayRef shape) { return torch::randn(shape, m_noise).to(m_device); }

LossTerms Learner::learn(const Examples& batch, double learningRate, double beta) {
    const auto images = batch.pixels();
    const auto targets =
        m_recipe.targets == Targets::Binarised ? torch::bernoulli(images.cpu(), m_noise).to(m_device) : images;
    const auto inputs = modelInput(m_recipe, targets, m_noise);
    LossTerms terms;
    torch::Tensor logits;
    torch::Tensor pressure;  // on the code, beside the reconstruction
    if (isVariational(m_recipe)) {
        const auto posterior = m_network->encode(inputs, batch.labels);
        logits = m_network->decode(posterior.sample(normal(posterior.mu.sizes())), batch.labels);
        const auto kl = gaussianKl(posterior);
        terms.elbo.kl = kl.item<double>();
        pressure = beta * kl;
    } else if (m_discriminator) {
        const auto codes = m_network->encode(inputs, batch.labels).mu;
        logits = m_network->decode(codes, batch.labels);
        terms.adversary = learnToDiscriminate(codes.detach(), learningRate);
        const auto deceived = isPriorLoss(m_network->discriminate(codes), 1);
        terms.adversary->generator = deceived.item<double>();
        pressure = beta * kPush * deceived;
    } else {
        logits = m_network->reconstruct(inputs, batch.labels);
    }
    const auto reconstruction = reconstructionLoss(m_recipe.reconstruction, logits, targets);
    terms.elbo.reconstruction = reconstruction.item<double>();
    m_adam.clearGradients();
    (pressure.defined() ? reconstruction + pressure : reconstruction).backward();
    m_adam.step(learningRate);
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
