// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <optional>

namespace zwei {

/// `value` with a true minus sign, and an en dash where it is not finite.
QString numberText(double value, int decimals);

/// A count with its thousands set apart: 41,200.
QString countText(qint64 count);

/// 0:42, 12:05 or 1:02:03; an en dash where `seconds` is negative or not finite.
QString durationText(double seconds);

/// A coordinate of the latent space: two decimals, and the third where a fine step has set it.
QString coordinateText(double z);

/// `letter` with `index` as its subscript, such as z₁.
QString subscripted(const QString& letter, int index);

/// The finite number a person typed: with a hyphen or a minus sign, a decimal point or a comma.
std::optional<double> parseNumber(const QString& text);

}  // namespace zwei
