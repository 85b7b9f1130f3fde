// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QSettings>
#include <QStandardPaths>
#include <QString>

#include "app/theme.h"
#include "tests/support/temporary_folder.h"

namespace zwei::test {

/// Where a window under test keeps its settings and finds its data sets; in the dark theme. Needs the application.
/// Tests of different names do not meet.
class WindowHome : public TemporaryFolder {
public:
    explicit WindowHome(const QString& name) {
        QStandardPaths::setTestModeEnabled(true);
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, fileFor(QString()));
        QCoreApplication::setOrganizationName(QStringLiteral("zwei-test"));
        QCoreApplication::setApplicationName(name);
        applyTheme(ThemeChoice::Dark);
    }

    QString fileFor(const QString& name) const {
        return QString::fromStdString((path() / name.toStdString()).string());
    }
};

}  // namespace zwei::test
