// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/io/safetensors.h"
#include "models/types/result.h"
#include "models/types/training_state.h"

namespace zwei {

/// Bytes of a data set's name: it is a folder's.
inline constexpr std::size_t kMostDatasetName = 255;

// What a model file holds beside the model, for a run that is to go on from it: the tensors `training.*`, and
// `training` in the metadata.

/// `model` are the weights that the file holds anyway, and which are not stored again where the state has the same.
void storeTrainingState(const TrainingState& state, const WeightsPtr& model, Safetensors& content);

/// Null where the file holds none. `model` are the file's weights in the network's layout, whose step is set.
[[nodiscard]] Result<TrainingStatePtr> readTrainingState(const Safetensors& content, const Recipe& recipe,
                                                         const WeightsPtr& model);

}  // namespace zwei
