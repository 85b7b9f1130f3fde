// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "models/train/trainer.h"

namespace zwei::cli {

/// Hears of the initial weights, of those after each epoch, and of those of every so many batches.
struct WeightsWatch {
    std::function<void(const Weights& weights, int epoch)> take;
    int every = 0;  ///< batches; 0: after epochs only
};

/// Trains with progress on standard error; Ctrl+C ends the run after the batch under way.
[[nodiscard]] Result<TrainingOutcome> runTraining(const TrainingJob& job, const WeightsWatch& watch = {});

}  // namespace zwei::cli
