// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/io/recipe_json.h"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "models/nn/recipe_check.h"

namespace zwei {
namespace {

using nlohmann::json;

template <typename Axis>
struct Words;

template <>
struct Words<Input> {
    static constexpr std::array all = {std::pair{Input::Clean, "clean"}};
};
template <>
struct Words<Bottleneck> {
    static constexpr std::array all = {std::pair{Bottleneck::Gaussian, "gaussian"}};
};
template <>
struct Words<Backbone> {
    static constexpr std::array all = {std::pair{Backbone::Dense, "dense"},
                                       std::pair{Backbone::Convolutional, "convolutional"}};
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
struct Words<Schedule> {
    static constexpr std::array all = {std::pair{Schedule::Constant, "constant"},
                                       std::pair{Schedule::OneCycle, "one-cycle"}};
};

/// Calls `visit(key, field)` for every field: the one list of what a recipe is made of.
template <typename SomeRecipe, typename Visit>
void visitFields(SomeRecipe& recipe, Visit visit) {
    visit("input", recipe.input);
    visit("bottleneck", recipe.bottleneck);
    visit("latent_size", recipe.latentSize);
    visit("beta", recipe.beta);
    visit("backbone", recipe.backbone);
    visit("hidden", recipe.hidden);
    visit("channels", recipe.channels);
    visit("activation", recipe.activation);
    visit("reconstruction", recipe.reconstruction);
    visit("learning_rate", recipe.learningRate);
    visit("schedule", recipe.schedule);
    visit("batch", recipe.batch);
    visit("epochs", recipe.epochs);
    visit("patience", recipe.patience);
    visit("seed", recipe.seed);
}

template <typename Value>
json toJson(const Value& value) {
    if constexpr (std::is_enum_v<Value>)
        return wordOf(value);
    else
        return value;
}

bool isWhole(const json& value) { return value.is_number_integer(); }

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
    } else if constexpr (std::is_unsigned_v<Value>) {
        if (!from.is_number_unsigned()) return false;
        to = from.get<Value>();
        return true;
    } else {
        if (!isWhole(from) || !std::in_range<Value>(from.get<std::int64_t>())) return false;
        to = from.get<Value>();
        return true;
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

template std::string_view wordOf(Backbone);
template std::string_view wordOf(Activation);
template std::string_view wordOf(Reconstruction);
template std::string_view wordOf(Schedule);
template Result<Backbone> choiceNamed(std::string_view);
template Result<Activation> choiceNamed(std::string_view);
template Result<Reconstruction> choiceNamed(std::string_view);
template Result<Schedule> choiceNamed(std::string_view);

std::string recipeToJson(const Recipe& recipe) {
    json object;
    visitFields(recipe, [&object](const char* key, const auto& field) { object[key] = toJson(field); });
    return object.dump();
}

Result<Recipe> recipeFromJson(std::string_view text) {
    const auto object = json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!object.is_object()) return failure("Its recipe is not JSON.");
    Recipe recipe;
    Sentence fault;
    visitFields(recipe, [&](const char* key, auto& field) {
        if (!fault.empty()) return;
        if (!object.contains(key))
            fault = std::string("Its recipe has no ") + key + ".";
        else if (!readField(object[key], field))
            fault = std::string("Its recipe's ") + key + " is not one that Zwei knows.";
    });
    if (!fault.empty()) return failure(fault);
    if (auto wrong = recipeFault(recipe)) return failure(*wrong);
    return recipe;
}

}  // namespace zwei
