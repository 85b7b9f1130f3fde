// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QSettings>
#include <QString>
#include <optional>

#include "models/types/recipe.h"

namespace zwei {

/// How the person left the window, as far as the settings can be read: what is missing or damaged is as at first.
struct RememberedSettings {
    QByteArray geometry;
    QByteArray docks;
    QString dataset;
    QStringList dataFolders;  ///< that were opened, the latest first
    std::optional<Recipe> recipe;
    bool isGridLinked = true;
    std::optional<int> tiles;
    bool isWhole = true;  ///< false where something was there that could not be read
};

/// How a geometry and docks are remembered: with a check sum, since Qt crashes on some that have a wrong byte.
QByteArray sealed(const QByteArray& bytes);

RememberedSettings readRemembered(const QSettings& settings);

/// At once, since a run that a crash leaves behind needs its data set; as many as a person may want again.
void rememberDataFolder(QSettings& settings, const QString& folder);

/// Puts settings aside that Zwei cannot have written, as FILE.damaged, before any of their values is read: those that
/// Qt makes of some bytes need memory and a depth without bounds. True where it did so. For the first that opens the
/// file: Qt tells nobody else of its faults.
bool putDamagedAside(const QSettings& settings);

/// A sentence about settings that were not whole, or that cannot be kept; empty where all is well.
QString settingsFault(const QSettings& settings, bool isWhole);

}  // namespace zwei
