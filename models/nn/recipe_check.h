// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "models/types/recipe.h"
#include "models/types/result.h"

namespace zwei {

inline constexpr int kMostLayers = 8;
inline constexpr int kMostWidth = 8192;
inline constexpr int kMostStages = 5;  ///< 28 pixels halve to one in five stages
inline constexpr int kMostChannels = 512;
inline constexpr int kMostLatent = 256;
inline constexpr int kDiscriminatorWidth = 256;
inline constexpr double kMostSigma = 2;
inline constexpr double kMostLearningRate = 1e6;

/// The first thing that is wrong with a recipe, as a sentence; nothing for one that can be trained.
std::optional<Sentence> recipeFault(const Recipe& recipe);

}  // namespace zwei
