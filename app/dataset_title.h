// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace zwei {

/// What a data set is called on screen: "MNIST", "embedded digits".
QString datasetTitle(const QString& name);

}  // namespace zwei
