// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

#include "models/kernels/adam.h"
#include "models/types/training_state.h"

namespace zwei {

/// Adam (Kingma and Ba, 2015). Where kernels are fused (see `usesFusedKernels`), a step is one pass over each parameter
/// and its two moments; LibTorch's operations pass over them once each.
class Adam {
public:
    Adam(std::vector<torch::Tensor> parameters, double beta1, double beta2);

    /// Forgets all gradients: the next backward pass hands its own over, with nothing to add them to.
    void clearGradients();

    /// Of all parameters that have a gradient.
    void step(double learningRate);

    /// Begins a step of which the caller takes all parts himself, by `kernels::adam` over the memory of each parameter.
    kernels::AdamStep begin(double learningRate);
    /// Of all parameters, in their order, for as long as this optimiser lives; on a CPU.
    std::vector<kernels::ParameterMemory> memory() const;

    OptimiserState state() const;
    /// Throws where it is not that of as many parameters.
    void restore(const OptimiserState& state);

private:
    kernels::AdamStep kernelStep(double learningRate) const;
    void stepFused(const torch::Tensor& parameter, std::size_t at, double learningRate);
    void stepPlain(const torch::Tensor& parameter, std::size_t at, double learningRate);

    std::vector<torch::Tensor> m_parameters;
    std::vector<torch::Tensor> m_first;  // moments, in the memory's order of the parameters
    std::vector<torch::Tensor> m_second;
    double m_beta1;
    double m_beta2;
    std::int64_t m_steps = 0;
};

}  // namespace zwei
