// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>

#include "models/train/trainer.h"

namespace zwei::cli {

/// Where and how often a run is kept while it is under way.
struct Checkpoints {
    std::filesystem::path file;  ///< a model file; empty: nowhere
    double every = 60;           ///< seconds
};

/// Hears of the weights that a run begins with, of those after each epoch, and of those of every so many batches.
struct WeightsWatch {
    std::function<void(const Weights& weights, int epoch)> take;
    int every = 0;  ///< batches; 0: after epochs only
};

/// Trains with progress on standard error; Ctrl+C, or a request to terminate, ends the run after the batch under way. A
/// checkpoint that cannot be written is told once, and the run goes on; one that was written is left to the caller.
[[nodiscard]] Result<TrainingOutcome> runTraining(const TrainingJob& job, const Checkpoints& checkpoints = {},
                                                  const WeightsWatch& watch = {});

}  // namespace zwei::cli
