// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/image_bench.h"

#include <QPainter>
#include <QSignalSpy>

#include "app/session/image_conversion.h"
#include "models/train/trainer.h"
#include "models/types/reconstruction.h"
#include "tests/support/small_dataset.h"
#include "tests/support/wait.h"

namespace zwei {

using PagePtr = std::shared_ptr<const BenchPage>;
using DigitsPtr = std::shared_ptr<const RestoredDigits>;
using EnlargedPtr = std::shared_ptr<const EnlargedDigit>;
using WayPtr = std::shared_ptr<const LatentWay>;

class ImageBenchTest : public QObject {
    Q_OBJECT

    DatasetPtr m_data = test::smallDataset(200, 400);
    WeightsPtr m_weights = *initialWeights(test::smallRecipe(), *m_data);

    /// Dark digits of the data set on bluish paper, in one line.
    QImage page(int digits) const {
        QImage paper(60 + 160 * digits, 220, QImage::Format_RGB32);
        paper.fill(QColor(210, 220, 235));
        QPainter painter(&paper);
        for (int i = 0; i < digits; ++i) {
            QImage ink(kImageSide, kImageSide, QImage::Format_ARGB32);
            const auto pixels = m_data->test.images.image(i);
            for (int k = 0; k < kImagePixels; ++k)
                ink.setPixelColor(k % kImageSide, k / kImageSide,
                                  QColor(20, 30, 60, pixels[static_cast<std::size_t>(k)]));
            painter.drawImage(QRect(30 + 160 * i, 30, 160, 160),
                              ink.scaled(160, 160, Qt::KeepAspectRatio, Qt::SmoothTransformation));
        }
        return paper;
    }

private Q_SLOTS:
    void theDigitsOfAPageAreFoundAndRestored() {
        ImageBench bench;
        QSignalSpy pages(&bench, &ImageBench::pageReady);
        QSignalSpy restored(&bench, &ImageBench::restored);
        QSignalSpy enlarged(&bench, &ImageBench::enlarged);
        bench.setModel(test::smallRecipe(), m_weights);
        bench.setEnlarging(true);
        bench.setImage(page(3));
        WAIT_FOR(!enlarged.isEmpty() && !restored.isEmpty());
        const auto found = pages.last()[0].value<PagePtr>();
        QCOMPARE(found->page.boxes.size(), std::size_t{3});
        QCOMPARE(found->page.tone, InkTone::Dark);
        const auto digits = restored.last()[0].value<DigitsPtr>();
        QCOMPARE(digits->noisy.count, 0);
        QCOMPARE(digits->restored.size(), std::size_t{3});  // no data set, and so no components
        for (const auto& each : digits->restored) {
            QCOMPARE(each.images.count, 3);
            QVERIFY(!each.quality);  // there is no clean image to compare with
        }
        const auto large = enlarged.last()[0].value<EnlargedPtr>();
        QCOMPARE(large->enlarged.size(), std::size_t{2});
        QCOMPARE(large->enlarged[1].factor, 4);
        QCOMPARE(large->enlarged[1].small.width, 7);
    }

    void noiseIsRepeatableAndMeasured() {
        ImageBench bench;
        QSignalSpy restored(&bench, &ImageBench::restored);
        const auto noisyOf = [&](std::uint64_t seed) {
            restored.clear();
            bench.setNoise({NoiseKind::Gaussian, 0.5, 0}, seed);
            [&] { WAIT_FOR(!restored.isEmpty() && restored.last()[0].value<DigitsPtr>()->noisy.count == 2); }();
            return restored.last()[0].value<DigitsPtr>();
        };
        bench.setImage(page(2));
        const auto first = noisyOf(7);
        const auto other = noisyOf(8);
        const auto again = noisyOf(7);
        QVERIFY(first->noisy.pixels != other->noisy.pixels);
        QVERIFY(first->noisy.pixels == again->noisy.pixels);
        const auto& denoiser = first->restored.front();
        QCOMPARE(denoiser.by, Restorer::Denoiser);
        QVERIFY(denoiser.quality->psnr > first->noisyQuality->psnr + 5);
        QVERIFY(denoiser.quality->psnr > first->restored.back().quality->psnr);  // than the median filter's
    }

