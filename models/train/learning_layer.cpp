// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/train/learning_layer.h"

#include "models/kernels/activation.h"

namespace zwei {
namespace {

using kernels::Matrix;
using kernels::Range;

/// Calls work(first, rows, gradient) for chunks of these rows of weights, whose gradient stays in the second-level
/// cache.
template <typename Work>
void overChunks(Range rows, std::size_t width, Scratch& scratch, const Work& work) {
    const std::size_t chunk = kernels::rowsAtOnce();
    scratch.resize(chunk * width);
    for (std::size_t first = rows.first; first < rows.end; first += chunk)
        work(first, std::min(chunk, rows.end - first), scratch.data());
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

void LearningLayer::forward(Range columns, const Matrix& x) {
    const auto [first, end] = columns;
    kernels::multiply(x, weight().transposed().from(0, first), {m_batch, end - first, m_inputs},
                      m_values.data() + first, m_values.stride(), m_bias.values + first);
    activate(columns);
}

void LearningLayer::forward(Range columns, const kernels::SparseRows& x) {
    x.times(m_weight.values, m_outputs, m_values.data(), m_values.stride(), {0, m_batch}, columns, m_bias.values);
    activate(columns);
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

void LearningLayer::passBack(const Member& member, LearningLayer& below) const {
    const auto columns = columnsOf(member, m_inputs);
    kernels::multiply(gradient().matrix(), weight().from(0, columns.first), {m_batch, columns.size(), m_outputs},
                      below.gradient().data() + columns.first, below.gradient().stride());
    below.passActivation(columns);
}

void LearningLayer::update(const Member& member, const Matrix& x, const kernels::AdamStep& step, Scratch& scratch) {
    const bool sharesRows = m_inputs >= m_outputs / 4;  // or else columns: a code has few inputs
    const auto rows = sharesRows ? member.shareOf(m_inputs) : Range{0, m_inputs};
    const auto columns = sharesRows ? Range{0, m_outputs} : columnsOf(member, m_outputs);
    const auto multiply = sharesRows ? kernels::multiply : kernels::multiplyVectors;
    overChunks(rows, columns.size(), scratch, [&](std::size_t first, std::size_t count, float* gradientOfWeight) {
        multiply(x.transposed().from(first, 0), gradient().matrix().from(0, columns.first),
                 {count, columns.size(), m_batch}, gradientOfWeight, columns.size(), nullptr);
        adamOfRows(m_weight, m_outputs, first, count, columns, gradientOfWeight, step);
    });
    updateBias(member, step);
}

void LearningLayer::update(const Member& member, const kernels::SparseRows& transposed, const kernels::AdamStep& step,
                           Scratch& scratch) {
    const Range columns{0, m_outputs};
    overChunks(member.shareOf(m_inputs), m_outputs, scratch,
               [&](std::size_t first, std::size_t count, float* gradientOfWeight) {
                   transposed.times(gradient().data(), gradient().stride(), gradientOfWeight, m_outputs,
                                    {first, first + count}, columns);
                   adamOfRows(m_weight, m_outputs, first, count, columns, gradientOfWeight, step);
               });
    updateBias(member, step);
}

void LearningLayer::updateBias(const Member& member, const kernels::AdamStep& step) {
    const auto own = columnsOf(member, m_outputs);
    adamOfRows(m_bias, m_outputs, 0, 1, own, m_biasGradient.data() + own.first, step);
}

}  // namespace zwei
