// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QThread>
#include <memory>

#include "models/train/trainer.h"

namespace zwei {

/// Training in a thread of its own. All methods and signals belong to the GUI thread; a request acts at once, before
/// the next batch. A run ends with exactly one of `finished` and `failed`; a run that is replaced or reset falls
/// silent.
class TrainingSession : public QObject {
    Q_OBJECT

public:
    explicit TrainingSession(QObject* parent = nullptr);
    ~TrainingSession() override;

    /// Starts a run, from its initial weights or from where the job says, and stops the one before. `steps`: do so many
    /// batches and then pause; 0 goes on to the end.
    void start(const TrainingJob& job, int steps = 0);

    /// Stops the run and answers with `weightsPublished`: the weights that this job would start from.
    void reset(const TrainingJob& job);

    /// Stops the run, and hears no more of it.
    void abandon() { stopCurrent(); }

    bool isRunning() const { return m_control != nullptr; }

    // Do nothing where nothing runs.
    void requestPause();
    void requestResume();
    void requestStep();
    void requestStop();
    void requestWeights();
    /// Answered by `stateCaptured`.
    void requestState();
    void setBeta(double beta);

Q_SIGNALS:
    void progressed(const zwei::TrainingProgress& progress);
    void epochFinished(const zwei::EpochStatistics& epoch);
    void weightsPublished(const zwei::WeightsPtr& weights);
    void stateCaptured(const zwei::TrainingStatePtr& state);
    /// Not for a pause that has been lifted meanwhile.
    void paused();
    void finished(zwei::StopReason reason, const zwei::TrainingOutcome& outcome);
    /// With the last good weights, unless there are none.
    void failed(const QString& sentence, const zwei::TrainingOutcome& outcome);

private:
    class Observer;

    /// Hands an event of run `run` to the GUI thread, where it is dropped if that run is no longer the current one.
    template <typename Event>
    void post(int run, Event event);
    void stopCurrent();
    void runInThread(int run, const TrainingJob& job, RunControl& control);
    void end(const Result<TrainingOutcome>& outcome);

    QThread m_thread;
    QObject m_worker;  // lives in m_thread
    std::shared_ptr<RunControl> m_control;
    int m_run = 0;
};

}  // namespace zwei
