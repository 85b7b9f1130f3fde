// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace zwei {

enum class ThemeChoice { System, Light, Dark };

/// `system`, `light`, `dark`; anything else is the system's.
ThemeChoice themeNamed(const QString& name);
QString themeName(ThemeChoice choice);

/// Draws the whole application in a theme from now on.
void applyTheme(ThemeChoice choice);

}  // namespace zwei
