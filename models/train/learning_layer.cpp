// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/train/learning_layer.h"

#include "models/kernels/activation.h"

namespace zwei {
namespace {

using kernels::Matrix;
using kernels::Range;

/// Into how many parts the members share a matrix of weights.
struct Parts {
    std::size_t down;
    std::size_t across;
};

/// Whole rows, whose gradient stays in the second-level cache and which Adam passes without a break; of a code's few
/// the columns.
Parts partsOf(std::size_t inputs, std::size_t outputs, const Member& member) {
    if (inputs < outputs / 4) return {1, member.count()};
    const std::size_t chunks = (inputs + kernels::rowsAtOnce() - 1) / kernels::rowsAtOnce();
    return {(chunks + member.count() - 1) / member.count() * member.count(), 1};
}

}  // namespace

void PaddedRows::resize(std::size_t rows, std::size_t columns) {
    constexpr std::size_t kLine = 16;
    m_stride = (columns + kLine - 1) / kLine * kLine + kLine;
    m_data.resize(rows * m_stride);
}

void adamOfRows(const ParameterMemory& parameter, std::size_t across, std::size_t row, std::size_t rows, Range columns,
                const float* gradient, const kernels::AdamStep& step) {
    const auto pass = [&](std::size_t at, const float* of, std::size_t count) {
        kernels::adam(parameter.values + at, of, parameter.first + at, parameter.second + at, count, step);
    };
    if (columns.size() == across) return pass(row * across, gradient, rows * across);
    for (std::size_t i = 0; i < rows; ++i)
        pass((row + i) * across + columns.first, gradient + i * columns.size(), columns.size());
}

LearningLayer::LearningLayer(std::size_t inputs, std::size_t outputs, std::optional<Activation> activation,
                             const ParameterMemory& weight, const ParameterMemory& bias)
    : m_inputs(inputs),
      m_outputs(outputs),
      m_activation(activation),
      m_weight(weight),
      m_bias(bias),
      m_biasGradient(outputs) {}

void LearningLayer::resize(std::size_t batch) {
    m_batch = batch;
    m_values.resize(batch, m_outputs);
    if (m_activation) m_gradient.resize(batch, m_outputs);
    if (m_activation == Activation::GELU) m_slopes.resize(batch, m_outputs);
}

void LearningLayer::take(Range columns, const Matrix& x) {
    const auto [first, end] = columns;
    kernels::multiply(x, weight().transposed().from(0, first), {m_batch, end - first, m_inputs},
                      m_values.data() + first, m_values.stride(), m_bias.values + first);
}

void LearningLayer::take(Range columns, const kernels::SparseRows& x) {
    x.times(m_weight.values, m_outputs, m_values.data(), m_values.stride(), {0, m_batch}, columns, m_bias.values);
}

void LearningLayer::activate(Range columns) {
    if (!m_activation) return;
    auto* const slopes = m_activation == Activation::GELU ? m_slopes.data() : nullptr;
    kernels::activate(m_values.data(), slopes, {m_batch, m_values.stride(), columns.first, columns.end}, *m_activation);
}

void LearningLayer::passActivation(Range columns) {
    auto* const own = gradient().data();
    const kernels::Columns all{m_batch, gradient().stride(), columns.first, columns.end};
    if (m_activation == Activation::ReLU)
        kernels::backThroughRelu(m_values.data(), own, m_biasGradient.data(), all);
    else
        kernels::backThroughActivation(own, m_activation ? m_slopes.data() : nullptr, own, m_biasGradient.data(), all);
}

void LearningLayer::passBack(Member& member, LearningLayer& below) const {
    overColumns<Matrix>(member, m_inputs, [&](Range columns) {
        kernels::multiply(gradient().matrix(), weight().from(0, columns.first), {m_batch, columns.size(), m_outputs},
                          below.gradient().data() + columns.first, below.gradient().stride());
        below.passActivation(columns);
    });
}

/// multiply(rows, columns, gradient) finds the gradient of a part of the weights.
template <typename Multiply>
void LearningLayer::updateWeights(Member& member, std::size_t unit, const kernels::AdamStep& step, Scratch& scratch,
                                  const Multiply& multiply) {
    const Parts parts = partsOf(m_inputs, m_outputs, member);
    member.share(parts.down * parts.across, [&](std::size_t part) {
        const auto rows = kernels::evenPart(m_inputs, 1, part / parts.across, parts.down);
        const auto columns = kernels::evenPart(m_outputs, unit, part % parts.across, parts.across);
        if (scratch.size() < rows.size() * columns.size()) scratch.resize(rows.size() * columns.size());
        multiply(rows, columns, scratch.data());
        adamOfRows(m_weight, m_outputs, rows.first, rows.size(), columns, scratch.data(), step);
    });
    updateBias(member, step);
}

void LearningLayer::update(Member& member, const Matrix& x, const kernels::AdamStep& step, Scratch& scratch) {
    const auto multiply = m_inputs < m_outputs / 4 ? kernels::multiplyVectors : kernels::multiply;
    updateWeights(member, kUnit<Matrix>, step, scratch, [&](Range rows, Range columns, float* to) {
        multiply(x.transposed().from(rows.first, 0), gradient().matrix().from(0, columns.first),
                 {rows.size(), columns.size(), m_batch}, to, columns.size(), nullptr);
    });
}

void LearningLayer::update(Member& member, const kernels::SparseRows& transposed, const kernels::AdamStep& step,
                           Scratch& scratch) {
    updateWeights(member, kUnit<kernels::SparseRows>, step, scratch, [&](Range rows, Range columns, float* to) {
        transposed.times(gradient().data() + columns.first, gradient().stride(), to, columns.size(), rows,
                         {0, columns.size()});
    });
}

void LearningLayer::updateBias(const Member& member, const kernels::AdamStep& step) {
    const auto own = columnsOf(member, m_outputs);
    adamOfRows(m_bias, m_outputs, 0, 1, own, m_biasGradient.data() + own.first, step);
}

}  // namespace zwei
