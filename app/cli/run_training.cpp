// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/run_training.h"

#include <atomic>
#include <csignal>
#include <cstdio>

#include "app/cli/progress_line.h"
#include "app/reference_blas.h"
#include "models/runtime/environment.h"

namespace zwei::cli {
namespace {

std::atomic<bool> s_interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only touch such");

class TerminalObserver : public TrainingObserver {
public:
    TerminalObserver(RunControl& control, int epochs, const WeightsWatch& watch)
        : m_control(control), m_epochs(epochs), m_watch(watch) {}

    void onProgress(const TrainingProgress& progress) override {
        m_line.show(progress);
        if (s_interrupted) m_control.requestStop();
    }
    void onEpoch(const EpochStatistics& epoch) override {
        m_epoch = epoch.epoch;
        m_line.show(epoch, m_epochs);
    }
    void onWeights(const WeightsPtr& weights) override {
        if (m_watch.take) m_watch.take(*weights, m_epoch);
    }

private:
    RunControl& m_control;
    int m_epochs;
    const WeightsWatch& m_watch;
    int m_epoch = 0;
    ProgressLine m_line;
};

}  // namespace

Result<TrainingOutcome> runTraining(const TrainingJob& job, const WeightsWatch& watch) {
    if (usesReferenceBlas()) std::fprintf(stderr, "%s\n", kReferenceBlas);
    RunControl control(job.recipe.beta);
    control.publishEvery(watch.every);
    TerminalObserver observer(control, job.recipe.epochs, watch);
    s_interrupted = false;
    const auto before = std::signal(SIGINT, [](int) { s_interrupted = true; });
    auto outcome = train(job, control, observer);
    std::signal(SIGINT, before);
    return outcome;
}

}  // namespace zwei::cli
