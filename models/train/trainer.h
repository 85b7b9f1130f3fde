// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "models/data/dataset.h"
#include "models/runtime/device.h"
#include "models/train/run_control.h"
#include "models/types/metrics.h"
#include "models/types/recipe.h"
#include "models/types/result.h"
#include "models/types/shared_processors.h"
#include "models/types/training_state.h"
#include "models/types/weights.h"

namespace zwei {

/// All that a run needs.
struct TrainingJob {
    Recipe recipe;
    DatasetPtr data;
    Device device = Device::Auto;
    int threads = 0;             ///< of LibTorch in the training thread; 0 takes what suits this machine
    TrainingStatePtr from = {};  ///< to go on from; null: from the initial weights
    std::shared_ptr<SharedProcessors> processors = {};  ///< to share with others; null: with nobody
};

/// Hears of a run, in the thread that trains: what it does must be quick.
class TrainingObserver {
public:
    virtual ~TrainingObserver() = default;
    /// At most 30 times a second, and at every pause.
    virtual void onProgress(const TrainingProgress&) {}
    virtual void onEpoch(const EpochStatistics&) {}
    /// Those that the run begins with, those after each epoch, and those that were requested.
    virtual void onWeights(const WeightsPtr&) {}
    /// What was asked for by `RunControl::requestState`, unless it is not finite any more.
    virtual void onState(const TrainingStatePtr&) {}
    virtual void onPaused() {}
};

enum class StopReason {
    Completed,     ///< all epochs done
    Stopped,       ///< somebody asked for it; the weights are those of the last whole epoch, if there was one
    EarlyStopped,  ///< the validation -ELBO had not improved for `patience` epochs; the weights are the best ones
    Diverged,      ///< the loss was not finite; the weights are the last ones that gave finite figures
};

struct TrainingOutcome {
    StopReason reason = StopReason::Completed;
    Sentence message;  ///< what happened, where it diverged
    WeightsPtr weights;
    std::vector<EpochStatistics> history;  ///< ends with the epoch whose weights these are
    double imagesPerSecond = 0;
    TrainingStatePtr state;  ///< null where it diverged, and of a linear recipe
};

/// Trains in the calling thread until the epochs are done or somebody stops it. With the same job, the same build and
/// one thread, every loss is the same bit for bit, also where the run was stopped and another went on from its state.
/// (With a one-cycle schedule only where both were to have as many epochs.) The weights of a dense network are the same
/// with any number of threads. Fails with a sentence where the recipe, the
/// data or the device will not do; then nothing has been trained.
[[nodiscard]] Result<TrainingOutcome> train(const TrainingJob& job, RunControl& control, TrainingObserver& observer);

/// The weights that a run of this recipe on this data starts from.
[[nodiscard]] Result<WeightsPtr> initialWeights(const Recipe& recipe, const Dataset& data);

}  // namespace zwei
