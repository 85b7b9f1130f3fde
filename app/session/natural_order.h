// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace zwei {

/// Each name once, "2" before "10", whatever the language of the desktop.
QStringList inNaturalOrder(QStringList names);

}  // namespace zwei
