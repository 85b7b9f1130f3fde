// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/run_film.h"

#include <QTest>

#include "app/session/film_file.h"
#include "models/io/whole_file.h"
#include "tests/support/temporary_folder.h"

namespace zwei {
namespace {

GridSnapshot gridOf(int side, std::uint8_t ink) {
    GridSnapshot grid;
    grid.request.side = side;
    grid.tiles.count = side * side;
    grid.tiles.pixels.assign(static_cast<std::size_t>(side * side * kImagePixels), ink);
    return grid;
}

std::uint8_t inkOf(const QImage& frame) { return static_cast<std::uint8_t>(255 - frame.constScanLine(10)[10]); }

}  // namespace

/// What is kept of a run, and how it is written.
class RunFilmTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qputenv("QT_QPA_PLATFORM", "offscreen"); }

    void takesAFrameEveryHalfSecond() {
        RunFilm film;
        for (const std::int64_t now : {0, 100, 499, 500, 800, 1000}) film.take(gridOf(2, 10), {}, now);
        QCOMPARE(film.frames().size(), std::size_t{3});
    }

    void thinsALongRunEvenly() {
        RunFilm film;
        constexpr int kTaken = 1000;
        for (int i = 0; i < kTaken; ++i)
            film.take(gridOf(2, static_cast<std::uint8_t>(i * 255 / kTaken)), {}, i * RunFilm::kInterval);
        const auto& frames = film.frames();
        QVERIFY(frames.size() <= RunFilm::kMostFrames);
        QVERIFY(frames.size() >= RunFilm::kMostFrames / 2);
        QCOMPARE(int{inkOf(frames.front())}, 0);
        QVERIFY(inkOf(frames.back()) > 250);
        // Equal times apart, and so of equal steps of ink.
        const int step = inkOf(frames[1]);
        for (std::size_t i = 1; i < frames.size(); ++i)
            QVERIFY(std::abs(inkOf(frames[i]) - inkOf(frames[i - 1]) - step) <= 1);
    }

    void isBoundedInMemory() {
        RunFilm film;
        for (int i = 0; i <= RunFilm::kMostFrames; ++i) film.take(gridOf(40, 1), {}, i * RunFilm::kInterval);
        const auto frame = film.frames().front().sizeInBytes();
        QVERIFY(frame * RunFilm::kMostFrames < 50'000'000);
    }

    void startsAnew() {
        RunFilm film;
        film.take(gridOf(2, 10), {}, 0);
        film.clear();
        QVERIFY(film.frames().empty());
        film.take(gridOf(2, 20), {}, 1);
        QCOMPARE(int{inkOf(film.frames().front())}, 20);
    }

    void gridsOfSeveralSizesMakeOneFilm() {
        const test::TemporaryFolder folder;
        const auto file = folder.path() / "run.gif";
        RunFilm film;
        film.take(gridOf(20, 10), {}, 0);
        film.take(gridOf(5, 200), {}, RunFilm::kInterval);
        const auto written = writeFilm(film.frames(), file);
        QVERIFY2(written, written ? "" : written.error().c_str());
        const auto bytes = readWholeFile(file);
        QVERIFY(bytes);
        QCOMPARE(std::string(bytes->begin(), bytes->begin() + 6), std::string("GIF89a"));
        QCOMPARE(int{bytes->back()}, 0x3b);
    }

    void nothingIsNoFilm() {
        const test::TemporaryFolder folder;
        QVERIFY(!writeFilm({}, folder.path() / "run.gif"));
        QVERIFY(!std::filesystem::exists(folder.path() / "run.gif"));
    }

    void aFolderOfFramesIsNotWrittenOver() {
        const test::TemporaryFolder folder;
        RunFilm film;
        film.take(gridOf(2, 10), {}, 0);
        QVERIFY(writeFilm(film.frames(), folder.path() / "frames"));
        const auto again = writeFilm(film.frames(), folder.path() / "frames");
        QVERIFY(!again);
        QVERIFY(QString::fromStdString(again.error()).contains(QStringLiteral("frame-0001.png")));
    }
};

}  // namespace zwei

QTEST_MAIN(zwei::RunFilmTest)
#include "run_film_test.moc"
