// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/io/recipe_json.h"

#include <array>

#include "models/io/json_text.h"
#include "models/nn/recipe_check.h"

namespace zwei {
namespace {

using nlohmann::json;

template <typename Axis>
struct Words;

template <>
struct Words<Input> {
    static constexpr std::array all = {std::pair{Input::Clean, "clean"}, std::pair{Input::Noisy, "noisy"},
                                       std::pair{Input::Small, "small"}};
};
template <>
struct Words<NoiseKind> {
    static constexpr std::array all = {std::pair{NoiseKind::Gaussian, "gaussian"},
                                       std::pair{NoiseKind::SaltAndPepper, "salt-and-pepper"},
                                       std::pair{NoiseKind::Blocks, "blocks"}};
};
template <>
struct Words<Bottleneck> {
    static constexpr std::array all = {
        std::pair{Bottleneck::Plain, "plain"}, std::pair{Bottleneck::Gaussian, "gaussian"},
        std::pair{Bottleneck::Conditional, "conditional"}, std::pair{Bottleneck::Adversarial, "adversarial"},
        std::pair{Bottleneck::Skip, "skip"}};
};
template <>
struct Words<Backbone> {
    static constexpr std::array all = {std::pair{Backbone::Dense, "dense"},
                                       std::pair{Backbone::Convolutional, "convolutional"},
                                       std::pair{Backbone::Linear, "linear"}};
};
template <>
struct Words<Resampling> {
    static constexpr std::array all = {std::pair{Resampling::Pooling, "pooling"},
                                       std::pair{Resampling::Strided, "strided"}};
};
template <>
struct Words<Activation> {
    static constexpr std::array all = {std::pair{Activation::ReLU, "relu"}, std::pair{Activation::GELU, "gelu"}};
};
template <>
struct Words<Reconstruction> {
    static constexpr std::array all = {std::pair{Reconstruction::Bernoulli, "bernoulli"},
                                       std::pair{Reconstruction::Gaussian, "gaussian"}};
};
template <>
struct Words<Targets> {
    static constexpr std::array all = {std::pair{Targets::Grey, "grey"}, std::pair{Targets::Binarised, "binarised"}};
};
template <>
struct Words<Schedule> {
    static constexpr std::array all = {std::pair{Schedule::Constant, "constant"},
                                       std::pair{Schedule::OneCycle, "one-cycle"}};
};

/// Calls `visit(key, field, version)` for every field: the one list of what a recipe is made of, each with the version
/// of the file that first had it.
template <typename SomeRecipe, typename Visit>
void visitFields(SomeRecipe& recipe, Visit visit) {
    visit("input", recipe.input, 1);
    visit("noise", recipe.noise, 2);
    visit("noise_least", recipe.noiseLeast, 2);
    visit("noise_most", recipe.noiseMost, 2);
    visit("noise_mean", recipe.noiseMean, 2);
    visit("factor", recipe.factor, 2);
    visit("bottleneck", recipe.bottleneck, 1);
    visit("latent_size", recipe.latentSize, 1);
    visit("beta", recipe.beta, 1);
    visit("backbone", recipe.backbone, 1);
    visit("hidden", recipe.hidden, 1);
    visit("channels", recipe.channels, 1);
    visit("resampling", recipe.resampling, 2);
    visit("activation", recipe.activation, 1);
    visit("reconstruction", recipe.reconstruction, 1);
    visit("targets", recipe.targets, 2);
    visit("learning_rate", recipe.learningRate, 1);
    visit("schedule", recipe.schedule, 1);
    visit("batch", recipe.batch, 1);
    visit("epochs", recipe.epochs, 1);
    visit("patience", recipe.patience, 1);
    visit("seed", recipe.seed, 1);
}

template <typename Value>
json toJson(const Value& value) {
    if constexpr (std::is_enum_v<Value>)
        return wordOf(value);
    else
        return value;
}

/// Only values that fit the field: JSON's 1e9 or -1 must not become another number on the way.
template <typename Value>
bool readField(const json& from, Value& to) {
    if constexpr (std::is_enum_v<Value>) {
        if (!from.is_string()) return false;
        const auto choice = choiceNamed<Value>(from.get<std::string>());
        if (choice) to = *choice;
        return choice.has_value();
    } else if constexpr (std::is_same_v<Value, std::vector<int>>) {
        if (!from.is_array()) return false;
        to.assign(from.size(), 0);
        for (std::size_t i = 0; i < from.size(); ++i)
            if (!readField(from[i], to[i])) return false;
        return true;
    } else if constexpr (std::is_floating_point_v<Value>) {
        if (!from.is_number()) return false;
        to = from.get<Value>();
        return true;
    } else {
        const auto number = wholeNumber<Value>(from);
        if (number) to = *number;
        return number.has_value();
    }
}

}  // namespace

template <typename Axis>
std::string_view wordOf(Axis choice) {
    for (const auto& [value, word] : Words<Axis>::all)
        if (value == choice) return word;
    return {};
}

template <typename Axis>
Result<Axis> choiceNamed(std::string_view word) {
    std::string known;
    for (const auto& [value, name] : Words<Axis>::all) {
        if (word == name) return value;
        known += (known.empty() ? "" : ", ") + std::string(name);
    }
    return failure("There is no choice called " + std::string(word) + "; there are " + known + ".");
}

#define ZWEI_AXIS(Axis)                     \
    template std::string_view wordOf(Axis); \
    template Result<Axis> choiceNamed(std::string_view);
ZWEI_AXIS(Input)
ZWEI_AXIS(NoiseKind)
ZWEI_AXIS(Bottleneck)
ZWEI_AXIS(Backbone)
ZWEI_AXIS(Resampling)
ZWEI_AXIS(Activation)
ZWEI_AXIS(Reconstruction)
ZWEI_AXIS(Targets)
ZWEI_AXIS(Schedule)
#undef ZWEI_AXIS

std::string recipeToJson(const Recipe& recipe) {
    json object;
    visitFields(recipe, [&object](const char* key, const auto& field, int) { object[key] = toJson(field); });
    return object.dump();
}

Result<Recipe> recipeFromJson(std::string_view text, int version) {
    const auto object = parseJson(text);
    if (!object.is_object()) return failure("Its recipe is not JSON.");
    Recipe recipe;
    Sentence fault;
    visitFields(recipe, [&](const char* key, auto& field, int since) {
        if (!fault.empty() || since > version) return;
        if (!object.contains(key))
            fault = std::string("Its recipe has no ") + key + ".";
        else if (!readField(object[key], field))
            fault = std::string("Its recipe's ") + key + " is not one that Zwei knows.";
    });
    if (!fault.empty()) return failure(fault);
    // The first version's convolutional networks had no dense layers, whatever their recipe said of widths.
    if (version < 2 && recipe.backbone == Backbone::Convolutional) recipe.hidden.clear();
    if (auto wrong = recipeFault(recipe)) return failure(*wrong);
    return recipe;
}

}  // namespace zwei
