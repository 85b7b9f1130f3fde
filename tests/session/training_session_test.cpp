// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/training_session.h"

#include <QSignalSpy>

#include "tests/support/small_dataset.h"
#include "tests/support/wait.h"

namespace zwei {

class TrainingSessionTest : public QObject {
    Q_OBJECT

    static TrainingJob longJob() {
        auto recipe = test::smallRecipe();
        recipe.epochs = 10000;
        return {recipe, test::smallDataset(500, 50), Device::Cpu, 1};
    }
    static TrainingJob shortJob() { return {test::smallRecipe(), test::smallDataset(500, 50), Device::Cpu, 1}; }

private Q_SLOTS:
    void aRunEndsWithOneSignal() {
        TrainingSession session;
        QSignalSpy finished(&session, &TrainingSession::finished);
        QSignalSpy failed(&session, &TrainingSession::failed);
        QSignalSpy epochs(&session, &TrainingSession::epochFinished);
        session.start(shortJob());
        QVERIFY(session.isRunning());
        WAIT_FOR(finished.count() == 1);
        QVERIFY(!session.isRunning());
        QCOMPARE(epochs.count(), 2);
        QCOMPARE(failed.count(), 0);
        QCOMPARE(finished[0][0].value<StopReason>(), StopReason::Completed);
    }

    void aStopWakesAPause() {
        TrainingSession session;
        QSignalSpy paused(&session, &TrainingSession::paused);
        QSignalSpy finished(&session, &TrainingSession::finished);
        session.start(longJob());
        session.requestPause();
        WAIT_FOR(paused.count() == 1);
        session.requestStop();
        WAIT_FOR(finished.count() == 1);
        QCOMPARE(finished[0][0].value<StopReason>(), StopReason::Stopped);
    }

    void goesWhileItTrainsAndWhileItIsPaused() {
        for (const bool pause : {false, true}) {
            TrainingSession session;
            QSignalSpy progressed(&session, &TrainingSession::progressed);
            QSignalSpy paused(&session, &TrainingSession::paused);
            session.start(longJob());
            WAIT_FOR(progressed.count() > 0);
            if (pause) session.requestPause();
            if (pause) WAIT_FOR(paused.count() == 1);
        }
    }

    void aPauseIsToldOnceAndThenRests() {
        TrainingSession session;
        QSignalSpy paused(&session, &TrainingSession::paused);
        QSignalSpy published(&session, &TrainingSession::weightsPublished);
        session.start(longJob(), 1);
        WAIT_FOR(paused.count() == 1);
        for (int looks = 2; looks <= 5; ++looks) {
            session.requestWeights();
            WAIT_FOR(published.count() == looks);
        }
        QCOMPARE(paused.count(), 1);
    }

    void aRunThatIsReplacedFallsSilent() {
        TrainingSession session;
        QSignalSpy progressed(&session, &TrainingSession::progressed);
        QSignalSpy finished(&session, &TrainingSession::finished);
        session.start(longJob());
        WAIT_FOR(progressed.count() > 0);
        session.start(shortJob());
        WAIT_FOR(finished.count() == 1);
        QCOMPARE(finished[0][0].value<StopReason>(), StopReason::Completed);
    }

    void stepsDoOneBatchEach() {
        TrainingSession session;
        QSignalSpy paused(&session, &TrainingSession::paused);
        QSignalSpy progressed(&session, &TrainingSession::progressed);
        session.start(longJob(), 1);
        WAIT_FOR(paused.count() == 1);
        QCOMPARE(progressed.last()[0].value<TrainingProgress>().step, 1);
        session.requestStep();
        WAIT_FOR(paused.count() == 2);
        QCOMPARE(progressed.last()[0].value<TrainingProgress>().step, 2);
    }

    void aFailureIsASentence() {
        TrainingSession session;
        QSignalSpy finished(&session, &TrainingSession::finished);
        QSignalSpy failed(&session, &TrainingSession::failed);
        auto job = shortJob();
        job.recipe.learningRate = 1e6;
        job.recipe.schedule = Schedule::Constant;
        session.start(job);
        WAIT_FOR(failed.count() == 1);
        QVERIFY(failed[0][0].toString().contains(QStringLiteral("learning rate")));
        QVERIFY(failed[0][1].value<TrainingOutcome>().weights != nullptr);
        QCOMPARE(finished.count(), 0);
    }

    void resetPublishesTheInitialWeights() {
        TrainingSession session;
        QSignalSpy published(&session, &TrainingSession::weightsPublished);
        QSignalSpy progressed(&session, &TrainingSession::progressed);
        const auto job = longJob();
        session.start(job);
        WAIT_FOR(progressed.count() > 0);
        published.clear();
        session.reset(job);
        WAIT_FOR(published.count() == 1);
        const auto weights = published[0][0].value<WeightsPtr>();
        QCOMPARE(weights->step, 0);
        QVERIFY(weights->values == (*initialWeights(job.recipe, *job.data))->values);
        QVERIFY(!session.isRunning());
    }
};

}  // namespace zwei

QTEST_GUILESS_MAIN(zwei::TrainingSessionTest)
#include "training_session_test.moc"
