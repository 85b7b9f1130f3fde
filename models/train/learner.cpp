// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/train/learner.h"

#include <ATen/CPUGeneratorImpl.h>

#include "models/nn/losses.h"
#include "models/nn/model_input.h"

namespace zwei {
namespace {

// The adversaries' rate, of the autoencoder's: the lesson's 5e-5 and 1e-4.
constexpr double kAdversaryRate = 0.5;

// A discriminator that may be as steep as it likes wins after some epochs, and then nothing pulls the codes any more:
// the zero-centred gradient penalty of Mescheder et al. (2018), on both sides.
constexpr double kGradientPenalty = 0.5;

torch::optim::AdamOptions adamOptions(double learningRate, double beta1) {
    return torch::optim::AdamOptions(learningRate).betas({beta1, 0.99});
}

std::unique_ptr<torch::optim::Adam> adversaryAdam(std::vector<torch::Tensor> parameters, double learningRate) {
    // The opponent moves, and so momentum points to where it was (Radford et al., 2016).
    return std::make_unique<torch::optim::Adam>(std::move(parameters), adamOptions(learningRate, 0.5));
}

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
      m_adam(m_network->autoencoderParameters(), adamOptions(recipe.learningRate, 0.9)) {
    if (recipe.bottleneck != Bottleneck::Adversarial) return;
    m_discriminator = adversaryAdam(m_network->discriminatorParameters(), recipe.learningRate);
    m_generator = adversaryAdam(m_network->encoderParameters(), recipe.learningRate);
}

torch::Tensor Learner::normal(at::IntArrayRef shape) { return torch::randn(shape, m_noise).to(m_device); }

void Learner::setRate(torch::optim::Adam& adam, double rate) {
    for (auto& group : adam.param_groups()) group.options().set_lr(rate);
}

LossTerms Learner::learn(const Examples& batch, double learningRate, double beta) {
    const auto images = batch.pixels();
    const auto targets =
        m_recipe.targets == Targets::Binarised ? torch::bernoulli(images.cpu(), m_noise).to(m_device) : images;
    const auto inputs = modelInput(m_recipe, targets, m_noise);
    setRate(m_adam, learningRate);
    LossTerms terms{learnToReconstruct(inputs, targets, batch.labels, beta), std::nullopt};
    if (m_discriminator) {
        setRate(*m_discriminator, kAdversaryRate * learningRate);
        setRate(*m_generator, kAdversaryRate * learningRate * beta);
        terms.adversary = playAdversary(inputs, batch.labels);
    }
    return terms;
}

ElboTerms Learner::learnToReconstruct(const torch::Tensor& inputs, const torch::Tensor& targets,
                                      const torch::Tensor& labels, double beta) {
    torch::Tensor logits;
    torch::Tensor kl;
    if (isVariational(m_recipe)) {
        const auto posterior = m_network->encode(inputs, labels);
        logits = m_network->decode(posterior.sample(normal(posterior.mu.sizes())), labels);
        kl = gaussianKl(posterior);
    } else {
        logits = m_network->reconstruct(inputs, labels);
    }
    const auto reconstruction = reconstructionLoss(m_recipe.reconstruction, logits, targets);
    m_adam.zero_grad();
    (kl.defined() ? reconstruction + beta * kl : reconstruction).backward();
    m_adam.step();
    return {reconstruction.item<double>(), kl.defined() ? kl.item<double>() : 0};
}

/// Each learns with the other held still: the discriminator from codes that are detached from their encoder, the
/// encoder through a discriminator whose gradients are thrown away.
AdversaryTerms Learner::playAdversary(const torch::Tensor& inputs, const torch::Tensor& labels) {
    const auto codes = m_network->encode(inputs, labels).mu;
    const auto prior = normal(codes.sizes()).requires_grad_();
    const auto fixed = codes.detach().requires_grad_();
    const auto ofPrior = m_network->discriminate(prior);
    const auto ofCodes = m_network->discriminate(fixed);
    const auto discriminatorLoss = isPriorLoss(ofPrior, 1) + isPriorLoss(ofCodes, 0);
    const auto steepness = squaredSlope(ofPrior, prior) + squaredSlope(ofCodes, fixed);
    m_discriminator->zero_grad();
    (discriminatorLoss + 0.5 * kGradientPenalty * steepness).backward();
    m_discriminator->step();

    const auto generatorLoss = isPriorLoss(m_network->discriminate(codes), 1);
    m_generator->zero_grad();
    generatorLoss.backward();
    m_generator->step();

    const auto right = (ofPrior > 0).sum() + (ofCodes < 0).sum();
    return {discriminatorLoss.item<double>(), generatorLoss.item<double>(),
            right.item<double>() / static_cast<double>(2 * codes.size(0))};
}

}  // namespace zwei
