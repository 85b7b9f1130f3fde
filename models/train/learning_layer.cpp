// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/train/learning_layer.h"

#include <algorithm>
#include <span>

#include "models/kernels/activation.h"

namespace zwei {
namespace {

using kernels::kPicked;
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
    return {member.multipleOfCount((inputs + kernels::rowsAtOnce() - 1) / kernels::rowsAtOnce()), 1};
}

/// So many numbers of it.
float* makeRoom(Scratch& scratch, std::size_t count) {
    if (scratch.size() < count) scratch.resize(count);
    return scratch.data();
}

}  // namespace

void adamOfRows(const kernels::ParameterMemory& parameter, std::size_t across, std::size_t row, std::size_t rows,
                Range columns, const float* gradient, const kernels::AdamStep& step) {
    if (columns.size() == across)
        kernels::adam(parameter.from(row * across), gradient, rows * across, step);
    else
        adamOfEachRow(
            parameter, across, rows, [row](std::size_t i) { return row + i; }, columns, gradient, step);
}

LearningLayer::LearningLayer(std::size_t inputs, std::size_t outputs, std::optional<Activation> activation, Zeros zeros,
                             const kernels::ParameterMemory& weight, const kernels::ParameterMemory& bias)
    : m_inputs(inputs),
      m_outputs(outputs),
      m_activation(activation),
      m_sparse(zeros),
      m_weight(weight),
      m_bias(bias),
      m_biasGradient(outputs) {}

void LearningLayer::resize(std::size_t batch) {
    m_batch = batch;
    m_sparse.resize(batch, m_inputs);
    if (m_sparse.mayPay()) m_inputGradient.resize(m_inputs, batch);
    m_values.resize(batch, m_outputs);
    if (m_activation) m_gradient.resize(batch, m_outputs);
    if (m_activation == Activation::GELU) m_slopes.resize(batch, m_outputs);
}

void LearningLayer::take(Range columns, const Matrix& x) {
    const auto [first, end] = columns;
    kernels::multiply(x, weight().transposed().from(0, first), {m_batch, end - first, m_inputs},
                      m_values.data() + first, m_values.stride(), m_bias.values + first);
}

void LearningLayer::takeSparse(Range columns) {
    m_sparse.rows().times(m_weight.values, m_outputs, m_values.data(), m_values.stride(), columns, m_bias.values);
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

void LearningLayer::passBack(Member& member, LearningLayer& below, Scratch& scratch) {
    if (!m_sparse.pays()) {
        overColumns(member, m_inputs, false, [&](Range columns) {
            kernels::multiply(gradient().matrix(), weight().from(0, columns.first),
                              {m_batch, columns.size(), m_outputs}, below.gradient().data() + columns.first,
                              below.gradient().stride());
            below.passActivation(columns);
        });
        return;
    }
    passBackPicked(member, scratch);
    member.meet();
    const auto own = columnsOf(member, m_inputs);
    kernels::transpose(m_inputGradient.row(own.first), m_inputGradient.stride(), own.size(), m_batch,
                       below.gradient().data() + own.first, below.gradient().stride());
    below.passActivation(own);
}

/// ReLU passes nothing where its own value is 0. Of inputs that are alike, the images for which all of them are 0 are
/// left out: what is in their place is of another step, and `passActivation` makes it 0. The inputs of a strip lie
/// anywhere among those of a layer, which is why each has a row of its own here.
void LearningLayer::passBackPicked(Member& member, Scratch& scratch) {
    constexpr std::size_t kStrips = 3;  // of a part
    const auto& live = m_sparse.transposed();
    std::vector<std::uint32_t> images(m_batch);
    const auto passStrip = [&](Range own) {
        const auto inputs = live.order().subspan(own.first, own.size());
        const std::span picked(images.data(), live.columnsOf(own, images.data()));
        if (picked.empty()) return;
        const auto products = makeRoom(scratch, picked.size() * kPicked);
        kernels::multiplyPicked(gradient().matrix(), picked, weight(), inputs, m_outputs, products);
        for (std::size_t j = 0; j < inputs.size(); ++j)
            for (std::size_t i = 0; i < picked.size(); ++i)
                m_inputGradient.row(inputs[j])[picked[i]] = products[i * kPicked + j];
    };
    const auto parts = member.multipleOfCount(m_inputs / (kStrips * kPicked));
    member.share(parts, [&](std::size_t part) {
        const auto own = kernels::evenPart(m_inputs, kPicked, part, parts);
        for (std::size_t first = own.first; first < own.end; first += kPicked)
            passStrip({first, std::min(first + kPicked, own.end)});
    });
}

void LearningLayer::update(Member& member, const Matrix& x, const kernels::AdamStep& step, Scratch& scratch) {
    const bool isSparse = m_sparse.pays();
    const Parts parts = partsOf(m_inputs, m_outputs, member);
    member.share(parts.down * parts.across, [&](std::size_t part) {
        const auto rows = kernels::evenPart(m_inputs, 2, part / parts.across, parts.down);
        const auto columns = kernels::evenPart(m_outputs, kDenseUnit, part % parts.across, parts.across);
        float* const own = makeRoom(scratch, rows.size() * columns.size());
        if (isSparse)
            updateSparse(rows, columns, own, step);
        else
            updateDense(x, rows, columns, own, step);
    });
    updateBias(member, step);
}

void LearningLayer::updateDense(const Matrix& x, Range rows, Range columns, float* own, const kernels::AdamStep& step) {
    const auto multiply = m_inputs < m_outputs / 4 ? kernels::multiplyVectors : kernels::multiply;
    multiply(x.transposed().from(rows.first, 0), gradient().matrix().from(0, columns.first),
             {rows.size(), columns.size(), m_batch}, own, columns.size(), nullptr);
    adamOfRows(m_weight, m_outputs, rows.first, rows.size(), columns, own, step);
}

/// Of the inputs at these places.
void LearningLayer::updateSparse(Range places, Range columns, float* own, const kernels::AdamStep& step) {
    const auto& inputs = m_sparse.transposed();
    inputs.timesInOrder(gradient().data() + columns.first, gradient().stride(), own, columns.size(), places,
                        {0, columns.size()});
    if (inputs.areInOrder(places))
        return adamOfRows(m_weight, m_outputs, places.first, places.size(), columns, own, step);
    const auto rowAt = [&](std::size_t i) { return inputs.order()[places.first + i]; };
    adamOfEachRow(m_weight, m_outputs, places.size(), rowAt, columns, own, step);
}

void LearningLayer::updateBias(const Member& member, const kernels::AdamStep& step) {
    const auto own = columnsOf(member, m_outputs);
    adamOfRows(m_bias, m_outputs, 0, 1, own, m_biasGradient.data() + own.first, step);
}

}  // namespace zwei
