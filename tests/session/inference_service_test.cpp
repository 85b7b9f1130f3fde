// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/inference_service.h"

#include <QSignalSpy>

#include "models/nn/inference_engine.h"
#include "models/train/trainer.h"
#include "tests/support/small_dataset.h"
#include "tests/support/wait.h"

namespace zwei {

class InferenceServiceTest : public QObject {
    Q_OBJECT

    DatasetPtr m_data = test::smallDataset(200, 1200);
    WeightsPtr m_weights = *initialWeights(test::smallRecipe(), *m_data);

private Q_SLOTS:
    void everyViewIsServed() {
        InferenceService service;
        QSignalSpy grid(&service, &InferenceService::gridReady);
        QSignalSpy codes(&service, &InferenceService::codesReady);
        QSignalSpy reconstructions(&service, &InferenceService::reconstructionsReady);
        QSignalSpy refreshed(&service, &InferenceService::refreshed);
        service.setImages(m_data);
        service.setReconstructions({3, 1, 99999});
        service.setGrid({12, {-1, -1, 1, 1}, GridSpacing::Even});
        service.setModel(test::smallRecipe(), m_weights, m_data, nullptr);
        WAIT_FOR(refreshed.count() == 1);
        QCOMPARE(grid.last()[0].value<std::shared_ptr<const GridSnapshot>>()->tiles.count, 144);
        QCOMPARE(codes.last()[0].value<MapOfCodes>().codes->count, 1200);
        const auto compared = reconstructions.last()[0].value<std::shared_ptr<const ReconstructionSnapshot>>();
        QCOMPARE(compared->indices, (std::vector<int>{3, 1}));  // an index that no image has is left out
        QCOMPARE(compared->differences.count, 2);
    }

    void theCodesAreThoseOfTheEngine() {
        InferenceService service;
        QSignalSpy codes(&service, &InferenceService::codesReady);
        service.setModel(test::smallRecipe(), m_weights, m_data, nullptr);
        WAIT_FOR(codes.count() == 1);
        auto engine = InferenceEngine::create(test::smallRecipe(), *m_weights);
        const auto expected = engine->encode(m_data->test.images);
        const auto got = codes[0][0].value<MapOfCodes>().codes;
        for (std::size_t i = 0; i < expected.mu.size(); ++i) QVERIFY(std::abs(got->mu[i] - expected.mu[i]) < 1e-5);
    }

    void theLastCursorWins() {
        InferenceService service;
        QSignalSpy points(&service, &InferenceService::pointReady);
        service.setModel(test::smallRecipe(), m_weights, m_data, nullptr);
        for (int i = 0; i <= 200; ++i) service.setCursor({i / 100.0, 0});
        WAIT_FOR(!points.isEmpty() && points.last()[0].value<std::shared_ptr<const PointSnapshot>>()->z[0] == 2);
        QVERIFY(points.count() < 200);
    }

    void nearestImagesComeWithTheCodes() {
        InferenceService service;
        QSignalSpy points(&service, &InferenceService::pointReady);
        QSignalSpy codes(&service, &InferenceService::codesReady);
        service.setModel(test::smallRecipe(), m_weights, m_data, nullptr);
        WAIT_FOR(codes.count() == 1);
        const auto mean = codes[0][0].value<MapOfCodes>().codes->mean(77);
        service.setCursor({mean.begin(), mean.end()});
        WAIT_FOR(points.last()[0].value<std::shared_ptr<const PointSnapshot>>()->nearest.size() == 6 &&
                 points.last()[0].value<std::shared_ptr<const PointSnapshot>>()->nearest.front() == 77);
    }

    void aModelReplacedInTheMiddleOfItsPictureIsNotHeardInTheNextOnes() {
        InferenceService service;
        service.setGrid({4, {-1, -1, 1, 1}, GridSpacing::Even});
        for (int round = 0; round < 20; ++round) {
            QSignalSpy points(&service, &InferenceService::pointReady);
            QSignalSpy grids(&service, &InferenceService::gridReady);
            QSignalSpy refreshed(&service, &InferenceService::refreshed);
            service.setModel(test::smallRecipe(), m_weights, m_data, nullptr);
            WAIT_FOR(!points.isEmpty());  // the first answer: the picture is under way
            service.setModel(test::smallRecipe(), m_weights, m_data, nullptr);
            grids.clear();
            refreshed.clear();
            WAIT_FOR(!refreshed.isEmpty());
            QCOMPARE(grids.count(), 1);
        }
    }

    void aPointWithItsNeighboursIsToldAfterTheCodes() {
        InferenceService service;
        QSignalSpy refreshed(&service, &InferenceService::refreshed);
        std::size_t nearest = 0;  // of the last point since the codes
        connect(&service, &InferenceService::codesReady, this, [&nearest] { nearest = 0; });
        connect(&service, &InferenceService::pointReady, this,
                [&nearest](const auto& point) { nearest = point->nearest.size(); });
        service.setModel(test::smallRecipe(), m_weights, m_data, nullptr);
        WAIT_FOR(refreshed.count() == 1);
        QCOMPARE(nearest, std::size_t{6});
    }

    void whatAReplacedModelWouldSayIsNeverHeard() {
        InferenceService service;
        QSignalSpy codes(&service, &InferenceService::codesReady);
        auto wide = test::smallRecipe();
        wide.latentSize = 5;
        for (int i = 0; i < 20; ++i) service.setModel(wide, *initialWeights(wide, *m_data), m_data, nullptr);
        service.setModel(test::smallRecipe(), m_weights, m_data, nullptr);
        WAIT_FOR(codes.count() > 0);
        QCOMPARE(codes.count(), 1);
        QCOMPARE(codes[0][0].value<MapOfCodes>().codes->dimensions, 2);
    }

    void weightsOfAnotherNetworkAreRefused() {
        InferenceService service;
        QSignalSpy failed(&service, &InferenceService::failed);
        auto wide = test::smallRecipe();
        wide.latentSize = 5;
        service.setModel(wide, m_weights, m_data, nullptr);
        WAIT_FOR(failed.count() == 1);
    }

    void storedCodesStandInForMissingImages() {
        InferenceService service;
        QSignalSpy codes(&service, &InferenceService::codesReady);
        const auto stored = std::make_shared<const Codes>(Codes{2, 2, {1, 2, 3, 4}, {}});
        service.setModel(test::smallRecipe(), m_weights, nullptr, stored);
        WAIT_FOR(codes.count() == 1);
        QCOMPARE(codes[0][0].value<MapOfCodes>().codes->mu, stored->mu);
    }

    void goesAtAnyTime() {
        for (int i = 0; i < 10; ++i) {
            InferenceService service;
            service.setModel(test::smallRecipe(), m_weights, m_data, nullptr);
            service.setCursor({0.5, 0.5});
        }
    }
};

}  // namespace zwei

QTEST_GUILESS_MAIN(zwei::InferenceServiceTest)
#include "inference_service_test.moc"
