// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/training_session.h"

#ifdef __linux__
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace zwei {
namespace {

/// What this thread and those that it starts compute gives way to the window, where both want the same processor. (Qt's
/// own priorities do nothing on Linux.)
void giveWay() {
#ifdef __linux__
    constexpr int kNiceness = 8;
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), kNiceness);
#endif
}

}  // namespace

template <typename Event>
void TrainingSession::post(int run, Event event) {
    QMetaObject::invokeMethod(
        this,
        [this, run, event = std::move(event)] {
            if (run == m_run) event();
        },
        Qt::QueuedConnection);
}

/// In the training thread.
class TrainingSession::Observer : public TrainingObserver {
public:
    Observer(TrainingSession& session, int run) : m_session(session), m_run(run) {}

    void onProgress(const TrainingProgress& progress) override {
        m_session.post(m_run, [&session = m_session, progress] { Q_EMIT session.progressed(progress); });
    }
    void onEpoch(const EpochStatistics& epoch) override {
        m_session.post(m_run, [&session = m_session, epoch] { Q_EMIT session.epochFinished(epoch); });
    }
    void onWeights(const WeightsPtr& weights) override {
        m_session.post(m_run, [&session = m_session, weights] { Q_EMIT session.weightsPublished(weights); });
    }
    void onState(const TrainingStatePtr& state) override {
        m_session.post(m_run, [&session = m_session, state] { Q_EMIT session.stateCaptured(state); });
    }
    void onPaused() override {
        m_session.post(m_run, [&session = m_session] {
            if (session.m_control && session.m_control->isPaused()) Q_EMIT session.paused();
        });
    }

private:
    TrainingSession& m_session;
    int m_run;
};

TrainingSession::TrainingSession(QObject* parent) : QObject(parent) {
    m_thread.setObjectName(QStringLiteral("training"));
    m_worker.moveToThread(&m_thread);
    m_thread.start();
    QMetaObject::invokeMethod(&m_worker, giveWay, Qt::QueuedConnection);
}

TrainingSession::~TrainingSession() {
    stopCurrent();
    m_thread.quit();
    m_thread.wait();
}

void TrainingSession::stopCurrent() {
    if (m_control) m_control->requestStop();
    m_control = nullptr;
    ++m_run;
}

void TrainingSession::start(const TrainingJob& job, int steps) {
    stopCurrent();
    m_control = std::make_shared<RunControl>(job.recipe.beta, steps > 0);
    for (int step = 0; step < steps; ++step) m_control->requestStep();
    QMetaObject::invokeMethod(
        &m_worker, [this, run = m_run, job, control = m_control] { runInThread(run, job, *control); },
        Qt::QueuedConnection);
}

void TrainingSession::reset(const TrainingJob& job) {
    stopCurrent();
    QMetaObject::invokeMethod(
        &m_worker,
        [this, run = m_run, job] {
            post(run, [this, weights = initialWeights(job.recipe, *job.data)] {
                if (weights)
                    Q_EMIT weightsPublished(*weights);
                else
                    Q_EMIT failed(QString::fromStdString(weights.error()), {});
            });
        },
        Qt::QueuedConnection);
}

void TrainingSession::runInThread(int run, const TrainingJob& job, RunControl& control) {
    Observer observer(*this, run);
    post(run, [this, outcome = train(job, control, observer)] { end(outcome); });
}

void TrainingSession::end(const Result<TrainingOutcome>& outcome) {
    m_control = nullptr;
    if (!outcome)
        Q_EMIT failed(QString::fromStdString(outcome.error()), {});
    else if (outcome->reason == StopReason::Diverged)
        Q_EMIT failed(QString::fromStdString(outcome->message), *outcome);
    else
        Q_EMIT finished(outcome->reason, *outcome);
}

void TrainingSession::requestPause() {
    if (m_control) m_control->requestPause();
}

void TrainingSession::requestResume() {
    if (m_control) m_control->requestResume();
}

void TrainingSession::requestStep() {
    if (m_control) m_control->requestStep();
}

void TrainingSession::requestStop() {
    if (m_control) m_control->requestStop();
}

void TrainingSession::requestWeights() {
    if (m_control) m_control->requestWeights();
}

void TrainingSession::requestState() {
    if (m_control) m_control->requestState();
}

void TrainingSession::setBeta(double beta) {
    if (m_control) m_control->setBeta(beta);
}

}  // namespace zwei
