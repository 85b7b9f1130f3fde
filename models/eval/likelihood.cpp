// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/eval/likelihood.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <cmath>

#include "models/nn/model_input.h"

namespace zwei {
namespace {

constexpr std::uint64_t kSeed = 20150901;
constexpr std::int64_t kRows = 1000;  // codes that are decoded at once: what is made of them stays within the caches

/// log p(x|z) p(z) / q(z|x) of some images [B, 784] for `draws` codes z from each one's posterior: [B, draws].
torch::Tensor logWeights(Autoencoder& network, const Posterior& posterior, const Examples& examples,
                         const torch::Tensor& images, std::int64_t draws, at::Generator& generator) {
    const auto count = images.size(0);
    const Posterior each{posterior.mu.unsqueeze(1), posterior.logVar.unsqueeze(1)};  // [B, 1, latentSize]
    const auto noise = torch::randn({count, draws, posterior.mu.size(1)}, generator).to(images.device());
    const auto codes = each.sample(noise);  // [B, draws, latentSize]
    const auto labels = examples.labels.defined() ? examples.labels.repeat_interleave(draws) : torch::Tensor();
    const auto logits = network->decode(codes.flatten(0, 1), labels).view({count, draws, images.size(1)});
    // Of a black or white pixel x, log p(x|z) = x logit - log(1 + exp(logit)).
    const auto logLikelihood = logits.matmul(images.unsqueeze(2)).squeeze(2) - torch::softplus(logits).sum(2);
    // The two normal densities have the same normaliser, and z lies `noise` standard deviations from mu.
    const auto logPrior = -0.5 * codes.square().sum(2);
    const auto logPosterior = -0.5 * (noise.square().sum(2) + each.logVar.sum(2));
    return logLikelihood + logPrior - logPosterior;
}

}  // namespace

std::optional<double> importanceWeightedLikelihood(Autoencoder& network, const Recipe& recipe, const Examples& examples,
                                                   int samples, const std::function<bool(double share)>& progress) {
    const torch::NoGradGuard noGrad;
    auto generator = at::make_generator<at::CPUGeneratorImpl>(kSeed);
    const auto total = examples.size();
    const auto step = std::max<std::int64_t>(1, kRows / samples);
    double sum = 0;
    for (std::int64_t first = 0; first < total; first += step) {
        const auto chunk = examples.slice(first, std::min(first + step, total));
        const auto images = chunk.pixels();
        const auto posterior = network->encode(modelInput(recipe, images, generator), chunk.labels);
        std::vector<torch::Tensor> weights;
        for (std::int64_t drawn = 0; drawn < samples; drawn += kRows) {
            const auto draws = std::min<std::int64_t>(kRows, samples - drawn);
            weights.push_back(logWeights(network, posterior, chunk, images, draws, generator));
            const double done = static_cast<double>(first) +
                                static_cast<double>(chunk.size() * (drawn + draws)) / static_cast<double>(samples);
            if (progress && !progress(done / static_cast<double>(total))) return std::nullopt;
        }
        sum += torch::cat(weights, 1).to(torch::kFloat64).logsumexp(1).sum().item<double>();
    }
    return sum / static_cast<double>(total) - std::log(static_cast<double>(samples));
}

}  // namespace zwei
