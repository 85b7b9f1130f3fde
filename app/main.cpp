// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QCommandLineParser>
#include <QSettings>
#include <QStyleFactory>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include "app/latency_trace.h"
#include "app/launcher/program.h"
#include "app/main_window.h"
#include "app/remembered_settings.h"
#include "app/theme.h"
#include "app/version.h"

int zweiMain(int argc, char** argv) {
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("zwei"));
    QApplication::setOrganizationName(QStringLiteral("zwei"));
    QApplication::setApplicationVersion(QLatin1String(zwei::kVersion));
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));

    const bool areSettingsWhole = !zwei::putDamagedAside(QSettings());  // before anything reads them

    QCommandLineParser parser;
    parser.setApplicationDescription(QApplication::translate("main", "Zwei: watch a latent space learn."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(QStringLiteral("files"),
                                 QApplication::translate("main", "A model file, or images, to open."),
                                 QStringLiteral("[files...]"));
    const QCommandLineOption dataDir(QStringLiteral("data-dir"),
                                     QApplication::translate("main", "Folder of data sets, searched first."),
                                     QStringLiteral("folder"));
    const QCommandLineOption theme(QStringLiteral("theme"), QApplication::translate("main", "system, light or dark."),
                                   QStringLiteral("name"));
    const QCommandLineOption trace(
        QStringLiteral("trace-latency"),
        QApplication::translate("main", "Write how long a person waits for the window into this file, as JSON lines."),
        QStringLiteral("file"));
    parser.addOptions({dataDir, theme, trace});
    parser.process(application);

    if (parser.isSet(theme)) QSettings().setValue(QStringLiteral("theme"), parser.value(theme));
    zwei::applyTheme(zwei::themeNamed(QSettings().value(QStringLiteral("theme")).toString()));
    std::optional<std::filesystem::path> folder;
    if (parser.isSet(dataDir)) folder = parser.value(dataDir).toStdString();
    zwei::MainWindow window(zwei::dataFolders(folder));
    std::optional<zwei::LatencyTrace> latency;
    if (parser.isSet(trace)) {
        latency.emplace(window, parser.value(trace));
        if (!latency->isOpen()) {
            std::fprintf(stderr, "zwei: %s cannot be written.\n", qPrintable(parser.value(trace)));
            return EXIT_FAILURE;
        }
    }
    window.begin(parser.positionalArguments(), areSettingsWhole);
    return QApplication::exec();
}