    void theCodeIsThatOfTheDigitAndASearchLowersItsError() {
        ImageBench bench;
        QSignalSpy ways(&bench, &ImageBench::wayChanged);
        const auto way = [&] { return ways.last()[0].value<WayPtr>(); };
        bench.setModel(test::smallRecipe(), m_weights);
        bench.setKnown(m_data);
        bench.setImage(page(1));
        WAIT_FOR(!ways.isEmpty() && !way()->steps.empty() && !way()->denoised.empty());
        QCOMPARE(way()->steps.size(), std::size_t{1});
        QCOMPARE(way()->clean, way()->steps.front().z);
        QVERIFY(way()->noisy.empty());
        QVERIFY(way()->inClass && way()->outClass);
        QCOMPARE(int(way()->deviations.size()), 2);
        bench.search();
        WAIT_FOR(way()->steps.size() > 1 && way()->isOver);
        for (std::size_t i = 1; i < way()->steps.size(); ++i)
            QVERIFY(way()->steps[i].error < way()->steps[i - 1].error);
    }

    void aSearchCanBeStopped() {
        ImageBench bench;
        QSignalSpy ways(&bench, &ImageBench::wayChanged);
        const auto way = [&] { return ways.last()[0].value<WayPtr>(); };
        bench.setModel(test::smallRecipe(), m_weights);
        bench.setImage(page(1));
        WAIT_FOR(!ways.isEmpty() && !way()->steps.empty() && !way()->denoised.empty());
        bench.search();
        WAIT_FOR(way()->steps.size() > 1);
        bench.stopSearch();
        WAIT_FOR(way()->isOver);
    }

    void componentsComeWithADataSet() {
        ImageBench bench;
        QSignalSpy restored(&bench, &ImageBench::restored);
        bench.setImage(page(1));
        bench.setKnown(m_data);
        WAIT_FOR(!restored.isEmpty() && restored.last()[0].value<DigitsPtr>()->restored.size() == 3);
        QCOMPARE(restored.last()[0].value<DigitsPtr>()->restored[1].by, Restorer::Components);
    }

    void framesAndFramingsDecideWhatIsADigit() {
        ImageBench bench;
        QSignalSpy pages(&bench, &ImageBench::pageReady);
        const auto boxes = [&] { return pages.last()[0].value<PagePtr>()->page.boxes; };
        const auto image = page(2);
        bench.setImage(image);
        WAIT_FOR(!pages.isEmpty() && boxes().size() == 2);
        const auto second = boxes()[1];
        bench.setBoxes(std::vector<Box>{second});
        WAIT_FOR(boxes().size() == 1);
        QCOMPARE(boxes().front(), second);
        bench.setBoxes(std::nullopt);
        bench.setFraming(Framing::OneDigit);
        WAIT_FOR(boxes().size() == 1 && boxes().front().width == image.width());
        bench.setFraming(Framing::AsIs);
        WAIT_FOR(pages.last()[0].value<PagePtr>()->framing == Framing::AsIs);
        const auto pixels = greyPixels(image);
        QVERIFY(std::ranges::equal(pages.last()[0].value<PagePtr>()->page.digits.pixels, pixels));
    }

    void whatWasMadeIsPutBackAtFullSize() {
        ImageBench bench;
        QSignalSpy restored(&bench, &ImageBench::restored);
        QSignalSpy back(&bench, &ImageBench::putBack);
        const auto image = page(2);
        bench.setImage(image);
        WAIT_FOR(!restored.isEmpty());
        bench.requestPutBack(Restorer::Denoiser);
        WAIT_FOR(!back.isEmpty());
        const auto made = back.last()[0].value<QImage>();
        QCOMPARE(made.size(), image.size());
        QCOMPARE(made.pixelColor(3, 3), image.pixelColor(3, 3));
    }

    void whatBelongsToAnImageBeforeIsNotHeard() {
        ImageBench bench;
        for (int round = 0; round < 10; ++round) {
            bench.setImage(page(4));
            bench.setImage(page(1));
            QSignalSpy pages(&bench, &ImageBench::pageReady);
            WAIT_FOR(!pages.isEmpty());
            for (const auto& each : pages) QCOMPARE(each[0].value<PagePtr>()->page.boxes.size(), std::size_t{1});
        }
    }

