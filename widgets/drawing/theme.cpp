// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/drawing/theme.h"

#include <QFontDatabase>

namespace zwei {
namespace {

Theme& inForce() {
    static Theme theme = Theme::darkTheme();
    return theme;
}

}  // namespace

Theme Theme::darkTheme() {
    return {true, "#101216", "#16181d", "#272b33", "#e9ecf1", "#8b93a1", "#1f232a", "#4f8cff", "#ff9a3d"};
}

Theme Theme::lightTheme() {
    return {false, "#eef0f3", "#ffffff", "#dde1e7", "#1b1e24", "#667080", "#f4f6f8", "#2563eb", "#e8690b"};
}

const Theme& Theme::current() { return inForce(); }

void Theme::setCurrent(const Theme& theme) { inForce() = theme; }

QFont Theme::font(int pixels, QFont::Weight weight) {
    static const QString family = QFontDatabase::families().contains(QStringLiteral("Inter"))
                                      ? QStringLiteral("Inter")
                                      : QFontDatabase::systemFont(QFontDatabase::GeneralFont).family();
    QFont font(family);
    font.setPixelSize(pixels);
    font.setWeight(weight);
    return font;
}

}  // namespace zwei
