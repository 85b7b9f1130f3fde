// SPDX-License-Identifier: GPL-3.0-or-later
// Stands in for LibTorch, whose threads no thread sanitizer understands: a trainer and an engine that keep every
// promise about threads and learn nothing.
#include "models/eval/code_space.h"
#include "models/nn/inference_engine.h"
#include "models/runtime/environment.h"
#include "models/train/trainer.h"

namespace zwei {
namespace {

constexpr int kStepsAnEpoch = 20;

WeightsPtr weightsAt(std::int64_t step, double beta) {
    auto weights = std::make_shared<Weights>();
    weights->tensors = {{"fake", {2}, 0}};
    weights->values = {static_cast<float>(step), static_cast<float>(beta)};
    weights->step = step;
    return weights;
}

}  // namespace

Result<WeightsPtr> initialWeights(const Recipe& recipe, const Dataset&) { return weightsAt(0, recipe.beta); }

Result<TrainingOutcome> train(const TrainingJob& job, RunControl& control, TrainingObserver& observer) {
    TrainingOutcome outcome;
    std::int64_t step = 0;
    const auto publish = [&] { observer.onWeights(outcome.weights = weightsAt(step, control.beta())); };
    publish();
    while (std::ssize(outcome.history) < job.recipe.epochs) {
        const auto next = control.next([&] { observer.onPaused(); });
        if (next == RunControl::Next::Stop) {
            outcome.reason = StopReason::Stopped;
            return outcome;
        }
        if (next == RunControl::Next::PublishWeights) {
            publish();
            continue;
        }
        ++step;
        TrainingProgress progress;
        progress.step = step;
        observer.onProgress(progress);
        if (step % kStepsAnEpoch > 0) continue;
        EpochStatistics epoch;
        epoch.epoch = static_cast<int>(step / kStepsAnEpoch);
        outcome.history.push_back(epoch);
        observer.onEpoch(epoch);
        publish();
    }
    return outcome;
}

struct InferenceEngine::Network {
    Recipe recipe;
    std::vector<float> values;  // of the weights in force
};

InferenceEngine::InferenceEngine(std::unique_ptr<Network> network) : m_network(std::move(network)) {}
InferenceEngine::InferenceEngine(InferenceEngine&&) noexcept = default;
InferenceEngine& InferenceEngine::operator=(InferenceEngine&&) noexcept = default;
InferenceEngine::~InferenceEngine() = default;

Result<InferenceEngine> InferenceEngine::create(const Recipe& recipe, const Weights& weights, Device) {
    return InferenceEngine(std::make_unique<Network>(Network{recipe, weights.values}));
}

const Recipe& InferenceEngine::recipe() const { return m_network->recipe; }

Result<void> InferenceEngine::load(const Weights& weights) {
    m_network->values = weights.values;
    return {};
}

ImageBatch InferenceEngine::inputOf(const ImageBatch& clean, const std::optional<Noise>&, std::uint64_t) const {
    return clean;
}

Codes InferenceEngine::encode(const ImageBatch&, std::span<const std::uint8_t>, int first, int count) {
    Codes codes{count, 2, {}, {}};
    for (int i = 0; i < count; ++i) codes.mu.insert(codes.mu.end(), {m_network->values[0], float(first + i)});
    return codes;
}

/// Images whose first pixel is the step of the weights they were made with.
ImageBatch InferenceEngine::decode(std::span<const float> codes, std::span<const std::uint8_t>) {
    ImageBatch images;
    images.count = static_cast<int>(codes.size() / 2);
    images.pixels.assign(static_cast<std::size_t>(images.count) * kImagePixels,
                         static_cast<std::uint8_t>(static_cast<int>(m_network->values[0]) % 256));
    return images;
}

Slope InferenceEngine::reconstructionError(const std::vector<double>&, const ImageBatch&,
                                           std::span<const std::uint8_t>) {
    return {};
}

ImageBatch InferenceEngine::reconstruct(const ImageBatch& inputs, std::span<const std::uint8_t>) { return inputs; }

void setInferenceThreads(int, int) {}
int defaultThreads() { return 2; }

MapPlane principalPlane(const Codes& codes, const MapPlane&) { return MapPlane::ofDimensions(codes.dimensions, 0, 1); }
Codes onPlane(const Codes& codes, const MapPlane&) { return codes; }
std::vector<float> normalPoints(int count, int dimensions, std::uint64_t) {
    return std::vector<float>(static_cast<std::size_t>(count) * static_cast<std::size_t>(dimensions));
}
std::vector<float> fittedTo(const Codes&, const std::vector<float>& points) { return points; }

}  // namespace zwei