    void aStripOfOnePixelAndNoImageLeaveNothingBehind() {
        ImageBench bench;
        QSignalSpy pages(&bench, &ImageBench::pageReady);
        QSignalSpy ways(&bench, &ImageBench::wayChanged);
        const auto digits = [&] { return pages.last()[0].value<PagePtr>()->page.digits.count; };
        QImage strip(4000, 1, QImage::Format_RGB32);
        strip.fill(Qt::white);
        bench.setModel(test::smallRecipe(), m_weights);
        for (const auto& image : {strip, QImage()}) {
            bench.setImage(page(2));
            WAIT_FOR(!pages.isEmpty() && digits() == 2);
            WAIT_FOR(!ways.isEmpty() && !ways.last()[0].value<WayPtr>()->steps.empty());
            bench.search();
            bench.setImage(image);
            WAIT_FOR(digits() == 0);
            WAIT_FOR(ways.last()[0].value<WayPtr>()->steps.empty());
        }
    }

    void aSearchGoesOnInNewerWeights() {
        ImageBench bench;
        QSignalSpy ways(&bench, &ImageBench::wayChanged);
        const auto way = [&] { return ways.last()[0].value<WayPtr>(); };
        bench.setModel(test::smallRecipe(), m_weights);
        bench.setImage(page(1));
        WAIT_FOR(!ways.isEmpty() && !way()->steps.empty() && !way()->denoised.empty());
        const auto before = way()->clean;
        bench.search();
        WAIT_FOR(way()->steps.size() > 1);
        auto recipe = test::smallRecipe();
        recipe.seed = 99;
        bench.setWeights(*initialWeights(recipe, *m_data));
        WAIT_FOR(way()->isOver && way()->clean != before);
        QVERIFY(way()->steps.size() > 1);
    }

    void enlargementsAreMadeWhenTheyAreLookedAtAgain() {
        ImageBench bench;
        QSignalSpy enlarged(&bench, &ImageBench::enlarged);
        QSignalSpy restored(&bench, &ImageBench::restored);
        bench.setEnlarging(true);
        bench.setImage(page(1));
        WAIT_FOR(enlarged.count() == 1);
        bench.setEnlarging(false);
        bench.setNoise({NoiseKind::Gaussian, 0.3, 0}, 1);
        WAIT_FOR(!restored.isEmpty() && restored.last()[0].value<DigitsPtr>()->noisy.count == 1);
        QCOMPARE(enlarged.count(), 1);
        bench.setEnlarging(true);
        WAIT_FOR(enlarged.count() == 2);
    }

    void nearestImagesAreThoseOfTheTrainingSet() {
        ImageBench bench;
        QSignalSpy ways(&bench, &ImageBench::wayChanged);
        bench.setModel(test::smallRecipe(), m_weights);
        bench.setKnown(m_data);
        QImage known(kImageSide, kImageSide, QImage::Format_Grayscale8);
        const auto pixels = m_data->train.images.image(7);
        for (int y = 0; y < kImageSide; ++y)
            std::copy_n(pixels.begin() + y * kImageSide, kImageSide, known.scanLine(y));
        bench.setFraming(Framing::AsIs);
        bench.setImage(known);
        WAIT_FOR(!ways.isEmpty() && ways.last()[0].value<WayPtr>()->nearest.count == 5);
        QVERIFY(std::ranges::equal(ways.last()[0].value<WayPtr>()->nearest.image(0), pixels));
    }

    void anImageOfNothingHasNoDigitsAndNoWay() {
        ImageBench bench;
        QSignalSpy ways(&bench, &ImageBench::wayChanged);
        QSignalSpy restored(&bench, &ImageBench::restored);
        QImage bare(300, 200, QImage::Format_RGB32);
        bare.fill(Qt::white);
        bench.setModel(test::smallRecipe(), m_weights);
        bench.setImage(bare);
        WAIT_FOR(!ways.isEmpty() && !restored.isEmpty());
        QVERIFY(ways.last()[0].value<WayPtr>()->steps.empty());
        QCOMPARE(restored.last()[0].value<DigitsPtr>()->digits.count, 0);
    }

    void goesAtAnyTime() {
        for (int round = 0; round < 10; ++round) {
            ImageBench bench;
            bench.setModel(test::smallRecipe(), m_weights);
            bench.setImage(page(2));
            bench.search();
        }
    }
};

}  // namespace zwei

QTEST_GUILESS_MAIN(zwei::ImageBenchTest)
#include "image_bench_test.moc"
