// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/nn/inference_engine.h"

#include <ATen/Parallel.h>

#include <algorithm>

#include "models/nn/autoencoder.h"
#include "models/nn/recipe_check.h"
#include "models/runtime/torch_device.h"

namespace zwei {
namespace {

constexpr int kChunk = 500;  // images at once: bounds the memory, and stays within the caches

void append(std::vector<float>& values, const torch::Tensor& tensor) {
    const auto flat = tensor.detach().to(torch::kCPU).contiguous();
    const auto* data = flat.data_ptr<float>();
    values.insert(values.end(), data, data + flat.numel());
}

}  // namespace

struct InferenceEngine::Network {
    Recipe recipe;
    Autoencoder module;
    torch::Device device;
};

Result<InferenceEngine> InferenceEngine::create(const Recipe& recipe, const Weights& weights, Device device) {
    if (auto fault = recipeFault(recipe)) return failure(*fault);
    const auto resolved = resolveDevice(device);
    if (!resolved) return failure(resolved.error());
    auto network = std::make_unique<Network>(Network{recipe, buildAutoencoder(recipe), torchDevice(*resolved)});
    if (auto restored = restoreWeights(network->module, weights); !restored) return failure(restored.error());
    network->module->to(network->device);
    network->module->eval();
    return InferenceEngine(std::move(network));
}

InferenceEngine::InferenceEngine(std::unique_ptr<Network> network) : m_network(std::move(network)) {}
InferenceEngine::InferenceEngine(InferenceEngine&&) noexcept = default;
InferenceEngine& InferenceEngine::operator=(InferenceEngine&&) noexcept = default;
InferenceEngine::~InferenceEngine() = default;

const Recipe& InferenceEngine::recipe() const { return m_network->recipe; }

Result<void> InferenceEngine::load(const Weights& weights) { return restoreWeights(m_network->module, weights); }

Codes InferenceEngine::encode(const ImageBatch& images, int first, int count) {
    const torch::NoGradGuard noGrad;
    Codes codes{count, m_network->recipe.latentSize, {}, {}};
    for (int done = 0; done < count; done += kChunk) {
        const auto chunk = imageTensor(images, first + done, std::min(kChunk, count - done)).to(m_network->device);
        const auto posterior = m_network->module->encode(chunk);
        append(codes.mu, posterior.mu);
        append(codes.logVar, posterior.logVar);
    }
    return codes;
}

ImageBatch InferenceEngine::decode(std::span<const float> codes) {
    const torch::NoGradGuard noGrad;
    const std::int64_t size = m_network->recipe.latentSize;
    const auto count = static_cast<std::int64_t>(codes.size()) / size;
    ImageBatch images;
    for (std::int64_t done = 0; done < count; done += kChunk) {
        auto* data = const_cast<float*>(codes.data()) + done * size;
        const auto chunk =
            torch::from_blob(data, {std::min<std::int64_t>(kChunk, count - done), size}, torch::kFloat32);
        const auto decoded = imageBatch(torch::sigmoid(m_network->module->decode(chunk.to(m_network->device))));
        images.count += decoded.count;
        images.pixels.insert(images.pixels.end(), decoded.pixels.begin(), decoded.pixels.end());
    }
    return images;
}

ImageBatch InferenceEngine::reconstruct(const ImageBatch& images) { return decode(encode(images).mu); }

void setInferenceThreads(int threads) { at::set_num_threads(threads); }

}  // namespace zwei
