// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/nn/autoencoder.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>

#include "models/nn/backbone.h"
#include "models/nn/network_layout.h"

namespace zwei {
namespace {

/// The weights and biases of a layer, each uniform within 1 / sqrt(fan in).
void drawLayer(torch::nn::Module& layer, at::Generator& generator) {
    const auto parameters = layer.named_parameters(/*recurse=*/false);
    const auto* weight = parameters.find("weight");
    if (!weight) return;
    const double fanIn = static_cast<double>(weight->numel()) / static_cast<double>(weight->size(0));
    const double bound = 1 / std::sqrt(fanIn);
    for (const auto& parameter : parameters) parameter.value().uniform_(-bound, bound, generator);
}

void setOutputBias(Autoencoder& network, const torch::Tensor& meanImage) {
    // A pixel that is never inked has an infinite logit: half a grey level in 60 images is little enough.
    constexpr double kLeast = 1e-4;
    auto bias = network->parameters().back();  // the decoder is registered last, and ends with its bias
    const auto mean = bias.numel() == meanImage.numel() ? meanImage : meanImage.mean().reshape({1});
    bias.copy_(torch::logit(mean.clamp(kLeast, 1 - kLeast)));
}

std::string shapeText(at::IntArrayRef shape) {
    std::string text;
    for (const auto extent : shape) text += (text.empty() ? "" : " x ") + std::to_string(extent);
    return text.empty() ? "a single number" : text;
}

}  // namespace

AutoencoderImpl::AutoencoderImpl(const Recipe& recipe) : AutoencoderImpl(recipe, buildHalves(recipe)) {}

AutoencoderImpl::AutoencoderImpl(const Recipe& recipe, const Halves& halves)
    : m_encoder(register_module("encoder", halves.encoder)),
      m_mu(register_module("mu", torch::nn::Linear(halves.features, recipe.latentSize))),
      m_logVar(register_module("log_var", torch::nn::Linear(halves.features, recipe.latentSize))),
      m_decoder(register_module("decoder", halves.decoder)) {}

Posterior AutoencoderImpl::encode(const torch::Tensor& images) {
    const auto features = m_encoder->forward(images);
    return {m_mu->forward(features), m_logVar->forward(features)};
}

torch::Tensor AutoencoderImpl::decode(const torch::Tensor& codes) { return m_decoder->forward(codes); }

Autoencoder buildAutoencoder(const Recipe& recipe, const torch::Tensor& meanImage) {
    const torch::NoGradGuard noGrad;
    Autoencoder network(recipe);
    auto generator = at::make_generator<at::CPUGeneratorImpl>(recipe.seed);
    for (const auto& layer : network->modules(/*include_self=*/false)) drawLayer(*layer, generator);
    if (meanImage.defined()) setOutputBias(network, meanImage);
    return network;
}

std::vector<TensorEntry> networkLayout(const Recipe& recipe) {
    std::vector<TensorEntry> layout;
    std::size_t offset = 0;
    for (const auto& parameter : Autoencoder(recipe)->named_parameters()) {
        layout.push_back({parameter.key(), parameter.value().sizes().vec(), offset});
        offset += layout.back().size();
    }
    return layout;
}

WeightsPtr captureWeights(const Autoencoder& network, std::int64_t step) {
    const torch::NoGradGuard noGrad;
    auto weights = std::make_shared<Weights>();
    weights->step = step;
    std::size_t size = 0;
    for (const auto& parameter : network->named_parameters())
        size += static_cast<std::size_t>(parameter.value().numel());
    weights->values.reserve(size);
    for (const auto& parameter : network->named_parameters()) {
        const auto values = parameter.value().detach().to(torch::kCPU).contiguous();
        weights->tensors.push_back({parameter.key(), values.sizes().vec(), weights->values.size()});
        const auto* data = values.data_ptr<float>();
        weights->values.insert(weights->values.end(), data, data + values.numel());
    }
    return weights;
}

Result<void> restoreWeights(Autoencoder& network, const Weights& weights) {
    const torch::NoGradGuard noGrad;
    std::map<std::string, const TensorEntry*> entries;
    for (const auto& entry : weights.tensors) entries[entry.name] = &entry;
    for (const auto& parameter : network->named_parameters()) {
        const auto found = entries.find(parameter.key());
        if (found == entries.end()) return failure("The model has no tensor " + parameter.key() + ".");
        if (parameter.value().sizes() != at::IntArrayRef(found->second->shape))
            return failure("The model's tensor " + parameter.key() + " is " + shapeText(found->second->shape) +
                           " where its recipe asks for " + shapeText(parameter.value().sizes()) + ".");
    }
    for (auto& parameter : network->named_parameters()) {
        const auto& entry = *entries[parameter.key()];
        // from_blob takes no const pointer; copy_ only reads.
        auto* data = const_cast<float*>(weights.values.data() + entry.offset);
        parameter.value().copy_(torch::from_blob(data, entry.shape, torch::kFloat32));
    }
    return {};
}

torch::Tensor imageTensor(const ImageBatch& images, int first, int count) {
    const auto pixels = images.image(first);
    auto* data = const_cast<std::uint8_t*>(pixels.data());
    const auto size = static_cast<std::int64_t>(images.imageSize());
    return torch::from_blob(data, {count, size}, torch::kUInt8).to(torch::kFloat32).div_(255);
}

ImageBatch imageBatch(const torch::Tensor& images) {
    const auto grey =
        images.detach().to(torch::kCPU).nan_to_num(0).clamp(0, 1).mul(255).round().to(torch::kUInt8).contiguous();
    const auto* data = grey.data_ptr<std::uint8_t>();
    ImageBatch batch;
    batch.count = static_cast<int>(grey.size(0));
    batch.pixels.assign(data, data + grey.numel());
    return batch;
}

}  // namespace zwei
