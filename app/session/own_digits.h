// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "models/types/image.h"
#include "models/types/result.h"

namespace zwei {

/// The folder of a person's own data set: a subfolder a class, as `readImageFolder` takes it. It need not be there yet.
QString ownDigitsFolder();

/// Adds one image of 28 x 28 with its label, in [0, 10), as a file of its own. Returns how many there are now.
[[nodiscard]] Result<int> addOwnDigit(const ImageBatch& digit, int label);

}  // namespace zwei
