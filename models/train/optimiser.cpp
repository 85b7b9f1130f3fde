// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/train/optimiser.h"

#include <ATen/Parallel.h>

#include <cmath>
#include <stdexcept>

#include "models/runtime/torch_device.h"

namespace zwei {
namespace {

constexpr double kEpsilon = 1e-8;
constexpr std::int64_t kFewValues = 1 << 14;  // are not worth another thread

/// Row-major, however they lie in memory.
std::vector<float> valuesOf(const std::vector<torch::Tensor>& tensors) {
    std::vector<float> values;
    for (const auto& tensor : tensors) {
        const auto plain = tensor.cpu().contiguous();
        values.insert(values.end(), plain.data_ptr<float>(), plain.data_ptr<float>() + plain.numel());
    }
    return values;
}

void setValues(std::vector<torch::Tensor>& tensors, const std::vector<float>& values) {
    std::int64_t total = 0;
    for (const auto& tensor : tensors) total += tensor.numel();
    if (total != static_cast<std::int64_t>(values.size()))
        throw std::invalid_argument("the optimiser's state is that of another network.");
    const torch::NoGradGuard noGrad;
    const auto* at = values.data();
    for (auto& tensor : tensors) {
        tensor.copy_(torch::from_blob(const_cast<float*>(at), tensor.sizes(), torch::kFloat32));
        at += tensor.numel();
    }
}

}  // namespace

Adam::Adam(std::vector<torch::Tensor> parameters, double beta1, double beta2)
    : m_parameters(std::move(parameters)), m_beta1(beta1), m_beta2(beta2) {
    const torch::NoGradGuard noGrad;
    for (const auto& parameter : m_parameters) {
        m_first.push_back(torch::zeros_like(parameter));
        m_second.push_back(torch::zeros_like(parameter));
    }
}

void Adam::clearGradients() {
    for (auto& parameter : m_parameters) parameter.mutable_grad() = torch::Tensor();
}

void Adam::step(double learningRate) {
    const torch::NoGradGuard noGrad;
    ++m_steps;
    for (std::size_t at = 0; at < m_parameters.size(); ++at) {
        const auto& parameter = m_parameters[at];
        if (!parameter.grad().defined()) continue;
        // A kernel walks along the memory, where the gradient must lie as the parameter and its moments do.
        const bool alike =
            parameter.grad().strides() == parameter.strides() && parameter.is_non_overlapping_and_dense();
        if (fuses(parameter) && alike)
            stepFused(parameter, at, learningRate);
        else
            stepPlain(parameter, at, learningRate);
    }
}

OptimiserState Adam::state() const { return {valuesOf(m_first), valuesOf(m_second), m_steps}; }

void Adam::restore(const OptimiserState& state) {
    setValues(m_first, state.first);
    setValues(m_second, state.second);
    m_steps = state.steps;
}

kernels::AdamStep Adam::begin(double learningRate) {
    ++m_steps;
    return kernelStep(learningRate);
}

kernels::AdamStep Adam::kernelStep(double learningRate) const {
    const auto steps = static_cast<double>(m_steps);
    return {static_cast<float>(m_beta1), static_cast<float>(m_beta2),
            static_cast<float>(learningRate / (1 - std::pow(m_beta1, steps))),
            static_cast<float>(1 / std::sqrt(1 - std::pow(m_beta2, steps))), static_cast<float>(kEpsilon)};
}

std::vector<kernels::ParameterMemory> Adam::memory() const {
    std::vector<kernels::ParameterMemory> memory;
    for (std::size_t at = 0; at < m_parameters.size(); ++at)
        memory.push_back(
            {m_parameters[at].data_ptr<float>(), m_first[at].data_ptr<float>(), m_second[at].data_ptr<float>()});
    return memory;
}

void Adam::stepFused(const torch::Tensor& parameter, std::size_t at, double learningRate) {
    const auto step = kernelStep(learningRate);
    auto* values = parameter.data_ptr<float>();
    const auto* gradient = parameter.grad().data_ptr<float>();
    auto* first = m_first[at].data_ptr<float>();
    auto* second = m_second[at].data_ptr<float>();
    at::parallel_for(0, parameter.numel(), kFewValues, [&](std::int64_t begin, std::int64_t end) {
        kernels::adam({values + begin, first + begin, second + begin}, gradient + begin,
                      static_cast<std::size_t>(end - begin), step);
    });
}

void Adam::stepPlain(const torch::Tensor& parameter, std::size_t at, double learningRate) {
    const auto steps = static_cast<double>(m_steps);
    const auto& gradient = parameter.grad();
    auto& first = m_first[at].mul_(m_beta1).add_(gradient, 1 - m_beta1);
    auto& second = m_second[at].mul_(m_beta2).addcmul_(gradient, gradient, 1 - m_beta2);
    const auto deviation = (second.sqrt() / std::sqrt(1 - std::pow(m_beta2, steps))).add_(kEpsilon);
    torch::Tensor(parameter).addcdiv_(first, deviation, -learningRate / (1 - std::pow(m_beta1, steps)));
}

}  // namespace zwei
