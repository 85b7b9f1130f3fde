// SPDX-License-Identifier: GPL-3.0-or-later
//
// The real window, driven as a person would, and its parts with very many points. Prints JSON; scripts/bench makes a
// table of it.
//
//   window_benchmark parts                    very many points: a replot, and the one under the pointer
//   window_benchmark drive [SECONDS]          sliders, drags, zooms and resizes at rest and while it trains
//   window_benchmark watch [EPOCHS]           what the live view costs a training, and its memory
//   window_benchmark images                   the bench for images: a large photograph dropped, noise, a drawing
//
// All but the first take MNIST from ZWEI_DATA_DIR.

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPainter>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QStyleFactory>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <cmath>
#include <cstdio>
#include <functional>
#include <optional>
#include <random>
#include <string>

#include "app/latency_trace.h"
#include "app/launcher/program.h"
#include "app/main_window.h"
#include "app/theme.h"
#include "models/types/presets.h"
#include "tests/support/process_usage.h"
#include "widgets/bench_noise.h"
#include "widgets/bench_panel.h"
#include "widgets/card_dock.h"
#include "widgets/cluster_view.h"
#include "widgets/decoded_panel.h"
#include "widgets/drawing_canvas.h"
#include "widgets/latent_grid_view.h"
#include "widgets/latent_sliders.h"
#include "widgets/segmented_choice.h"
#include "widgets/value_slider.h"

