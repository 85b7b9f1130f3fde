// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/run_training.h"

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>

#include "app/cli/progress_line.h"
#include "app/reference_blas.h"
#include "models/io/model_file.h"
#include "models/runtime/environment.h"

namespace zwei::cli {
namespace {

std::atomic<bool> s_interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only touch such");

class TerminalObserver : public TrainingObserver {
public:
    TerminalObserver(RunControl& control, int epochs, const Checkpoints& checkpoints, const WeightsWatch& watch)
        : m_control(control), m_epochs(epochs), m_checkpoints(checkpoints), m_watch(watch) {}

    void onProgress(const TrainingProgress& progress) override {
        m_line.show(progress);
        if (s_interrupted) m_control.requestStop();
        const std::chrono::duration<double> since = Clock::now() - m_lastCheckpoint;
        if (!m_checkpoints.file.empty() && since.count() >= m_checkpoints.every) m_control.requestState();
    }
    void onState(const TrainingStatePtr& state) override {
        const auto saved = saveModel(m_checkpoints.file, checkpointOf(state));
        m_lastCheckpoint = Clock::now();
        if (!saved && !m_toldFault) std::fprintf(stderr, "%s The training goes on.\n", saved.error().c_str());
        m_toldFault = !saved;
    }
    void onEpoch(const EpochStatistics& epoch) override {
        m_epoch = epoch.epoch;
        m_line.show(epoch, m_epochs);
    }
    void onWeights(const WeightsPtr& weights) override {
        if (m_watch.take) m_watch.take(*weights, m_epoch);
    }

private:
    using Clock = std::chrono::steady_clock;

    RunControl& m_control;
    int m_epochs;
    const Checkpoints& m_checkpoints;
    Clock::time_point m_lastCheckpoint = Clock::now();
    bool m_toldFault = false;
    const WeightsWatch& m_watch;
    int m_epoch = 0;
    ProgressLine m_line;
};

}  // namespace

Result<TrainingOutcome> runTraining(const TrainingJob& job, const Checkpoints& checkpoints, const WeightsWatch& watch) {
    if (usesReferenceBlas()) std::fprintf(stderr, "%s\n", kReferenceBlas);
    RunControl control(job.recipe.beta);
    control.publishEvery(watch.every);
    TerminalObserver observer(control, job.recipe.epochs, checkpoints, watch);
    s_interrupted = false;
    const std::array signals = {SIGINT, SIGTERM};
    std::array<void (*)(int), 2> before{};
    for (std::size_t i = 0; i < signals.size(); ++i)
        before[i] = std::signal(signals[i], [](int) { s_interrupted = true; });
    auto outcome = train(job, control, observer);
    for (std::size_t i = 0; i < signals.size(); ++i) std::signal(signals[i], before[i]);
    return outcome;
}

}  // namespace zwei::cli
