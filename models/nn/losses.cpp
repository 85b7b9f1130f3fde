// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/nn/losses.h"

#include <cmath>
#include <numbers>

namespace zwei {

torch::Tensor reconstructionLoss(Reconstruction kind, const torch::Tensor& logits, const torch::Tensor& targets) {
    const auto batch = static_cast<double>(logits.size(0));
    if (kind == Reconstruction::Gaussian) {
        const double normaliser = 0.5 * static_cast<double>(logits.size(1)) * std::log(std::numbers::pi);
        return torch::mse_loss(torch::sigmoid(logits), targets, torch::Reduction::Sum) / batch + normaliser;
    }
    return torch::binary_cross_entropy_with_logits(logits, targets, {}, {}, torch::Reduction::Sum) / batch;
}

torch::Tensor gaussianKl(const Posterior& posterior) {
    const auto& [mu, logVar] = posterior;
    return -0.5 * (1 + logVar - mu.square() - logVar.exp()).sum() / static_cast<double>(mu.size(0));
}

}  // namespace zwei
