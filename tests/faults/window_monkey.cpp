// SPDX-License-Identifier: GPL-3.0-or-later
//
// A monkey at the window: `window_monkey PRESSES [SEED]` presses what there is to press, at random from a seed, and
// prints how long the window was away at most and what its memory and its handles grew by over the second half. It ends
// badly where the window crashes and, from 2,000 presses on, where it hangs for more than a second or grows by more
// than 10 MB; fewer presses, or sanitizers, only tell.
#include <malloc.h>

#include <QAbstractButton>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QDir>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>
#include <QStyleFactory>
#include <QTest>
#include <QTimer>
#include <cmath>
#include <cstdio>
#include <functional>
#include <random>

#include "app/launcher/program.h"
#include "app/main_window.h"
#include "app/theme.h"
#include "models/types/presets.h"
#include "tests/support/process_usage.h"
#include "tests/support/small_dataset.h"
#include "tests/support/temporary_folder.h"
#include "widgets/card_dock.h"
#include "widgets/cluster_view.h"
#include "widgets/latent_grid_view.h"
#include "widgets/settings_panel.h"
#include "widgets/training_controls.h"

namespace zwei {
namespace {

constexpr double kMostAway = 1000;  // ms
constexpr double kMostGrowth = 10;  // MB
constexpr QSize kHomeSize(1280, 800);

#ifdef __SANITIZE_ADDRESS__
constexpr bool kIsMeasured = false;
#else
constexpr bool kIsMeasured = true;
#endif

/// The longest time between two turns of the event loop.
class Heartbeat : public QObject {
public:
    Heartbeat() {
        m_since.start();
        connect(&m_timer, &QTimer::timeout, this, &Heartbeat::beat);
        m_timer.start(5);
    }
    void beat() {
        const auto away = static_cast<double>(m_since.nsecsElapsed()) / 1e6;
        if (away > m_longest) m_longest = away, m_during = doing;
        m_since.start();
    }
    double longest() const { return m_longest; }
    QString during() const { return m_during; }
    QString doing;

private:
    QTimer m_timer;
    QElapsedTimer m_since;
    double m_longest = 0;
    QString m_during;
};

class Monkey {
public:
    Monkey(MainWindow& window, std::uint32_t seed) : m_window(window), m_random(seed) {
        learn();
        // A menu has an event loop of its own, which nobody else would leave.
        QObject::connect(&m_closer, &QTimer::timeout, [this] { closeDialogs(); });
        m_closer.start(30);
    }

    void press(int presses) {
        for (int i = 0; i < presses; ++i) {
            auto& [name, act] = m_tricks[static_cast<std::size_t>(below(static_cast<int>(m_tricks.size())))];
            m_heart.doing = QString::fromLatin1(name);
            act();
            rest(below(20));
            closeDialogs();
        }
    }

    /// The same place each time, to compare its memory.
    void goHome() {
        closeDialogs();
        session().reset();
        session().selectDataset(QStringLiteral("mnist"));
        session().setRecipe(test::smallRecipe());
        m_window.showNormal();
        m_window.resize(kHomeSize);
        applyTheme(ThemeChoice::Dark);
        m_window.layOutAnew();
        // A view has its picture from when it was seen last, when the window may have been larger.
        for (auto* dock : m_window.panels().docks) {
            dock->raise();
            rest(100);
        }
        m_window.layOutAnew();
        rest(1500);
        session().reset();
        // What was asked for last may still be under way.
        double before = 0;
        for (int i = 0; i < 60 && std::abs(test::memoryInUse() - before) > 1; ++i) {
            before = test::memoryInUse();
            rest(1000);
        }
        malloc_trim(0);
    }

    const Heartbeat& heart() const { return m_heart; }

private:
    Session& session() { return m_window.session(); }
    int below(int end) { return std::uniform_int_distribution(0, std::max(0, end - 1))(m_random); }
    template <typename List>
    auto any(const List& list) {
        return list.at(below(static_cast<int>(list.size())));
    }

    void rest(int milliseconds) {
        QElapsedTimer timer;
        timer.start();
        do {
            QApplication::processEvents(QEventLoop::AllEvents, 5);
        } while (timer.elapsed() < milliseconds);
    }

    void closeDialogs() {
        if (auto* popup = QApplication::activePopupWidget()) popup->close();
        for (auto* dialog : m_window.findChildren<QDialog*>()) dialog->reject();
    }

    void clickAnywhere(QWidget* widget) {
        if (!widget->isVisible() || widget->size().isEmpty()) return;
        const QPoint from(below(widget->width()), below(widget->height()));
        const QPoint to(below(widget->width()), below(widget->height()));
        QTest::mousePress(widget, Qt::LeftButton, {}, from);
        if (below(2)) QTest::mouseMove(widget, to);
        QTest::mouseRelease(widget, Qt::LeftButton, {}, below(2) ? from : to);
    }

    /// Any button that a person could press; what would open a menu waits for nobody.
    void clickAButton() {
        QList<QAbstractButton*> buttons;
        for (auto* button : m_window.findChildren<QAbstractButton*>())
            if (button->isVisible() && button->isEnabled() && button->objectName() != QLatin1String("menu"))
                buttons += button;
        if (!buttons.isEmpty()) any(buttons)->animateClick();
    }

