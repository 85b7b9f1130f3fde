// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "models/types/snapshot.h"

namespace zwei {

/// Clean images that went in beside what came out, of the same number and size. `indices` are those in the test set.
ReconstructionSnapshot compareImages(ImageBatch clean, ImageBatch outputs, std::vector<int> indices);

/// The same, for inputs that are not clean.
ReconstructionSnapshot compareRestored(ImageBatch clean, ImageBatch inputs, ImageBatch outputs,
                                       std::vector<int> indices);

}  // namespace zwei
