// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/nn/autoencoder.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>

#include "models/nn/backbone.h"
#include "models/nn/examples.h"
#include "models/nn/layers.h"
#include "models/nn/recipe_check.h"

namespace zwei {
namespace {

namespace nn = torch::nn;

/// The weights and biases of a layer, each uniform within 1 / sqrt(fan in).
void drawLayer(torch::nn::Module& layer, at::Generator& generator) {
    const auto parameters = layer.named_parameters(/*recurse=*/false);
    const auto* weight = parameters.find("weight");
    if (!weight) return;
    const double fanIn = static_cast<double>(weight->numel()) / static_cast<double>(weight->size(0));
    const double bound = 1 / std::sqrt(fanIn);
    for (const auto& parameter : parameters) parameter.value().uniform_(-bound, bound, generator);
}

/// What comes out is a logit, but of the linear network the image itself.
void setOutputBias(Autoencoder& network, const torch::Tensor& meanImage, bool isLogit) {
    // A pixel that is never inked has an infinite logit: half a grey level in 60 images is little enough.
    constexpr double kLeast = 1e-4;
    auto& bias = network->outputBias();
    const auto mean = bias.numel() == meanImage.numel() ? meanImage : meanImage.mean().reshape({1});
    bias.copy_(isLogit ? torch::logit(mean.clamp(kLeast, 1 - kLeast)) : mean);
}

nn::Sequential buildDiscriminator(const Recipe& recipe) {
    nn::Sequential discriminator;
    int width = recipe.latentSize;
    for (int layer = 0; layer < 2; ++layer) {
        discriminator->push_back(nn::Linear(width, kDiscriminatorWidth));
        addActivation(discriminator, recipe.activation);
        width = kDiscriminatorWidth;
    }
    discriminator->push_back(nn::Linear(width, 1));
    return discriminator;
}

void append(std::vector<torch::Tensor>& parameters, const nn::Module& module) {
    const auto more = module.parameters();
    parameters.insert(parameters.end(), more.begin(), more.end());
}

std::string shapeText(at::IntArrayRef shape) {
    std::string text;
    for (const auto extent : shape) text += (text.empty() ? "" : " x ") + std::to_string(extent);
    return text.empty() ? "a single number" : text;
}

}  // namespace

AutoencoderImpl::AutoencoderImpl(const Recipe& recipe) : m_isLinear(recipe.backbone == Backbone::Linear) {
    if (!hasCode(recipe)) {
        m_skip = register_module("skip", SkipNetwork(recipe));
        return;
    }
    if (recipe.backbone == Backbone::Convolutional) m_labelRepeats = kImagePixels;
    const auto halves = buildHalves(recipe);
    m_encoder = register_module("encoder", halves.encoder);
    m_mu = register_module("mu", nn::Linear(halves.features, recipe.latentSize));
    if (isVariational(recipe)) m_logVar = register_module("log_var", nn::Linear(halves.features, recipe.latentSize));
    m_decoder = register_module("decoder", halves.decoder);
    if (recipe.bottleneck == Bottleneck::Adversarial)
        m_discriminator = register_module("discriminator", buildDiscriminator(recipe));
}

/// The labels as one-hot vectors beside the values, each number `repeats` times.
torch::Tensor AutoencoderImpl::withLabels(const torch::Tensor& values, const torch::Tensor& labels,
                                          std::int64_t repeats) const {
    if (!labels.defined()) return values;
    auto oneHot = torch::one_hot(labels, kClasses).to(values.dtype());
    if (repeats > 1) oneHot = oneHot.unsqueeze(2).expand({-1, -1, repeats}).reshape({labels.size(0), -1});
    return torch::cat({values, oneHot}, 1);
}

Posterior AutoencoderImpl::encode(const torch::Tensor& inputs, const torch::Tensor& labels) {
    const auto features = runLayers(m_encoder, withLabels(inputs, labels, m_labelRepeats));
    if (!m_logVar) return {m_mu->forward(features), {}};
    // One product for both: each alone is small.
    const auto both = torch::nn::functional::linear(features, torch::cat({m_mu->weight, m_logVar->weight}),
                                                    torch::cat({m_mu->bias, m_logVar->bias}));
    const auto parts = both.chunk(2, 1);
    return {parts[0], parts[1]};
}

torch::Tensor AutoencoderImpl::decode(const torch::Tensor& codes, const torch::Tensor& labels) {
    constexpr double kLeast = 1e-6;
    const auto decoded = runLayers(m_decoder, withLabels(codes, labels, 1));
    return m_isLinear ? torch::logit(decoded.clamp(kLeast, 1 - kLeast)) : decoded;
}

torch::Tensor AutoencoderImpl::reconstruct(const torch::Tensor& inputs, const torch::Tensor& labels) {
    return m_skip ? m_skip->forward(inputs) : decode(encode(inputs, labels).mu, labels);
}

torch::Tensor AutoencoderImpl::discriminate(const torch::Tensor& codes) {
    return m_discriminator->forward(codes).squeeze(1);
}

std::vector<torch::Tensor> AutoencoderImpl::autoencoderParameters() const {
    if (m_skip) return m_skip->parameters();
    auto parameters = m_encoder->parameters();
    append(parameters, *m_mu);
    if (m_logVar) append(parameters, *m_logVar);
    append(parameters, *m_decoder);
    return parameters;
}

void AutoencoderImpl::layForProducts() {
    if (m_skip) return;
    for (const auto& half : {m_encoder, m_decoder})
        for (const auto& module : *half)
            if (const auto linear = std::dynamic_pointer_cast<nn::LinearImpl>(module.ptr())) {
                nn::Linear layer(linear);
                layInputByInput(layer);
            }
}

torch::Tensor& AutoencoderImpl::outputBias() {
    if (m_skip) return m_skip->outputBias();
    const auto layers = m_decoder->children();
    const auto last =
        std::find_if(layers.rbegin(), layers.rend(), [](const auto& layer) { return !layer->parameters().empty(); });
    if (auto* linear = (*last)->template as<nn::Linear>()) return linear->bias;
    return (*last)->template as<nn::Conv2d>()->bias;
}

void AutoencoderImpl::setLinear(const torch::Tensor& mean, const torch::Tensor& components) {
    const torch::NoGradGuard noGrad;
    auto* back = m_decoder[0]->as<nn::Linear>();
    m_mu->weight.copy_(components);
    m_mu->bias.copy_(-components.mv(mean));
    back->weight.copy_(components.t());
    back->bias.copy_(mean);
}

Autoencoder buildAutoencoder(const Recipe& recipe, const torch::Tensor& meanImage) {
    const torch::NoGradGuard noGrad;
    Autoencoder network(recipe);
    auto generator = at::make_generator<at::CPUGeneratorImpl>(recipe.seed);
    for (const auto& layer : network->modules(/*include_self=*/false)) drawLayer(*layer, generator);
    network->layForProducts();
    if (meanImage.defined()) setOutputBias(network, meanImage, recipe.backbone != Backbone::Linear);
    return network;
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

torch::Tensor labelTensor(std::span<const std::uint8_t> labels) {
    if (labels.empty()) return {};
    auto* data = const_cast<std::uint8_t*>(labels.data());
    return torch::from_blob(data, {static_cast<std::int64_t>(labels.size())}, torch::kUInt8).to(torch::kInt64);
}

Examples examplesOf(const LabelledImages& images, bool withLabels) {
    auto* pixels = const_cast<std::uint8_t*>(images.images.pixels.data());  // from_blob takes no const; nobody writes
    return {torch::from_blob(pixels, {images.images.count, kImagePixels}, torch::kUInt8),
            withLabels ? labelTensor(images.labels) : torch::Tensor()};
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
