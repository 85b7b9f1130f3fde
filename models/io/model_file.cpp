// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/io/model_file.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "models/io/history_json.h"
#include "models/io/json_text.h"
#include "models/io/recipe_json.h"
#include "models/io/safetensors.h"
#include "models/io/training_state_file.h"
#include "models/io/whole_file.h"
#include "models/nn/network_layout.h"
#include "models/types/shown_text.h"

namespace zwei {
namespace {

// Not a module's name, so that no network's tensor can be taken for them.
constexpr const char* kCodesTensor = "test_codes";
constexpr const char* kLabelsTensor = "test_labels";

bool areFinite(const std::vector<float>& values) {
    return std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
}

/// The network's weights, complete and in the order and the shapes that the recipe asks for.
Result<WeightsPtr> weightsFrom(const Safetensors& content, const Recipe& recipe) {
    std::size_t bytes = 0;
    for (const auto& [name, tensor] : content.tensors) bytes += tensor.bytes.size();
    // Before anything is made for it: a recipe from a stranger may ask for gigabytes.
    if (bytes / sizeof(std::uint16_t) < parameterCount(recipe))
        return failure("The file is smaller than the network that its recipe asks for.");
    auto weights = std::make_shared<Weights>();
    weights->tensors = networkLayout(recipe);
    weights->values.reserve(parameterCount(recipe));
    for (const auto& entry : weights->tensors) {
        const auto stored = content.tensors.find(entry.name);
        if (stored == content.tensors.end()) return failure("The tensor " + entry.name + " is missing.");
        if (stored->second.shape != entry.shape)
            return failure("The tensor " + entry.name + " has another shape than its recipe asks for.");
        auto values = floatsOf(stored->second);
        if (!values) return failure(values.error());
        if (!areFinite(*values)) return failure("The tensor " + entry.name + " holds values that are not finite.");
        weights->values.insert(weights->values.end(), values->begin(), values->end());
    }
    return weights;
}

Result<void> readTestCodes(const Safetensors& content, Model& model) {
    const auto stored = content.tensors.find(kCodesTensor);
    if (stored == content.tensors.end()) return {};
    const auto& shape = stored->second.shape;
    if (shape.size() != 2 || shape[0] < 1 || shape[1] != model.recipe.latentSize)
        return failure("Its test codes have the wrong shape.");
    auto mu = floatsOf(stored->second);
    if (!mu) return failure(mu.error());
    if (!areFinite(*mu)) return failure("Its test codes hold values that are not finite.");
    model.testCodes =
        std::make_shared<Codes>(Codes{static_cast<int>(shape[0]), static_cast<int>(shape[1]), std::move(*mu), {}});
    const auto labels = content.tensors.find(kLabelsTensor);
    if (labels == content.tensors.end()) return {};
    model.testLabels = labels->second.bytes;
    if (labels->second.type != "U8" || model.testLabels.size() != static_cast<std::size_t>(shape[0]))
        return failure("Its test labels do not match its test codes.");
    for (const auto label : model.testLabels)
        if (label >= kClasses) return failure("Its test labels are not 0 to 9.");
    return {};
}

constexpr const char* kNotOurs = "It is a safetensors file, but not a model that Zwei wrote.";

bool isOurs(const std::map<std::string, std::string>& metadata) {
    const auto format = metadata.find("format");
    return format != metadata.end() && format->second == "zwei";
}

Result<Model> modelFrom(const Safetensors& content) {
    const auto text = [&content](const char* key) {
        const auto found = content.metadata.find(key);
        return found == content.metadata.end() ? std::string() : found->second;
    };
    if (!isOurs(content.metadata)) return failure(kNotOurs);
    int version = 1;
    while (version <= kModelFormatVersion && text("format_version") != std::to_string(version)) ++version;
    if (version > kModelFormatVersion)
        return failure("Its format version is " + shownText(text("format_version")) +
                       ", and this Zwei reads versions up to " + std::to_string(kModelFormatVersion) + ".");
    Model model;
    auto recipe = recipeFromJson(text("recipe"), version);
    if (!recipe) return failure(recipe.error());
    model.recipe = *recipe;
    auto history = historyFromJson(parseJson(text("history")));
    if (!history) return failure(history.error());
    model.history = std::move(*history);
    model.dataset = shownText(text("dataset"), kMostDatasetName);
    auto weights = weightsFrom(content, model.recipe);
    if (!weights) return failure(weights.error());
    model.weights = *weights;
    auto state = readTrainingState(content, model.recipe, model.weights);
    if (!state) return failure(state.error());
    model.state = *state;
    if (model.state)
        for (const auto& known : {model.state->best, model.state->weights})  // the same, with their step
            if (known->values == model.weights->values) model.weights = known;
    if (auto codes = readTestCodes(content, model); !codes) return failure(codes.error());
    return model;
}

}  // namespace

Model checkpointOf(const TrainingStatePtr& state) {
    return {state->recipe, state->weights, state->dataset, state->history, nullptr, {}, state};
}

Result<Model> parseModel(const std::vector<std::uint8_t>& bytes, const std::string& name) {
    const auto named = [&name](const Sentence& what) { return failure(name + ": " + what); };
    const auto content = parseSafetensors(bytes);
    if (!content) return named(content.error());
    auto model = modelFrom(*content);
    if (!model) return named(model.error());
    return model;
}

Result<Model> loadModel(const std::filesystem::path& file) {
    // Before all of it is read: a stranger's may be of gigabytes.
    if (std::error_code error; std::filesystem::is_regular_file(file, error)) {
        const auto metadata = readSafetensorsMetadata(file);
        if (!metadata) return failure(file.string() + ": " + metadata.error());
        if (!isOurs(*metadata)) return failure(file.string() + ": " + kNotOurs);
    }
    const auto bytes = readWholeFile(file);
    if (!bytes) return failure(bytes.error());
    return parseModel(*bytes, file.string());
}

Result<void> saveModel(const std::filesystem::path& file, const Model& model, Precision precision) {
    Safetensors content;
    content.metadata = {{"format", "zwei"},
                        {"format_version", std::to_string(kModelFormatVersion)},
                        {"recipe", recipeToJson(model.recipe)},
                        {"dataset", model.dataset},
                        {"history", historyToJson(model.history).dump()}};
    const auto store = precision == Precision::Half ? storeHalfs : storeFloats;
    for (const auto& entry : model.weights->tensors)
        content.tensors[entry.name] = store(model.weights->values.data() + entry.offset, entry.shape);
    if (model.state && precision == Precision::Single) storeTrainingState(*model.state, model.weights, content);
    if (model.testCodes) {
        const auto& codes = *model.testCodes;
        content.tensors[kCodesTensor] = storeFloats(codes.mu.data(), {codes.count, codes.dimensions});
        if (!model.testLabels.empty()) content.tensors[kLabelsTensor] = {"U8", {codes.count}, model.testLabels};
    }
    return writeWholeFile(file, serialiseSafetensors(content));
}

}  // namespace zwei
