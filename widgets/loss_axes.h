// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSharedPointer>
#include <vector>

class QCPAxis;
class QCPAxisTicker;
class QCPRange;
class QString;

namespace zwei {

/// Ticks at whole epochs, the last of them with its unit.
QSharedPointer<QCPAxisTicker> epochTicker();

/// For the values of `range`: with as many decimals as tell two ticks apart, or decades where a logarithmic axis is
/// wide. `unit` follows each number.
QSharedPointer<QCPAxisTicker> valueTicker(const QCPRange& range, bool isLog, const QString& unit);

/// What shows all `values` and a margin. With `mayCut`, what is far above the rest, as the first epoch of a falling
/// curve is, runs out at the top.
QCPRange valueRange(std::vector<double> values, bool isLog, bool mayCut);

/// Takes the axis's lines and ticks away, and leaves its labels.
void makeQuiet(QCPAxis& axis);

}  // namespace zwei