namespace zwei {
namespace {

using Delays = LatencyTrace::Delays;

double milliseconds(const QElapsedTimer& timer) { return static_cast<double>(timer.nsecsElapsed()) / 1e6; }

QJsonObject object(const Delays& delays) {
    const auto [count, median, percentile99, most] = LatencyTrace::summaryOf(delays);
    return {{"count", static_cast<qint64>(count)}, {"median", median}, {"p99", percentile99}, {"most", most}};
}

void print(const QJsonObject& measured) {
    std::printf("%s\n", QJsonDocument(measured).toJson(QJsonDocument::Compact).constData());
}

[[noreturn]] void fail(const char* sentence) {
    std::fprintf(stderr, "%s\n", sentence);
    std::exit(EXIT_FAILURE);
}

/// In an event loop as the program's own: QTest's waits sleep up to 10 ms at a time, and so long no event is heard.
void pause(int milliseconds) {
    QEventLoop loop;
    QTimer::singleShot(milliseconds, Qt::PreciseTimer, &loop, &QEventLoop::quit);
    loop.exec();
}

void await(const std::function<bool()>& isSo, int seconds = 60) {
    QElapsedTimer timer;
    timer.start();
    while (!isSo()) {
        if (timer.elapsed() > 1000LL * seconds) fail("What was waited for did not come.");
        pause(10);
    }
}

// ---- Parts ----

std::shared_ptr<const Codes> cloud(int count) {
    auto codes = std::make_shared<Codes>();
    codes->count = count;
    codes->dimensions = 2;
    std::mt19937 random(1);
    std::normal_distribution<float> normal;
    codes->mu.resize(2 * static_cast<std::size_t>(count));
    for (auto& value : codes->mu) value = normal(random);
    return codes;
}

/// One replot after another while the plane moves under the points.
Delays panned(ClusterView& view) {
    constexpr int kReplots = 40;
    Delays delays;
    for (int i = 0; i < kReplots; ++i) {
        QElapsedTimer timer;
        timer.start();
        const double shift = 0.02 * i;
        view.setArea({-3 + shift, -3, 3 + shift, 3});
        view.repaint();
        QCoreApplication::processEvents();
        delays.push_back(milliseconds(timer));
    }
    return delays;
}

/// From a move of the mouse until the view has found the point under it.
Delays hovered(ClusterView& view) {
    constexpr int kMoves = 400;
    Delays delays;
    std::mt19937 random(2);
    std::uniform_int_distribution<int> at(view.width() / 4, 3 * view.width() / 4);
    QElapsedTimer timer;
    QObject::connect(&view, &ClusterView::pointHovered, &view,
                     [&delays, &timer] { delays.push_back(milliseconds(timer)); });
    for (int i = 0; i < kMoves; ++i) {
        const QPoint pixel(at(random), at(random));
        QMouseEvent move(QEvent::MouseMove, pixel, view.mapToGlobal(pixel), Qt::NoButton, Qt::NoButton, {});
        timer.start();
        QApplication::sendEvent(&view, &move);
        QCoreApplication::processEvents();
    }
    return delays;
}

QJsonObject ofCloud(int count) {
    ClusterView view;
    view.resize(900, 900);
    std::vector<std::uint8_t> labels(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<std::uint8_t>(i % kClasses);
    view.setCodes(cloud(count), labels, nullptr);
    view.show();
    if (!QTest::qWaitForWindowExposed(&view)) fail("There is no window.");
    QCoreApplication::processEvents();
    const auto replots = panned(view);
    return {{"points", count}, {"replot", object(replots)}, {"hover", object(hovered(view))}};
}

// ---- The window ----

/// A window with the model it ships with and MNIST, ready for use.
class Drive {
public:
    Drive() : m_window(dataFolders(std::nullopt)) {
        m_trace.emplace(m_window, QString());
        m_window.resize(1280, 800);
        m_window.begin({});
        QSignalSpy codes(&session(), &Session::codesReady);
        QSignalSpy reconstructions(&session(), &Session::reconstructionsReady);
        await([&] {
            return m_trace->isReady() && session().dataset() && !codes.isEmpty() && !reconstructions.isEmpty();
        });
        if (session().dataset()->name != "mnist") fail("MNIST is not here: set ZWEI_DATA_DIR.");
    }

    Session& session() { return m_window.session(); }
    MainWindow& window() { return m_window; }
    LatencyTrace& trace() { return *m_trace; }
    /// Its heart beats 500 times a second, which no window of a person's does.
    void endTrace() { m_trace.reset(); }

    void startTraining(int epochs) {
        auto recipe = *presetRecipe("vae");
        recipe.epochs = epochs;
        session().setRecipe(recipe);
        QSignalSpy codes(&session(), &Session::codesReady);
        session().train();
        await([&codes] { return codes.count() >= 3; });  // the live view has come into its stride
    }
    void stopTraining() {
        session().reset();
        await([this] { return session().state() == RunState::Idle; });
    }

    /// A slider under a finger: 60 steps a second.
    QJsonObject slide(double seconds) {
        m_trace->forget();
        auto* slider = m_window.panels().decoded->sliders()->findChild<ValueSlider*>();
        slider->setFocus();
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; milliseconds(timer) < 1000 * seconds; ++i) {
            QTest::keyClick(slider, i / 40 % 2 ? Qt::Key_Left : Qt::Key_Right);
            pause(16);
        }
        return object(m_trace->decoded());
    }

    /// Drags on the grid, zooms, hovers over the points, resizes; how long the event loop had to wait for each.
    QJsonObject useEverything(double seconds) {
        m_trace->forget();
        QElapsedTimer timer;
        timer.start();
        for (int round = 0; milliseconds(timer) < 1000 * seconds; ++round) {
            drag(*m_window.panels().grid);
            zoom(*m_window.panels().grid, round);
            hover(*m_window.panels().clusters);
            m_window.resize(1280 + 64 * (round % 4), 800 + 40 * (round % 3));
            pause(50);
        }
        return object(m_trace->away());
    }

    /// Grids of 30 x 30 asked for and painted.
    QJsonObject decodeGrids() {
        constexpr int kGrids = 30;
        Delays delays;
        QSignalSpy grids(&session(), &Session::gridReady);
        for (int i = 0; i < kGrids; ++i) {
            GridRequest request;
            request.side = 30;
            request.area = {-3 + 0.01 * i, -3, 3 + 0.01 * i, 3};
            const auto before = grids.count();
            QElapsedTimer timer;
            timer.start();
            session().setGrid(request);
            await([&] { return grids.count() > before; });
            m_window.panels().grid->repaint();
            delays.push_back(milliseconds(timer));
        }
        return object(delays);
    }

    /// Seconds of a run that is watched, from the press on Train to its end, how many pictures of the grid a second
    /// there were, and the memory after the epochs 1, 6, 11, ...
    QJsonObject watch(int epochs) {
        int pictures = 0;  // a spy would keep them all
        QObject counter;
        QObject::connect(&session(), &Session::gridReady, &counter, [&pictures] { ++pictures; });
        QJsonArray memory;
        QObject::connect(&session(), &Session::historyChanged, &counter, [&memory](const auto& history) {
            if (history.size() % 5 == 1) memory += QJsonArray{test::memory("VmRSS:"), test::memoryInUse()};
        });
        QSignalSpy ended(&session(), &Session::runEnded);
        auto recipe = *presetRecipe("vae");
        recipe.epochs = epochs;
        recipe.seed = m_seed++;  // another run, and not more of the last one
        session().setRecipe(recipe);
        QElapsedTimer timer;
        timer.start();
        session().train();
        constexpr int kLongestEpoch = 30;
        // Without looking each few milliseconds, which would be work that a person does not make.
        if (!ended.wait(1000 * kLongestEpoch * epochs)) fail("The run did not end.");
        const double seconds = milliseconds(timer) / 1000;
        return {{"seconds", seconds},
                {"images_per_second", session().history().back().imagesPerSecond},
                {"pictures_per_second", pictures / seconds},
                {"memory_resident_and_in_use", memory}};
    }

private:
    static void drag(QWidget& view) {
        const QPoint start = view.rect().center();
        QTest::mousePress(&view, Qt::LeftButton, {}, start);
        for (int i = 1; i < 30; ++i) {
            QTest::mouseMove(&view, start + QPoint(2 * i, i));
            pause(8);
        }
        QTest::mouseRelease(&view, Qt::LeftButton, {}, start + QPoint(60, 30));
    }

    static void zoom(QWidget& view, int round) {
        const QPointF at = view.rect().center();
        for (int i = 0; i < 6; ++i) {
            QWheelEvent turn(at, view.mapToGlobal(at), QPoint(), QPoint(0, round % 2 ? 120 : -120), Qt::NoButton,
                             Qt::NoModifier, Qt::NoScrollPhase, false);
            QApplication::sendEvent(&view, &turn);
            pause(8);
        }
    }

    static void hover(QWidget& view) {
        for (int i = 0; i < 20; ++i) {
            QTest::mouseMove(&view, QPoint(40 + 10 * i, 60 + 8 * i));
            pause(8);
        }
    }

    MainWindow m_window;
    std::optional<LatencyTrace> m_trace;
    std::uint64_t m_seed = 1;
};

QJsonObject drive(double seconds) {
    QJsonObject measured;
    Drive window;
    measured["slider_at_rest"] = window.slide(seconds / 4);
    measured["grid_30"] = window.decodeGrids();
    window.startTraining(10000);
    measured["slider_training"] = window.slide(seconds / 4);
    measured["away_training"] = window.useEverything(seconds);
    window.stopTraining();
    return measured;
}

// ---- The bench for images ----

/// A photograph of 12 megapixels of 20 of MNIST's test digits on paper.
QImage photograph(const Dataset& data) {
    constexpr int kColumns = 5;
    constexpr int kCell = 600;
    QImage paper(4000, 3000, QImage::Format_RGB32);
    QLinearGradient light(0, 0, 4000, 3000);
    light.setColorAt(0, QColor(238, 233, 221));
    light.setColorAt(1, QColor(190, 184, 172));
    QPainter painter(&paper);
    painter.fillRect(paper.rect(), light);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    for (int i = 0; i < 20; ++i) {
        QImage ink(kImageSide, kImageSide, QImage::Format_ARGB32);
        const auto pixels = data.test.images.image(i);
        for (int k = 0; k < kImagePixels; ++k)
            ink.setPixelColor(k % kImageSide, k / kImageSide, QColor(25, 30, 80, pixels[static_cast<std::size_t>(k)]));
        painter.drawImage(QRect(500 + i % kColumns * kCell, 300 + i / kColumns * kCell, kCell, kCell), ink);
    }
    return paper;
}

/// What a person waits for on the bench: from what they do until the last view that follows was told, and painted.
class BenchDrive {
public:
    explicit BenchDrive(Drive& drive) : m_drive(drive), m_panel(*drive.window().panels().bench) {
        drive.window().panels().benchDock->raise();
        auto& bench = drive.window().imageBench();
        QObject::connect(&bench, &ImageBench::restored, &m_panel, [this] { m_hasRestored = true; });
        QObject::connect(&bench, &ImageBench::wayChanged, &m_panel, [this] { m_hasWay = true; });
    }

