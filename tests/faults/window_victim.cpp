// SPDX-License-Identifier: GPL-3.0-or-later
//
// A window that trains, pauses, keeps and saves as fast as it can, for `kill_saves.py` to kill: `window_victim FOLDER`.
// It goes on with what its predecessor left, and says `ready` once it has saved.
#include <QApplication>
#include <QDir>
#include <QSettings>
#include <QStyleFactory>
#include <QTest>
#include <QTimer>
#include <cstdio>

#include "app/launcher/program.h"
#include "app/main_window.h"
#include "tests/support/small_dataset.h"

namespace zwei {
namespace {

void say(const char* what, std::size_t number) {
    std::printf("%s %zu\n", what, number);
    std::fflush(stdout);
}

int run(const std::filesystem::path& folder) {
    const auto data = folder / "data";
    if (!std::filesystem::exists(data)) test::writeDataset(data / "mnist", *test::smallDataset(600, 100));
    MainWindow window({data});
    auto& session = window.session();
    QObject::connect(&session, &Session::failed,
                     [](const QString& why) { std::fprintf(stderr, "%s\n", qPrintable(why)); });
    QObject::connect(&session, &Session::runFound, &session, [&session](const LeftRun& run) {
        say("left", run.model.history.size());
        session.openLeftRun(run);
    });
    window.begin({});
    if (!QTest::qWaitFor([&] { return session.dataset() && session.weights(); }, 60000)) return EXIT_FAILURE;
    if (!session.canContinue()) {
        auto recipe = test::smallRecipe();
        recipe.epochs = 100000;
        session.setRecipe(recipe);
    }
    session.train();
    QObject::connect(&session, &Session::saved, &session, [&session] { say("ready", session.history().size()); });
    int turns = 0;
    QTimer turn;
    const auto file = QString::fromStdString((folder / "saved.safetensors").string());
    QObject::connect(&turn, &QTimer::timeout, &session, [&] {
        ++turns;
        if (turns % 3 == 0) session.saveModel(file);
        if (turns % 2 == 0)
            session.pause();  // which keeps it
        else
            session.train();
    });
    turn.start(12);
    return QApplication::exec();
}

}  // namespace
}  // namespace zwei

int zweiMain(int argc, char** argv) {
    QApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("zwei"));
    QApplication::setApplicationName(QStringLiteral("zwei"));
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    if (argc != 2) {
        std::fprintf(stderr, "window_victim FOLDER\n");
        return EXIT_FAILURE;
    }
    return zwei::run(argv[1]);
}
