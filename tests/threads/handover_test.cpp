// SPDX-License-Identifier: GPL-3.0-or-later
// What crosses threads, with a fake engine in the place of LibTorch (fake_engine.cpp): made for the thread sanitizer
// (preset `tsan`), and run everywhere.
#include <QSignalSpy>
#include <atomic>
#include <thread>

#include "app/session/inference_service.h"
#include "app/session/latent_cursor.h"
#include "app/session/mailbox.h"
#include "app/session/training_session.h"
#include "tests/support/small_dataset.h"
#include "tests/support/wait.h"
#include "tests/threads/seen_by_tsan.h"

namespace zwei {

class HandoverTest : public QObject {
    Q_OBJECT

    static TrainingJob job(int epochs) {
        Recipe recipe;
        recipe.epochs = epochs;
        return {recipe, test::smallDataset(20, 10), Device::Cpu, 1};
    }
    static constexpr int kForever = 1'000'000;

private Q_SLOTS:
    void aRunIsAskedByManyAtOnce() {
        RunControl control;
        std::atomic<int> batches = 0;
        std::atomic<int> published = 0;
        std::thread trainer([&] {
            for (;;) {
                const auto next = control.next([] {});
                if (next == RunControl::Next::Stop) return;
                next == RunControl::Next::Batch ? ++batches : ++published;
            }
        });
        std::vector<std::thread> persons;
        persons.reserve(3);
        for (int person = 0; person < 3; ++person)
            persons.emplace_back([&control, person] {
                for (int i = 0; i < 300; ++i) {
                    control.setBeta(i);
                    if (person == 0) control.requestPause();
                    if (person == 0) control.requestStep();
                    if (person == 1) control.requestState();
                    if (person == 2) control.requestResume();
                    if (person == 2) control.requestWeights();
                    control.isPaused();
                }
            });
        for (auto& person : persons) person.join();
        control.requestResume();
        control.requestWeights();
        WAIT_FOR(batches > 0 && published > 0);
        control.requestPause();
        control.requestStop();
        trainer.join();
    }

    void noWishIsLostAndTheLatestWins() {
        struct Wishes {
            bool quit = false;
            int count = 0;
            std::shared_ptr<const std::vector<int>> latest;
        };
        Mailbox<Wishes> box;
        int counted = 0;
        int last = -1;
        std::thread taker([&] {
            for (;;) {
                const auto wishes = box.take();
                counted += wishes.count;
                if (wishes.latest) last = wishes.latest->front();
                if (wishes.quit) return;
            }
        });
        for (int i = 0; i < 5000; ++i)
            box.change([i](Wishes& wishes) {
                ++wishes.count;
                wishes.latest = std::make_shared<const std::vector<int>>(100, i);
            });
        box.change([](Wishes& wishes) { wishes.quit = true; });
        taker.join();
        QCOMPARE(counted, 5000);
        QCOMPARE(last, 4999);
    }

    void aRunTellsWhatItDoesAndEndsOnce() {
        TrainingSession session;
        QSignalSpy finished(&session, &TrainingSession::finished);
        QSignalSpy failed(&session, &TrainingSession::failed);
        std::vector<WeightsPtr> published;
        connect(&session, &TrainingSession::weightsPublished, this,
                [&published](const WeightsPtr& weights) { published.push_back(weights); });
        session.start(job(5));
        WAIT_FOR(finished.count() == 1);
        QCOMPARE(failed.count(), 0);
        QCOMPARE(published.size(), std::size_t{6});
        for (std::size_t i = 0; i < published.size(); ++i)
            QCOMPARE(published[i]->values.front(), static_cast<float>(published[i]->step));
    }

    void aPersonMayAskAnythingAtAnyTime() {
        TrainingSession session;
        QSignalSpy paused(&session, &TrainingSession::paused);
        QSignalSpy progressed(&session, &TrainingSession::progressed);
        QSignalSpy finished(&session, &TrainingSession::finished);
        QSignalSpy published(&session, &TrainingSession::weightsPublished);
        for (int round = 0; round < 10; ++round) {
            session.start(job(kForever), round % 3);
            session.setBeta(round);
            session.requestPause();
            WAIT_FOR(paused.count() > 0);
            paused.clear();
            session.requestStep();
            WAIT_FOR(paused.count() > 0);
            published.clear();
            session.requestWeights();
            WAIT_FOR(published.count() > 0);
            progressed.clear();
            session.requestResume();
            WAIT_FOR(progressed.count() > 0);
            paused.clear();
            if (round % 2 == 0) session.reset(job(1));
        }
        session.start(job(kForever));
        finished.clear();
        session.requestStop();
        WAIT_FOR(finished.count() == 1);
    }

    void aSessionGoesWhileItsRunDoesNot() {
        for (int round = 0; round < 20; ++round) {
            TrainingSession session;
            QSignalSpy progressed(&session, &TrainingSession::progressed);
            session.start(job(kForever));
            if (round % 2 == 0) session.requestPause();
            if (round % 3 == 0) session.start(job(kForever), 1);
            if (round % 4 == 1) WAIT_FOR(progressed.count() > 0);
        }
    }

    void aModelIsReplacedWhileItIsShown() {
        const auto data = test::smallDataset(20, 1200);
        for (int round = 0; round < 5; ++round) {
            InferenceService service;
            LatentCursor cursor;
            connect(&cursor, &LatentCursor::moved, &service, &InferenceService::setCursor);
            QSignalSpy refreshed(&service, &InferenceService::refreshed);
            QSignalSpy points(&service, &InferenceService::pointReady);
            service.setImages(data);
            service.setReconstructions({0, 1, 2});
            for (int model = 0; model < 20; ++model) {
                service.setModel(Recipe(), *initialWeights(Recipe(), *data), data, nullptr);
                service.setGrid({});
                cursor.moveTo({0.1 * model, 0.5});
                service.setJitter(model % 2);
                service.dream({10, 1});
            }
            if (round == 0) continue;  // gone while it is busy
            WAIT_FOR(refreshed.count() > 0);
            points.clear();
            cursor.moveTo({-1.5, 1.25});
            WAIT_FOR(!points.isEmpty() &&
                     points.last()[0].value<std::shared_ptr<const PointSnapshot>>()->z == cursor.position());
        }
    }

    /// As the session does it: weights are asked for and shown.
    void weightsGoFromTheTrainerToTheViews() {
        const auto data = test::smallDataset(20, 600);
        InferenceService service;
        TrainingSession session;
        int pictures = 0;
        int lastStep = -1;
        bool isInOrder = true;
        connect(&session, &TrainingSession::weightsPublished, this, [&](const WeightsPtr& weights) {
            if (weights->step == 0) return service.setModel(Recipe(), weights, data, nullptr);
            service.setWeights(weights, InferenceService::Coverage::SomeCodes);
        });
        connect(&service, &InferenceService::codesReady, this, [&](const MapOfCodes& map) {
            const int step = static_cast<int>(map.codes->mean(0)[0]);
            isInOrder &= step >= lastStep;
            lastStep = std::max(lastStep, step);
        });
        connect(&service, &InferenceService::refreshed, this, [&] {
            ++pictures;
            session.requestWeights();
        });
        session.start(job(kForever));
        WAIT_FOR(pictures >= 30);
        QVERIFY(lastStep > 0);
        QVERIFY(isInOrder);
    }
};

}  // namespace zwei

int main(int argc, char** argv) {
    zwei::test::SeenApplication application(argc, argv);
    zwei::HandoverTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "handover_test.moc"
