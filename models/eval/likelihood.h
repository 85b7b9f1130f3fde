// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>

#include "models/nn/autoencoder.h"
#include "models/nn/examples.h"
#include "models/types/recipe.h"

namespace zwei {

/// log p(x) of black-and-white images from below, in nats an image (mean): the importance-weighted bound
///
///   log 1/K sum over k of p(x|z_k) p(z_k) / q(z_k|x),   z_k drawn from q(z|x), K = `samples`
///
/// (Burda et al., 2016, equation 8), which rises to log p(x) with K; `samples` is at least 1, and 1 gives the ELBO. For
/// variational recipes with Bernoulli pixels; the examples are on the network's device, are made its input first, and
/// the seed is fixed. Nothing once `progress`, which hears of the share that is done and may be empty, returns false.
std::optional<double> importanceWeightedLikelihood(Autoencoder& network, const Recipe& recipe, const Examples& examples,
                                                   int samples, const std::function<bool(double share)>& progress);

}  // namespace zwei
