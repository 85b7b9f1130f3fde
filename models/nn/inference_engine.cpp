// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/nn/inference_engine.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <memory>
#include <vector>

#include "models/kernels/grey.h"
#include "models/nn/autoencoder.h"
#include "models/nn/losses.h"
#include "models/nn/model_input.h"
#include "models/nn/recipe_check.h"
#include "models/runtime/torch_device.h"

namespace zwei {
namespace {

constexpr std::int64_t kChunk = 500;      // images at once: bounds the memory, and stays within the caches
constexpr std::int64_t kFewImages = 100;  // are not worth another thread

thread_local std::int64_t threadsForParts = 1;

/// LibTorch's operations in the calling thread stay in it.
class SingleThread {
public:
    SingleThread() { at::set_num_threads(1); }
    ~SingleThread() { at::set_num_threads(m_before); }
    SingleThread(const SingleThread&) = delete;
    SingleThread& operator=(const SingleThread&) = delete;

private:
    int m_before = at::get_num_threads();
};

void copyTo(float* values, const torch::Tensor& tensor) {
    const auto flat = tensor.to(torch::kCPU).contiguous();
    std::copy_n(flat.data_ptr<float>(), flat.numel(), values);
}

void copyGreys(std::uint8_t* greys, const torch::Tensor& logits) {
    if (fuses(logits)) {
        const auto flat = logits.contiguous();
        return kernels::greysOfLogits(flat.data_ptr<float>(), greys, static_cast<std::size_t>(flat.numel()));
    }
    std::ranges::copy(imageBatch(torch::sigmoid(logits)).pixels, greys);
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

    /// Calls work(first, size) for all chunks of `count` images, where possible for several at once.
    template <typename Work>
    void overChunks(std::int64_t count, const Work& work) const;

    /// The images that `logitsOf(first, size)` [size, 784] says of the chunks.
    template <typename LogitsOf>
    ImageBatch images(std::int64_t count, const LogitsOf& logitsOf) const;
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

template <typename Work>
void InferenceEngine::Network::overChunks(std::int64_t count, const Work& work) const {
    const std::int64_t most = runsInParts(recipe, device) ? threadsForParts : 1;
    const auto chunk = std::clamp((count + most - 1) / most, kFewImages, kChunk);
    const auto chunks = (count + chunk - 1) / chunk;
    std::atomic<std::int64_t> next = 0;
    const auto run = [&] {
        const torch::NoGradGuard noGrad;
        for (auto at = next++; at < chunks; at = next++) work(at * chunk, std::min(chunk, count - at * chunk));
    };
    const auto threads = std::min(most, chunks);
    if (threads == 1) return run();
    // In LibTorch's other pool, and no team of OpenMP's: that of a training would no longer wait actively if there were
    // more threads in all than processors.
    const auto runAlone = [&] {
        const SingleThread single;
        run();
    };
    std::vector<std::future<void>> ends;
    for (std::int64_t i = 0; i < threads; ++i) {
        // Shared: it may still be told of its end when that has been heard here.
        const auto task = std::make_shared<std::packaged_task<void()>>(runAlone);
        ends.push_back(task->get_future());
        if (i + 1 < threads)
            at::launch([task] { (*task)(); });
        else
            (*task)();
    }
    for (auto& end : ends) end.wait();  // all of them, before what they work on goes
    for (auto& end : ends) end.get();
}

template <typename LogitsOf>
ImageBatch InferenceEngine::Network::images(std::int64_t count, const LogitsOf& logitsOf) const {
    ImageBatch images;
    images.count = static_cast<int>(count);
    images.pixels.resize(static_cast<std::size_t>(count) * images.imageSize());
    overChunks(count, [&](std::int64_t first, std::int64_t size) {
        copyGreys(images.pixels.data() + static_cast<std::size_t>(first) * images.imageSize(), logitsOf(first, size));
    });
    return images;
}

ImageBatch InferenceEngine::inputOf(const ImageBatch& clean, const std::optional<Noise>& noise,
                                    std::uint64_t seed) const {
    if (m_network->recipe.input == Input::Clean) return clean;
    const torch::NoGradGuard noGrad;
    auto generator = at::make_generator<at::CPUGeneratorImpl>(seed);
    ImageBatch inputs;
    for (int done = 0; done < clean.count; done += kChunk) {
        const auto chunk = imageTensor(clean, done, std::min(static_cast<int>(kChunk), clean.count - done));
        append(inputs, imageBatch(modelInput(m_network->recipe, chunk, generator, noise)));
    }
    return inputs;
}

Codes InferenceEngine::encode(const ImageBatch& inputs, std::span<const std::uint8_t> labels, int first, int count) {
    const auto& [recipe, module, device] = *m_network;
    const std::int64_t width = recipe.latentSize;
    Codes codes{count, recipe.latentSize, {}, {}};
    codes.mu.resize(static_cast<std::size_t>(count * width));
    if (isVariational(recipe)) codes.logVar.resize(codes.mu.size());
    m_network->overChunks(count, [&, &module = module, &device = device](std::int64_t begin, std::int64_t size) {
        const auto chunk = imageTensor(inputs, static_cast<int>(first + begin), static_cast<int>(size)).to(device);
        const auto posterior = Autoencoder(module)->encode(chunk, m_network->labelsOf(labels, first + begin, size));
        copyTo(codes.mu.data() + begin * width, posterior.mu);
        if (posterior.logVar.defined()) copyTo(codes.logVar.data() + begin * width, posterior.logVar);
    });
    return codes;
}

ImageBatch InferenceEngine::decode(std::span<const float> codes, std::span<const std::uint8_t> labels) {
    const std::int64_t width = m_network->recipe.latentSize;
    return m_network->images(static_cast<std::int64_t>(codes.size()) / width, [&](std::int64_t first, auto size) {
        auto* data = const_cast<float*>(codes.data()) + first * width;  // from_blob takes no const; nobody writes
        const auto chunk = torch::from_blob(data, {size, width}, torch::kFloat32).to(m_network->device);
        return m_network->module->decode(chunk, m_network->labelsOf(labels, first, size));
    });
}

ImageBatch InferenceEngine::reconstruct(const ImageBatch& inputs, std::span<const std::uint8_t> labels) {
    return m_network->images(inputs.count, [&](std::int64_t first, std::int64_t size) {
        const auto chunk = imageTensor(inputs, static_cast<int>(first), static_cast<int>(size)).to(m_network->device);
        return m_network->module->reconstruct(chunk, m_network->labelsOf(labels, first, size));
    });
}

Slope InferenceEngine::reconstructionError(const std::vector<double>& z, const ImageBatch& image,
                                           std::span<const std::uint8_t> label) {
    const torch::AutoGradMode learns(true);
    auto code = torch::tensor(z, torch::kFloat32).unsqueeze(0).to(m_network->device).requires_grad_();
    const auto logits = m_network->module->decode(code, m_network->labelsOf(label, 0, 1));
    const auto error =
        reconstructionLoss(m_network->recipe.reconstruction, logits, imageTensor(image, 0, 1).to(m_network->device));
    const auto gradient = torch::autograd::grad({error}, {code}).front().to(torch::kCPU, torch::kFloat64).contiguous();
    const auto* values = gradient.data_ptr<double>();
    return {error.item<double>(), {values, values + gradient.numel()}};
}

void setInferenceThreads(int forParts, int forOperations) {
    threadsForParts = forParts;
    at::set_num_threads(forOperations);
}

}  // namespace zwei
