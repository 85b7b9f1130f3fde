// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QStringList>

#include "models/types/bench.h"

namespace zwei {

/// All digits and what each method made of them, a row a method with its name and, where they are known, its figures,
/// for paper and slides: dark ink on white. `names` has one a row: the digits, those with noise where there are any,
/// then the restorers.
QImage contactSheet(const RestoredDigits& digits, const QStringList& names);

}  // namespace zwei
