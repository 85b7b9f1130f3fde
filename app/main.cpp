// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QCommandLineParser>
#include <QSettings>
#include <QStyleFactory>

#include "app/main_window.h"
#include "app/theme.h"
#include "app/version.h"
#include "models/runtime/environment.h"

int main(int argc, char** argv) {
    zwei::tuneProcess(argv);
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("zwei"));
    QApplication::setOrganizationName(QStringLiteral("zwei"));
    QApplication::setApplicationVersion(QLatin1String(zwei::kVersion));
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));

    QCommandLineParser parser;
    parser.setApplicationDescription(QApplication::translate("main", "Zwei: watch a latent space learn."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(QStringLiteral("model"), QApplication::translate("main", "Model file to open."),
                                 QStringLiteral("[model]"));
    const QCommandLineOption dataDir(QStringLiteral("data-dir"),
                                     QApplication::translate("main", "Folder of data sets, searched first."),
                                     QStringLiteral("folder"));
    const QCommandLineOption theme(QStringLiteral("theme"), QApplication::translate("main", "system, light or dark."),
                                   QStringLiteral("name"));
    parser.addOptions({dataDir, theme});
    parser.process(application);

    if (parser.isSet(theme)) QSettings().setValue(QStringLiteral("theme"), parser.value(theme));
    zwei::applyTheme(zwei::themeNamed(QSettings().value(QStringLiteral("theme")).toString()));
    std::optional<std::filesystem::path> folder;
    if (parser.isSet(dataDir)) folder = parser.value(dataDir).toStdString();
    zwei::MainWindow window(zwei::dataFolders(folder));
    window.begin(parser.positionalArguments().value(0));
    return QApplication::exec();
}
