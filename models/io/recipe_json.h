// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "models/types/recipe.h"
#include "models/types/result.h"

namespace zwei {

/// Counts the sets of fields that a recipe has had; a model file's format version is the same number.
inline constexpr int kRecipeVersion = 2;

/// A recipe as JSON text: one key a field, in snake_case; the axes by their words.
std::string recipeToJson(const Recipe& recipe);

/// The recipe in a JSON text, as files of `version` have it; what that version did not know yet is as it was then.
/// Fails with one sentence for what is not JSON, a missing key, an unknown word, or a value that cannot be trained
/// with.
[[nodiscard]] Result<Recipe> recipeFromJson(std::string_view text, int version = kRecipeVersion);

/// The words of the axes: `dense`, `convolutional`, `one-cycle`, ...
template <typename Axis>
std::string_view wordOf(Axis choice);
template <typename Axis>
[[nodiscard]] Result<Axis> choiceNamed(std::string_view word);

}  // namespace zwei
