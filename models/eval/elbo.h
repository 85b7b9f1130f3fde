// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/nn/autoencoder.h"
#include "models/types/metrics.h"

namespace zwei {

/// `evaluateElbo` for those who hold a network: images [N, 784] of uint8 on the network's device.
ElboTerms networkElbo(Autoencoder& network, Reconstruction kind, const torch::Tensor& images);

}  // namespace zwei
