// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "models/data/dataset.h"
#include "models/runtime/device.h"
#include "models/types/figures.h"
#include "models/types/recipe.h"
#include "models/types/result.h"
#include "models/types/weights.h"

namespace zwei {

struct FigureOptions {
    int samples = 500;             ///< an image, of the log-likelihood; at least 1
    int likelihoodImages = 10000;  ///< at most, of the log-likelihood: the first of the test set; at least 1
    bool quick = false;            ///< only the -ELBO, the KL by dimension, and the quality of what comes out
    Device device = Device::Auto;
};

/// Hears of the share that is done, in [0, 1], in the thread that measures; false stops it.
using FigureProgress = std::function<bool(double share)>;

/// Measures a model on the test images of a data set; the training images only lend their labels to the nearest
/// neighbours. All noise comes from fixed seeds, so that the same model has the same figures every time. Fails where
/// the weights are not the recipe's, the model asks for labels and there are none, a code is not finite, or it was
/// stopped. Uses the calling thread's number of LibTorch threads.
[[nodiscard]] Result<Figures> measureFigures(const Recipe& recipe, const Weights& weights, const Dataset& data,
                                             const FigureOptions& options, const FigureProgress& progress = {});

}  // namespace zwei
