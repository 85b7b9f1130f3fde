// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/eval/network_elbo.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>

#include "models/nn/losses.h"
#include "models/nn/model_input.h"

namespace zwei {
namespace {

constexpr std::uint64_t kSeed = 20140416;
constexpr std::int64_t kChunk = 500;

/// Calls `visit(chunk, clean pixels, inputs, generator)` for chunk after chunk.
template <typename Visit>
void forChunks(const Recipe& recipe, const Examples& examples, Visit visit) {
    const torch::NoGradGuard noGrad;
    auto inputGenerator = at::make_generator<at::CPUGeneratorImpl>(kSeed + 1);
    auto generator = at::make_generator<at::CPUGeneratorImpl>(kSeed);
    for (std::int64_t first = 0; first < examples.size(); first += kChunk) {
        const auto chunk = examples.slice(first, std::min(first + kChunk, examples.size()));
        const auto pixels = chunk.pixels();
        visit(chunk, pixels, modelInput(recipe, pixels, inputGenerator), generator);
    }
}

torch::Tensor sampled(const Posterior& posterior, at::Generator& generator) {
    return posterior.sample(torch::randn(posterior.mu.sizes(), generator).to(posterior.mu.device()));
}

}  // namespace

ElboTerms networkElbo(Autoencoder& network, const Recipe& recipe, const Examples& examples) {
    ElboTerms sum;
    forChunks(recipe, examples, [&](const Examples& chunk, const auto& pixels, const auto& inputs, auto& generator) {
        const auto share = static_cast<double>(chunk.size()) / static_cast<double>(examples.size());
        torch::Tensor logits;
        if (isVariational(recipe)) {
            const auto posterior = network->encode(inputs, chunk.labels);
            logits = network->decode(sampled(posterior, generator), chunk.labels);
            sum.kl += share * gaussianKl(posterior).template item<double>();
        } else {
            logits = network->reconstruct(inputs, chunk.labels);
        }
        sum.reconstruction += share * reconstructionLoss(recipe.reconstruction, logits, pixels).template item<double>();
    });
    return sum;
}

torch::Tensor networkCodes(Autoencoder& network, const Recipe& recipe, const Examples& examples) {
    std::vector<torch::Tensor> codes;
    forChunks(recipe, examples, [&](const Examples& chunk, const auto&, const auto& inputs, auto& generator) {
        codes.push_back(sampled(network->encode(inputs, chunk.labels), generator).cpu());
    });
    return torch::cat(codes);
}

Posterior networkPosterior(Autoencoder& network, const Recipe& recipe, const Examples& examples) {
    std::vector<torch::Tensor> mu;
    std::vector<torch::Tensor> logVar;
    forChunks(recipe, examples, [&](const Examples& chunk, const auto&, const auto& inputs, auto&) {
        const auto posterior = network->encode(inputs, chunk.labels);
        mu.push_back(posterior.mu.cpu());
        if (posterior.logVar.defined()) logVar.push_back(posterior.logVar.cpu());
    });
    return {torch::cat(mu), logVar.empty() ? torch::Tensor() : torch::cat(logVar)};
}

}  // namespace zwei
