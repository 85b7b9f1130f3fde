// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>

namespace zwei {

/// What others may ask of a run, from any thread and at any time. The trainer looks at it before every batch; a request
/// to stop also wakes a run that is paused.
class RunControl {
public:
    /// What the trainer is to do next.
    enum class Next { Batch, PublishWeights, CaptureState, Stop };

    explicit RunControl(double beta = 1, bool startPaused = false) : m_paused(startPaused), m_beta(beta) {}

    void requestPause();
    void requestResume();
    void requestStop();
    /// One batch more, and then a pause.
    void requestStep();
    /// The weights after the next batch, or at once where the run is paused.
    void requestWeights();
    /// All that the run is, before the next batch or at once where it is paused.
    void requestState();
    /// The weights after every so many batches, without being asked for each time; 0 is never. Before the run starts.
    void publishEvery(int batches) { m_every = batches; }
    /// Holds from the next batch on.
    void setBeta(double beta) { m_beta.store(beta); }

    double beta() const { return m_beta.load(); }
    /// Whether it stands still, or will before the next batch.
    bool isPaused() const;

    /// For the trainer: waits while the run is paused, after telling `onPause` so, once a pause. A request for
    /// weights is taken by the answer `PublishWeights`, one for the state by `CaptureState`.
    Next next(const std::function<void()>& onPause);

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_paused;    // this and the next four are guarded by m_mutex
    int m_steps = 0;  // batches to do although paused
    bool m_isPauseTold = false;
    bool m_weightsWanted = false;
    bool m_stateWanted = false;
    int m_every = 0;
    int m_batches = 0;  // since the last that `publishEvery` asked for
    std::atomic<bool> m_stop = false;
    std::atomic<double> m_beta;
};

}  // namespace zwei