    double dropped(const QString& file) {
        return answered([&] { m_drive.window().intake().open({file}); });
    }

    Delays noise(int count) {
        auto* slider = m_drive.window().panels().benchNoise->findChild<ValueSlider*>();
        Delays delays;
        for (int i = 0; i < count; ++i)
            delays.push_back(answered([&] { Q_EMIT slider->valueEdited(0.1 + 0.05 * (i % 12)); }));
        return delays;
    }

    /// A drawing is begun anew for each.
    Delays strokes(int count) {
        Delays delays;
        for (int i = 0; i < count; ++i) addStroke(delays);
        return delays;
    }

private:
    void addStroke(Delays& delays) {
        constexpr int kMoves = 100;
        auto* canvas = m_panel.findChild<DrawingCanvas*>();
        Q_EMIT m_panel.findChild<SegmentedChoice*>(QStringLiteral("benchSource"))->chosen(0);
        const QPoint middle = canvas->rect().center();
        const auto at = [&](int i) {  // a spiral: each move inks what was bare
            return middle + (0.5 * i * QPointF(std::cos(0.4 * i), std::sin(0.4 * i))).toPoint();
        };
        canvas->clear();
        QTest::mousePress(canvas, Qt::LeftButton, {}, at(0));
        pause(300);
        QSignalSpy drawn(canvas, &DrawingCanvas::drawn);
        for (int i = 1; i <= kMoves; ++i) {
            drawn.clear();
            const double delay = answered([&] { QTest::mouseMove(canvas, at(i)); }, [&] { return !drawn.isEmpty(); });
            if (!drawn.isEmpty()) delays.push_back(delay);
        }
        QTest::mouseRelease(canvas, Qt::LeftButton, {}, at(kMoves));
    }

