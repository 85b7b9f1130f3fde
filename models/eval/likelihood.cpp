// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/eval/likelihood.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>

#include "models/eval/elbo.h"
#include "models/nn/losses.h"
#include "models/runtime/torch_device.h"

namespace zwei {

ElboTerms networkElbo(Autoencoder& network, Reconstruction kind, const torch::Tensor& images) {
    constexpr std::uint64_t kSeed = 20140416;
    constexpr std::int64_t kChunk = 500;
    const torch::NoGradGuard noGrad;
    auto generator = at::make_generator<at::CPUGeneratorImpl>(kSeed);
    ElboTerms sum;
    const auto count = images.size(0);
    for (std::int64_t first = 0; first < count; first += kChunk) {
        const auto chunk = images.slice(0, first, std::min(first + kChunk, count)).to(torch::kFloat32).div_(255);
        const auto posterior = network->encode(chunk);
        const auto noise = torch::randn(posterior.mu.sizes(), generator).to(posterior.mu.device());
        const auto logits = network->decode(posterior.sample(noise));
        const auto share = static_cast<double>(chunk.size(0)) / static_cast<double>(count);
        sum.reconstruction += share * reconstructionLoss(kind, logits, chunk).item<double>();
        sum.kl += share * gaussianKl(posterior).item<double>();
    }
    return sum;
}

Result<ElboTerms> evaluateElbo(const Recipe& recipe, const Weights& weights, const ImageBatch& images, Device device) {
    const auto resolved = resolveDevice(device);
    if (!resolved) return failure(resolved.error());
    auto network = buildAutoencoder(recipe);
    if (const auto restored = restoreWeights(network, weights); !restored) return failure(restored.error());
    network->to(torchDevice(*resolved));
    auto* pixels = const_cast<std::uint8_t*>(images.pixels.data());
    const auto tensor = torch::from_blob(pixels, {images.count, kImagePixels}, torch::kUInt8);
    return networkElbo(network, recipe.reconstruction, tensor.to(torchDevice(*resolved)));
}

}  // namespace zwei
