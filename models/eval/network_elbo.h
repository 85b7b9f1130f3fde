// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/nn/autoencoder.h"
#include "models/nn/examples.h"
#include "models/types/metrics.h"
#include "models/types/recipe.h"

namespace zwei {

// Of clean examples on the network's device, which are made its input from a fixed seed: the same in all of these, and
// every time.

/// The -ELBO with grey targets and one sample an image from a fixed seed, so that the same model has the same figure
/// every time; mean over all examples. Uses the calling thread's number of LibTorch threads.
ElboTerms networkElbo(Autoencoder& network, const Recipe& recipe, const Examples& examples);

/// Codes [N, latentSize] on the processor: one sample of each posterior, or mu where there is none.
torch::Tensor networkCodes(Autoencoder& network, const Recipe& recipe, const Examples& examples);

/// What the encoder says of them, on the processor.
Posterior networkPosterior(Autoencoder& network, const Recipe& recipe, const Examples& examples);

}  // namespace zwei
