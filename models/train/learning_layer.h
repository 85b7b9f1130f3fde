// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "models/kernels/adam.h"
#include "models/kernels/matrix_product.h"
#include "models/train/padded_rows.h"
#include "models/train/sparse_inputs.h"
#include "models/train/team.h"
#include "models/types/recipe.h"

namespace zwei {

/// What a thread needs for gradients between a product and Adam.
using Scratch = AlignedNumbers;

/// Adam's step of these columns of `rows` rows of a parameter that is `across` wide, from `gradient` [rows, columns],
/// of which row i is that of row rowAt(i) there.
template <typename RowAt>
void adamOfEachRow(const kernels::ParameterMemory& parameter, std::size_t across, std::size_t rows, const RowAt& rowAt,
                   kernels::Range columns, const float* gradient, const kernels::AdamStep& step) {
    for (std::size_t i = 0; i < rows; ++i) {
        const auto at = [&](std::size_t index) { return parameter.from(rowAt(index) * across + columns.first); };
        kernels::adam(at(i), gradient + i * columns.size(), columns.size(), step,
                      i + 1 < rows ? at(i + 1).values : nullptr);
    }
}

/// The same where the rows are one after the other, from `row` on.
void adamOfRows(const kernels::ParameterMemory& parameter, std::size_t across, std::size_t row, std::size_t rows,
                kernels::Range columns, const float* gradient, const kernels::AdamStep& step);

/// A dense layer in training: f(x W' + b), its way back, and Adam's step. Each member of a team does its part, by
/// columns of the layer's values, of those below it, or by the weights; in between they must meet.
class LearningLayer {
public:
    /// The weights lie input by input.
    LearningLayer(std::size_t inputs, std::size_t outputs, std::optional<Activation> activation, Zeros zeros,
                  const kernels::ParameterMemory& weight, const kernels::ParameterMemory& bias);

    void resize(std::size_t batch);

    std::size_t inputs() const { return m_inputs; }
    std::size_t outputs() const { return m_outputs; }
    const PaddedRows& values() const { return m_values; }
    /// Without an activation it takes the values' place.
    PaddedRows& gradient() { return m_activation ? m_gradient : m_values; }
    const PaddedRows& gradient() const { return m_activation ? m_gradient : m_values; }
    /// W [outputs, inputs]
    kernels::Matrix weight() const { return {m_weight.values, 1, m_outputs}; }

    /// The inputs where many of them are 0. Their rows are to be taken, and the members to meet, before `forward`.
    SparseInputs& sparseInputs() { return m_sparse; }

    /// The columns of a layer's values that are a member's, where there is little to do.
    static kernels::Range columnsOf(const Member& member, std::size_t width) { return member.shareOf(width, 16); }

    /// The values from x [batch, inputs]; then(columns) follows for those that are there.
    template <typename Then>
    void forward(Member& member, const kernels::Matrix& x, const Then& then) {
        const bool isSparse = m_sparse.pays();
        if (isSparse) m_sparse.takeTransposed(member);
        overColumns(member, m_outputs, isSparse, [&](kernels::Range columns) {
            if (isSparse)
                takeSparse(columns);
            else
                take(columns, x);
            activate(columns);
            then(columns);
        });
    }
    void forward(Member& member, const kernels::Matrix& x) {
        forward(member, x, [](kernels::Range) {});
    }

    /// Once these columns of `gradient` are those by the values: makes them those by what the activation took, and sums
    /// up the bias's.
    void passActivation(kernels::Range columns);
    /// The gradient by the values of `below`, which are the inputs, and whose activation it passes as well. The members
    /// may meet meanwhile.
    void passBack(Member& member, LearningLayer& below, Scratch& scratch);

    /// Adam's step of the weights and of the bias, from the same x as `forward`. No one may read the weights now.
    void update(Member& member, const kernels::Matrix& x, const kernels::AdamStep& step, Scratch& scratch);

private:
    /// work(columns) for parts of so many, as many as a product makes fast: tiles want all that there are.
    template <typename Work>
    static void overColumns(Member& member, std::size_t width, bool isSparse, const Work& work) {
        const std::size_t unit = isSparse ? kSparseUnit : kDenseUnit;
        const std::size_t enough = isSparse ? kernels::SparseRows::columnsAtOnce() : kDensePart;
        const auto parts = kernels::usesTiles() ? member.count() : member.multipleOfCount(width / enough);
        member.share(parts, [&](std::size_t part) { work(kernels::evenPart(width, unit, part, parts)); });
    }

    void take(kernels::Range columns, const kernels::Matrix& x);
    void takeSparse(kernels::Range columns);
    void activate(kernels::Range columns);
    void passBackPicked(Member& member, Scratch& scratch);
    void updateDense(const kernels::Matrix& x, kernels::Range rows, kernels::Range columns, float* own,
                     const kernels::AdamStep& step);
    void updateSparse(kernels::Range places, kernels::Range columns, float* own, const kernels::AdamStep& step);
    void updateBias(const Member& member, const kernels::AdamStep& step);

    // Columns of which a part has a multiple, and as many as are worth one.
    static constexpr std::size_t kSparseUnit = 16;
    static constexpr std::size_t kDenseUnit = 32;
    static constexpr std::size_t kDensePart = 48;

    std::size_t m_inputs;
    std::size_t m_outputs;
    std::size_t m_batch = 0;
    std::optional<Activation> m_activation;
    SparseInputs m_sparse;
    kernels::ParameterMemory m_weight;
    kernels::ParameterMemory m_bias;
    std::vector<float> m_biasGradient;
    PaddedRows m_values;         // [batch, outputs]
    PaddedRows m_slopes;         // of GELU there
    PaddedRows m_gradient;       // of the loss
    PaddedRows m_inputGradient;  // [inputs, batch], of those of which many are 0
};

}  // namespace zwei
