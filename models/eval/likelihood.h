// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/runtime/device.h"
#include "models/types/image.h"
#include "models/types/metrics.h"
#include "models/types/recipe.h"
#include "models/types/result.h"
#include "models/types/weights.h"

namespace zwei {

/// The -ELBO of a model on images: one sample an image from a fixed seed, so that the same model has the same figure
/// every time; grey targets; mean over all images. Uses the calling thread's number of LibTorch threads.
[[nodiscard]] Result<ElboTerms> evaluateElbo(const Recipe& recipe, const Weights& weights, const ImageBatch& images,
                                             Device device = Device::Auto);

}  // namespace zwei
