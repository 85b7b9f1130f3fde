// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/theme.h"

#include <QApplication>
#include <QStyleFactory>
#include <QStyleHints>

#include "widgets/drawing/theme.h"
#include "widgets/style_sheet.h"

namespace zwei {
namespace {

/// Asked before the first of our own palettes is set.
bool systemIsDark() {
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    return QGuiApplication::styleHints()->colorScheme() == Qt::ColorScheme::Dark;
#else
    static const bool isDark = QGuiApplication::palette().window().color().lightness() < 128;
    return isDark;
#endif
}

}  // namespace

ThemeChoice themeNamed(const QString& name) {
    if (name == QStringLiteral("light")) return ThemeChoice::Light;
    if (name == QStringLiteral("dark")) return ThemeChoice::Dark;
    return ThemeChoice::System;
}

QString themeName(ThemeChoice choice) {
    switch (choice) {
        case ThemeChoice::Light:
            return QStringLiteral("light");
        case ThemeChoice::Dark:
            return QStringLiteral("dark");
        case ThemeChoice::System:
            break;
    }
    return QStringLiteral("system");
}

void applyTheme(ThemeChoice choice) {
    const bool isDark = choice == ThemeChoice::Dark || (choice == ThemeChoice::System && systemIsDark());
    const Theme theme = isDark ? Theme::darkTheme() : Theme::lightTheme();
    Theme::setCurrent(theme);
    QApplication::setFont(Theme::font(12));
    QApplication::setPalette(palette(theme));
    // Qt goes through every widget for it, the same one or not.
    if (const QString sheet = styleSheet(theme); sheet != qApp->styleSheet()) qApp->setStyleSheet(sheet);
}

}  // namespace zwei
