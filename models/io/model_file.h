// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "models/types/metrics.h"
#include "models/types/recipe.h"
#include "models/types/result.h"
#include "models/types/snapshot.h"
#include "models/types/training_state.h"
#include "models/types/weights.h"

namespace zwei {

/// A trained model: what a model file holds. The file is safetensors: the network's tensors by their modules' names
/// and, in its metadata, the recipe, the figures of the training and the format's version, as text and JSON. It may
/// hold all that the run was (see models/io/training_state_file.h), which another run goes on from.
struct Model {
    Recipe recipe;
    WeightsPtr weights;
    std::string dataset;                   ///< the name of what it was trained on
    std::vector<EpochStatistics> history;  ///< empty for a model that was never trained
    CodesPtr testCodes;                    ///< where the file carries the codes of the test images: their mu
    std::vector<std::uint8_t> testLabels;  ///< and their labels
    TrainingStatePtr state = {};           ///< for a run to go on from; null: the file holds none
};

inline constexpr int kModelFormatVersion = 2;

enum class Precision { Single, Half };

/// The model that a run has made so far, and all that the run was.
Model checkpointOf(const TrainingStatePtr& state);

[[nodiscard]] Result<Model> loadModel(const std::filesystem::path& file);

/// A model from a file's bytes, which `name` names in the sentence of a failure.
[[nodiscard]] Result<Model> parseModel(const std::vector<std::uint8_t>& bytes, const std::string& name);

/// Writes the file whole or not at all; in half precision without the state of the run.
[[nodiscard]] Result<void> saveModel(const std::filesystem::path& file, const Model& model,
                                     Precision precision = Precision::Single);

}  // namespace zwei
