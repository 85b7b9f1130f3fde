// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/nn/losses.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <vector>

#include "models/kernels/cross_entropy.h"
#include "models/runtime/torch_device.h"

namespace zwei {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

/// The loss and its gradient by the logits in one pass.
class CrossEntropy : public torch::autograd::Function<CrossEntropy> {
public:
    static Variable forward(AutogradContext* context, const Variable& logits, const Variable& targets, bool learns) {
        constexpr std::int64_t kChunk = 1 << 13;  // values: the sum of each, so that threads change nothing
        auto gradient = learns ? torch::empty_like(logits) : torch::Tensor();
        const auto batch = static_cast<double>(logits.size(0));
        const auto count = logits.numel();
        std::vector<double> sums(static_cast<std::size_t>((count + kChunk - 1) / kChunk));
        at::parallel_for(0, static_cast<std::int64_t>(sums.size()), 1, [&](std::int64_t begin, std::int64_t end) {
            for (auto chunk = begin; chunk < end; ++chunk) {
                const auto first = chunk * kChunk;
                const kernels::Outputs outputs{1, static_cast<std::size_t>(std::min(kChunk, count - first)),
                                               logits.data_ptr<float>() + first,
                                               learns ? gradient.data_ptr<float>() + first : nullptr, 0};
                sums[static_cast<std::size_t>(chunk)] =
                    kernels::crossEntropy(outputs, kernels::Targets<float>{targets.data_ptr<float>() + first, 0},
                                          static_cast<float>(1 / batch));
            }
        });
        if (learns) context->save_for_backward({gradient});
        return torch::tensor(std::accumulate(sums.begin(), sums.end(), 0.0) / batch, logits.options());
    }

    static variable_list backward(AutogradContext* context, const variable_list& outputs) {
        refuseSecondDerivative();
        const auto gradient = context->get_saved_variables().front();
        const auto factor = outputs.front().item<float>();
        return {factor == 1 ? gradient : gradient * factor, Variable(), Variable()};
    }
};

}  // namespace

torch::Tensor reconstructionLoss(Reconstruction kind, const torch::Tensor& logits, const torch::Tensor& targets) {
    const auto batch = static_cast<double>(logits.size(0));
    if (kind == Reconstruction::Gaussian) {
        const double normaliser = 0.5 * static_cast<double>(logits.size(1)) * std::log(std::numbers::pi);
        return torch::mse_loss(torch::sigmoid(logits), targets, torch::Reduction::Sum) / batch + normaliser;
    }
    if (fuses(logits) && fuses(targets) && logits.sizes() == targets.sizes() && !targets.requires_grad())
        return CrossEntropy::apply(logits.contiguous(), targets.contiguous(),
                                   torch::GradMode::is_enabled() && logits.requires_grad());
    return torch::binary_cross_entropy_with_logits(logits, targets, {}, {}, torch::Reduction::Sum) / batch;
}

torch::Tensor gaussianKl(const Posterior& posterior) {
    const auto& [mu, logVar] = posterior;
    return -0.5 * (1 + logVar - mu.square() - logVar.exp()).sum() / static_cast<double>(mu.size(0));
}

}  // namespace zwei
