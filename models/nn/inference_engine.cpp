// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/nn/inference_engine.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>

#include <algorithm>

#include "models/nn/autoencoder.h"
#include "models/nn/model_input.h"
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

void append(ImageBatch& images, const ImageBatch& more) {
    images.count += more.count;
    images.pixels.insert(images.pixels.end(), more.pixels.begin(), more.pixels.end());
}

}  // namespace

struct InferenceEngine::Network {
    Recipe recipe;
    Autoencoder module;
    torch::Device device;

    /// Of `count` images from `first`; undefined where the network takes none.
    torch::Tensor labelsOf(std::span<const std::uint8_t> labels, std::int64_t first, std::int64_t count) const;
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

torch::Tensor InferenceEngine::Network::labelsOf(std::span<const std::uint8_t> labels, std::int64_t first,
                                                 std::int64_t count) const {
    if (!takesLabels(recipe)) return {};
    const auto chunk = labels.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
    return labelTensor(chunk).to(device);
}

ImageBatch InferenceEngine::inputOf(const ImageBatch& clean, const std::optional<Noise>& noise,
                                    std::uint64_t seed) const {
    if (m_network->recipe.input == Input::Clean) return clean;
    const torch::NoGradGuard noGrad;
    auto generator = at::make_generator<at::CPUGeneratorImpl>(seed);
    ImageBatch inputs;
    for (int done = 0; done < clean.count; done += kChunk) {
        const auto chunk = imageTensor(clean, done, std::min(kChunk, clean.count - done));
        append(inputs, imageBatch(modelInput(m_network->recipe, chunk, generator, noise)));
    }
    return inputs;
}

Codes InferenceEngine::encode(const ImageBatch& inputs, std::span<const std::uint8_t> labels, int first, int count) {
    const torch::NoGradGuard noGrad;
    Codes codes{count, m_network->recipe.latentSize, {}, {}};
    for (int done = 0; done < count; done += kChunk) {
        const int size = std::min(kChunk, count - done);
        const auto chunk = imageTensor(inputs, first + done, size).to(m_network->device);
        const auto posterior = m_network->module->encode(chunk, m_network->labelsOf(labels, first + done, size));
        append(codes.mu, posterior.mu);
        if (posterior.logVar.defined()) append(codes.logVar, posterior.logVar);
    }
    return codes;
}

ImageBatch InferenceEngine::decode(std::span<const float> codes, std::span<const std::uint8_t> labels) {
    const torch::NoGradGuard noGrad;
    const std::int64_t width = m_network->recipe.latentSize;
    const auto count = static_cast<std::int64_t>(codes.size()) / width;
    ImageBatch images;
    for (std::int64_t done = 0; done < count; done += kChunk) {
        const auto size = std::min<std::int64_t>(kChunk, count - done);
        auto* data = const_cast<float*>(codes.data()) + done * width;
        const auto chunk = torch::from_blob(data, {size, width}, torch::kFloat32).to(m_network->device);
        append(images,
               imageBatch(torch::sigmoid(m_network->module->decode(chunk, m_network->labelsOf(labels, done, size)))));
    }
    return images;
}

ImageBatch InferenceEngine::reconstruct(const ImageBatch& inputs, std::span<const std::uint8_t> labels) {
    const torch::NoGradGuard noGrad;
    ImageBatch images;
    for (int done = 0; done < inputs.count; done += kChunk) {
        const int size = std::min(kChunk, inputs.count - done);
        const auto chunk = imageTensor(inputs, done, size).to(m_network->device);
        append(
            images,
            imageBatch(torch::sigmoid(m_network->module->reconstruct(chunk, m_network->labelsOf(labels, done, size)))));
    }
    return images;
}

void setInferenceThreads(int threads) { at::set_num_threads(threads); }

}  // namespace zwei
