// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/train/trainer.h"

namespace zwei::cli {

/// Trains with progress on standard error; Ctrl+C ends the run after the batch under way.
[[nodiscard]] Result<TrainingOutcome> runTraining(const TrainingJob& job);

}  // namespace zwei::cli