    /// `isChange`: is there anything to answer?
    double answered(
        const std::function<void()>& act, const std::function<bool()>& isChange = [] { return true; }) {
        m_hasRestored = m_hasWay = false;
        QElapsedTimer timer;
        timer.start();
        act();
        while (isChange() && !(m_hasRestored && m_hasWay)) {
            if (timer.elapsed() > 20000) fail("The bench did not answer.");
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        }
        m_panel.repaint();
        return milliseconds(timer);
    }

    Drive& m_drive;
    BenchPanel& m_panel;
    bool m_hasRestored = false;
    bool m_hasWay = false;
};

QJsonObject images() {
    QJsonObject measured;
    Drive window;
    const QTemporaryDir folder;
    const auto file = folder.filePath(QStringLiteral("page.jpg"));
    if (!photograph(*window.session().dataset()).save(file, "JPG", 90)) fail("The photograph could not be written.");
    BenchDrive bench(window);
    bench.strokes(1);  // what it loads the first time, it keeps
    window.trace().forget();
    const double before = test::memory("VmRSS:");
    measured["dropped"] = bench.dropped(file);
    measured["memory"] = test::memory("VmHWM:") - before;
    measured["away"] = object(window.trace().away());
    measured["digits"] = window.window().panels().bench->restored()->digits.count;
    measured["strokes_at_rest"] = object(bench.strokes(4));
    measured["noise_at_rest"] = object(bench.noise(300));
    window.startTraining(10000);
    measured["strokes_training"] = object(bench.strokes(4));
    measured["noise_training"] = object(bench.noise(300));
    window.stopTraining();
    return measured;
}

QJsonObject watch(int epochs) {
    QJsonObject measured;
    Drive window;
    window.endTrace();
    window.watch(2);  // what it wants the first time, it keeps
    const double before = test::memory("VmRSS:");
    const int handlesBefore = test::openHandles();
    measured["watched"] = window.watch(epochs);
    measured["memory_peak"] = test::memory("VmHWM:");
    measured["memory_growth"] = test::memory("VmRSS:") - before;
    measured["handles"] = test::openHandles();
    measured["handles_growth"] = test::openHandles() - handlesBefore;
    measured["epochs"] = epochs;
    return measured;
}

int run(const QStringList& arguments) {
    const QString what = arguments.value(1);
    const double amount = arguments.value(2).toDouble();
    if (what == QLatin1String("parts"))
        print({{"clouds", QJsonArray{ofCloud(70000), ofCloud(1000000)}}});
    else if (what == QLatin1String("drive"))
        print(drive(amount > 0 ? amount : 60));
    else if (what == QLatin1String("watch"))
        print(watch(amount > 0 ? static_cast<int>(amount) : 10));
    else if (what == QLatin1String("images"))
        print(images());
    else
        fail("Say parts, drive [SECONDS] or watch [EPOCHS] or images.");
    return EXIT_SUCCESS;
}

}  // namespace
}  // namespace zwei

int zweiMain(int argc, char** argv) {
    QApplication application(argc, argv);
    const QTemporaryDir settings;
    QStandardPaths::setTestModeEnabled(true);
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, settings.path());
    QApplication::setOrganizationName(QStringLiteral("zwei-benchmark"));
    QApplication::setApplicationName(QStringLiteral("zwei-benchmark"));
    QDir(zwei::autosaveFolder()).removeRecursively();
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    zwei::applyTheme(zwei::ThemeChoice::Dark);
    return zwei::run(QApplication::arguments());
}
