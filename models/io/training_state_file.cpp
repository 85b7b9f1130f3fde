// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/io/training_state_file.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "models/io/history_json.h"
#include "models/io/json_text.h"
#include "models/types/shown_text.h"

namespace zwei {
namespace {

using nlohmann::json;

constexpr const char* kKey = "training";
constexpr const char* kWeights = "training.weights";
constexpr const char* kBest = "training.best";
constexpr const char* kShuffle = "training.shuffle";
constexpr const char* kNoise = "training.noise";
constexpr const char* kAdam = "training.adam";
constexpr const char* kDiscriminator = "training.discriminator";

StoredTensor flat(const std::vector<float>& values) {
    return storeFloats(values.data(), {static_cast<std::int64_t>(values.size())});
}

StoredTensor flat(const std::vector<std::uint8_t>& bytes) {
    return {"U8", {static_cast<std::int64_t>(bytes.size())}, bytes};
}

void storeOptimiser(const std::string& name, const OptimiserState& state, Safetensors& content) {
    content.tensors[name + ".first"] = flat(state.first);
    content.tensors[name + ".second"] = flat(state.second);
}

json stateToJson(const TrainingState& state) {
    json object{{"dataset", state.dataset},
                {"fingerprint", state.fingerprint},
                {"step", state.weights->step},
                {"adam_steps", state.optimiser.steps},
                {"epoch", state.epoch},
                {"batch", state.batch},
                {"terms", termsToJson(state.terms.mean)},
                {"terms_images", state.terms.images},
                {"seconds", state.seconds},
                {"images", state.images},
                {"history", historyToJson(state.history)},
                {"best_step", state.best->step},
                {"epochs_since_best", state.epochsSinceBest}};
    if (std::isfinite(state.bestValidation)) object["best_validation"] = state.bestValidation;
    if (state.discriminator) object["discriminator_steps"] = state.discriminator->steps;
    return object;
}

/// Reads the file's part of a state; each member says whether it is as it should be.
class Reader {
public:
    Reader(const Safetensors& content, const WeightsPtr& model) : m_content(content), m_model(model) {}

    bool read(const json& from, TrainingState& to) const {
        std::int64_t step = 0, bestStep = 0;
        const bool isCounted =
            readWhole(from, "step", std::int64_t{0}, step) && readWhole(from, "best_step", std::int64_t{0}, bestStep) &&
            readWhole(from, "fingerprint", std::uint32_t{0}, to.fingerprint) && readWhole(from, "epoch", 0, to.epoch) &&
            readWhole(from, "batch", 0, to.batch) && readWhole(from, "images", std::int64_t{0}, to.images) &&
            readWhole(from, "epochs_since_best", 0, to.epochsSinceBest);
        if (!isCounted || !from.contains("dataset") || !from["dataset"].is_string()) return false;
        to.dataset = shownText(from["dataset"].get<std::string>(), kMostDatasetName);
        if (!readNumber(from, "seconds", to.seconds) || !readNumber(from, "terms_images", to.terms.images))
            return false;
        if (!from.contains("terms") || !termsFromJson(from["terms"], to.terms.mean)) return false;
        if (from.contains("best_validation") && !readNumber(from, "best_validation", to.bestValidation)) return false;
        return readHistory(from, to) && readWeights(kWeights, step, to.weights) &&
               readWeights(kBest, bestStep, to.best) && readOptimisers(from, to) && readBytes(kShuffle, to.shuffle) &&
               readBytes(kNoise, to.noise);
    }

private:
    static bool readHistory(const json& from, TrainingState& to) {
        if (!from.contains("history")) return false;
        auto history = historyFromJson(from["history"]);
        if (!history) return false;
        to.history = std::move(*history);
        return to.epoch == std::ssize(to.history) && to.epochsSinceBest <= to.epoch;
    }

    bool readOptimisers(const json& from, TrainingState& to) const {
        if (!readWhole(from, "adam_steps", std::int64_t{0}, to.optimiser.steps)) return false;
        if (!readOptimiser(kAdam, to.optimiser)) return false;
        if (!from.contains("discriminator_steps")) return true;
        to.discriminator.emplace();
        return readWhole(from, "discriminator_steps", std::int64_t{0}, to.discriminator->steps) &&
               readOptimiser(kDiscriminator, *to.discriminator);
    }

    bool readOptimiser(const std::string& name, OptimiserState& to) const {
        return readFloats(name + ".first", to.first) && readFloats(name + ".second", to.second) &&
               to.first.size() == to.second.size();
    }

    /// The model's own, where the file has no others.
    bool readWeights(const std::string& name, std::int64_t step, WeightsPtr& to) const {
        auto weights = std::make_shared<Weights>(*m_model);
        weights->step = step;
        if (m_content.tensors.contains(name) && !readFloats(name, weights->values)) return false;
        to = weights;
        return weights->values.size() == m_model->values.size();
    }

    bool readFloats(const std::string& name, std::vector<float>& to) const {
        const auto stored = m_content.tensors.find(name);
        if (stored == m_content.tensors.end()) return false;
        auto values = floatsOf(stored->second);
        if (!values) return false;
        to = std::move(*values);
        return std::all_of(to.begin(), to.end(), [](float value) { return std::isfinite(value); });
    }

    bool readBytes(const std::string& name, std::vector<std::uint8_t>& to) const {
        const auto stored = m_content.tensors.find(name);
        if (stored == m_content.tensors.end() || stored->second.type != "U8") return false;
        to = stored->second.bytes;
        return true;
    }

    const Safetensors& m_content;
    const WeightsPtr& m_model;
};

}  // namespace

void storeTrainingState(const TrainingState& state, const WeightsPtr& model, Safetensors& content) {
    content.metadata[kKey] = stateToJson(state).dump(-1, ' ', false, json::error_handler_t::replace);
    if (state.weights->values != model->values) content.tensors[kWeights] = flat(state.weights->values);
    if (state.best->values != model->values) content.tensors[kBest] = flat(state.best->values);
    content.tensors[kShuffle] = flat(state.shuffle);
    content.tensors[kNoise] = flat(state.noise);
    storeOptimiser(kAdam, state.optimiser, content);
    if (state.discriminator) storeOptimiser(kDiscriminator, *state.discriminator, content);
}

Result<TrainingStatePtr> readTrainingState(const Safetensors& content, const Recipe& recipe, const WeightsPtr& model) {
    const auto text = content.metadata.find(kKey);
    if (text == content.metadata.end()) return nullptr;
    const auto from = parseJson(text->second);
    auto state = std::make_shared<TrainingState>();
    state->recipe = recipe;
    if (!from.is_object() || !Reader(content, model).read(from, *state))
        return failure("What it holds of its training is damaged.");
    return state;
}

}  // namespace zwei
