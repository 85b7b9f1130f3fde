// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <optional>
#include <utility>
#include <vector>

namespace zwei {

// How parts of a recipe are written in the settings, and how what a person typed is read.

/// Whole numbers only: 3.5 is none, and neither is 1e3.
std::optional<int> parseInteger(const QString& text);

/// At most `mostLayers` whole numbers between commas or blanks, each from 1 to `widest`; at least one.
std::optional<std::vector<int>> parseLayers(const QString& text, int mostLayers, int widest);
QString layersText(const std::vector<int>& layers);

/// The least and the most of a range between commas, semicolons or blanks, both from 0 to `highest`; a single number
/// is both.
std::optional<std::pair<double, double>> parseLevels(const QString& text, double highest);
QString levelsText(double least, double most);

/// 0.003, and 3e−5 where decimals would have to be counted.
QString rateText(double rate);

/// With no more decimals than it needs: 0, 0.8, −0.25.
QString shortText(double value);

}  // namespace zwei