    void changeASetting() {
        auto recipe = below(3) ? presets()[static_cast<std::size_t>(below(static_cast<int>(presets().size())))].recipe
                               : test::smallRecipe();
        recipe.batch = any(QList{1, 37, 128, 1000});
        recipe.epochs = any(QList{1, 2, 50});
        recipe.learningRate = any(QList{1e-5, 1e-3, 1.0, 1e6});
        recipe.seed = static_cast<std::uint64_t>(below(3));
        Q_EMIT m_window.panels().settings->recipeEdited(recipe);
    }

    void chooseInABox() {
        const auto boxes = m_window.findChildren<QComboBox*>();
        auto* box = any(boxes);
        if (!box->isVisible() || !box->isEnabled() || box->count() == 0) return;
        box->setCurrentIndex(below(box->count()));
        Q_EMIT box->activated(box->currentIndex());
    }

    void learn() {
        const auto& panels = m_window.panels();
        const auto know = [this](int weight, const char* name, const std::function<void()>& act) {
            for (int i = 0; i < weight; ++i) m_tricks.emplace_back(name, act);
        };
        know(5, "train", [this] { session().train(); });
        know(4, "pause", [this] { session().pause(); });
        know(3, "step", [this] { session().step(); });
        know(2, "reset", [this] { session().reset(); });
        know(3, "setting", [this] { changeASetting(); });
        know(1, "beta", [this] { session().setBeta(0.1 * below(80)); });
        know(2, "data", [this] { session().selectDataset(any(QStringList{"mnist", "kmnist"})); });
        know(2, "model", [this] {
            session().openTrainedModel(any(QStringList{"vae", "cvae", "ae", "denoise", "pca", "nothing"}));
        });
        know(3, "dock", [this] { any(m_window.panels().docks)->toggleViewAction()->trigger(); });
        know(1, "expand", [this] { Q_EMIT any(m_window.panels().docks)->expandRequested(); });
        know(1, "front", [this] { any(m_window.panels().docks)->raise(); });
        know(3, "button", [this] { clickAButton(); });
        know(1, "box", [this] { chooseInABox(); });
        know(1, "grid", [this, grid = panels.grid] { clickAnywhere(grid); });
        know(1, "clusters", [this, clusters = panels.clusters] { clickAnywhere(clusters); });
        know(1, "anything", [this] { clickAnywhere(any(m_window.findChildren<QWidget*>())); });
        know(1, "key", [this] {
            QTest::keyClick(&m_window, any(QList{Qt::Key_Space, Qt::Key_Left, Qt::Key_Up, Qt::Key_D, Qt::Key_Escape}));
        });
        know(1, "size", [this] { m_window.resize(960 + below(900), 600 + below(400)); });
        know(1, "theme", [this] { applyTheme(below(2) ? ThemeChoice::Dark : ThemeChoice::Light); });
        know(1, "measure", [this] { below(2) ? session().measureProperties() : session().cancelMeasuring(); });
        know(1, "close", [this] {
            m_window.close();
            rest(50);
            m_window.show();
        });
    }

    MainWindow& m_window;
    std::mt19937 m_random;
    std::vector<std::pair<const char*, std::function<void()>>> m_tricks;
    Heartbeat m_heart;
    QTimer m_closer;
};

int run(int presses, std::uint32_t seed) {
    const test::TemporaryFolder folder;
    test::writeDataset(folder.path() / "mnist", *test::smallDataset(2000, 300));
    test::writeDataset(folder.path() / "kmnist", *test::smallDataset(600, 200));
    // What is closed by the monkey with nothing to lose opens again.
    QApplication::setQuitOnLastWindowClosed(false);
    MainWindow window({folder.path()});
    window.resize(kHomeSize);
    window.begin({});
    if (!QTest::qWaitFor([&] { return window.session().dataset() && window.session().weights(); }, 60000)) return 1;
    Monkey monkey(window, seed);
    monkey.press(presses / 2);  // what it wants the first time, it keeps
    monkey.goHome();
    const double resident = test::memory("VmRSS:");
    const int handles = test::openHandles();
    const double used = test::memoryInUse();
    monkey.press(presses - presses / 2);
    monkey.goHome();
    const double growth = test::memoryInUse() - used;
    const double away = monkey.heart().longest();
    const QJsonObject told{{"presses", presses},
                           {"seed", static_cast<int>(seed)},
                           {"longest_away_ms", away},
                           {"during", monkey.heart().during()},
                           {"memory_growth_mb", growth},
                           {"resident_growth_mb", test::memory("VmRSS:") - resident},
                           {"memory_peak_mb", test::memory("VmHWM:")},
                           {"handles_growth", test::openHandles() - handles}};
    std::printf("%s\n", QJsonDocument(told).toJson(QJsonDocument::Compact).constData());
    return kIsMeasured && presses >= 2000 && (away > kMostAway || growth > kMostGrowth) ? EXIT_FAILURE : EXIT_SUCCESS;
}

}  // namespace
}  // namespace zwei

int zweiMain(int argc, char** argv) {
    QApplication application(argc, argv);
    QStandardPaths::setTestModeEnabled(true);
    QApplication::setOrganizationName(QStringLiteral("zwei-monkey"));
    QApplication::setApplicationName(QStringLiteral("zwei-monkey"));
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    QSettings().clear();
    QDir(zwei::autosaveFolder()).removeRecursively();
    zwei::applyTheme(zwei::ThemeChoice::Dark);
    const auto arguments = QApplication::arguments();
    const int presses = arguments.value(1).toInt();
    if (presses < 20) {
        std::fprintf(stderr, "window_monkey PRESSES [SEED]: at least 20 presses.\n");
        return EXIT_FAILURE;
    }
    return zwei::run(presses, arguments.value(2, QStringLiteral("1")).toUInt());
}
