// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <new>
#include <optional>
#include <type_traits>
#include <vector>

#include "models/kernels/adam.h"
#include "models/kernels/matrix_product.h"
#include "models/kernels/sparse_rows.h"
#include "models/train/parameter_memory.h"
#include "models/train/team.h"
#include "models/types/recipe.h"

namespace zwei {

/// Numbers from the start of a line of memory on, so that no vector of them lies in two.
template <typename Number>
struct LineAllocator {
    using value_type = Number;
    static constexpr std::align_val_t kLine{64};

    LineAllocator() = default;
    template <typename Other>
    LineAllocator(const LineAllocator<Other>&) {}

    Number* allocate(std::size_t count) { return static_cast<Number*>(::operator new(count * sizeof(Number), kLine)); }
    void deallocate(Number* data, std::size_t) { ::operator delete(data, kLine); }
    bool operator==(const LineAllocator&) const { return true; }
};
using AlignedNumbers = std::vector<float, LineAllocator<float>>;

/// Numbers row by row, so far apart that the same column of many rows does not fall on one place of the cache.
class PaddedRows {
public:
    void resize(std::size_t rows, std::size_t columns);

    float* data() { return m_data.data(); }
    const float* data() const { return m_data.data(); }
    float* row(std::size_t at) { return m_data.data() + at * m_stride; }
    const float* row(std::size_t at) const { return m_data.data() + at * m_stride; }
    std::size_t stride() const { return m_stride; }
    kernels::Matrix matrix() const { return {m_data.data(), m_stride, 1}; }

private:
    AlignedNumbers m_data;
    std::size_t m_stride = 0;
};

/// What a thread needs for gradients between a product and Adam.
using Scratch = AlignedNumbers;

/// Adam's step of columns [first, end) of `gradient` [rows, end - first], which starts with row `row` of a parameter
/// that is `across` wide.
void adamOfRows(const ParameterMemory& parameter, std::size_t across, std::size_t row, std::size_t rows,
                kernels::Range columns, const float* gradient, const kernels::AdamStep& step);

/// A dense layer in training: f(x W' + b), its way back, and Adam's step. Each member of a team does its part, by
/// columns of the layer's values, of those below it, or by the weights; in between they must meet.
class LearningLayer {
public:
    /// The weights lie input by input.
    LearningLayer(std::size_t inputs, std::size_t outputs, std::optional<Activation> activation,
                  const ParameterMemory& weight, const ParameterMemory& bias);

    void resize(std::size_t batch);

    std::size_t inputs() const { return m_inputs; }
    std::size_t outputs() const { return m_outputs; }
    const PaddedRows& values() const { return m_values; }
    /// Without an activation it takes the values' place.
    PaddedRows& gradient() { return m_activation ? m_gradient : m_values; }
    const PaddedRows& gradient() const { return m_activation ? m_gradient : m_values; }
    /// W [outputs, inputs]
    kernels::Matrix weight() const { return {m_weight.values, 1, m_outputs}; }

    /// The columns of a layer's values that are a member's, where there is little to do.
    static kernels::Range columnsOf(const Member& member, std::size_t width) { return member.shareOf(width, 16); }

    /// The values from x [batch, inputs] or from the same as a sparse matrix; then(columns) follows for those that are
    /// there.
    template <typename X, typename Then>
    void forward(Member& member, const X& x, const Then& then) {
        overColumns<X>(member, m_outputs, [&](kernels::Range columns) {
            take(columns, x);
            activate(columns);
            then(columns);
        });
    }
    template <typename X>
    void forward(Member& member, const X& x) {
        forward(member, x, [](kernels::Range) {});
    }

    /// Once these columns of `gradient` are those by the values: makes them those by what the activation took, and sums
    /// up the bias's.
    void passActivation(kernels::Range columns);
    /// The gradient by the values of `below`, whose activation it passes as well.
    void passBack(Member& member, LearningLayer& below) const;

    /// Adam's step of the weights and of the bias. No one may read the weights now.
    void update(Member& member, const kernels::Matrix& x, const kernels::AdamStep& step, Scratch& scratch);
    /// From x' [inputs, batch].
    void update(Member& member, const kernels::SparseRows& transposed, const kernels::AdamStep& step, Scratch& scratch);

private:
    template <typename X>
    static constexpr bool kIsSparse = std::is_same_v<X, kernels::SparseRows>;
    /// Columns of which a part has a multiple: what a product makes at once.
    template <typename X>
    static constexpr std::size_t kUnit = kIsSparse<X> ? 64 : 32;

    /// work(columns) for parts of so many: tiles want all columns that there are, and vectors some.
    template <typename X, typename Work>
    static void overColumns(Member& member, std::size_t width, const Work& work) {
        constexpr std::size_t kEnough = kIsSparse<X> ? 64 : 48;
        const auto parts = kernels::usesTiles() ? member.count() : std::max<std::size_t>(1, width / kEnough);
        member.share(parts, [&](std::size_t part) { work(kernels::evenPart(width, kUnit<X>, part, parts)); });
    }

    void take(kernels::Range columns, const kernels::Matrix& x);
    void take(kernels::Range columns, const kernels::SparseRows& x);
    void activate(kernels::Range columns);
    template <typename Multiply>
    void updateWeights(Member& member, std::size_t unit, const kernels::AdamStep& step, Scratch& scratch,
                       const Multiply& multiply);
    void updateBias(const Member& member, const kernels::AdamStep& step);

    std::size_t m_inputs;
    std::size_t m_outputs;
    std::size_t m_batch = 0;
    std::optional<Activation> m_activation;
    ParameterMemory m_weight;
    ParameterMemory m_bias;
    std::vector<float> m_biasGradient;
    PaddedRows m_values;    // [batch, outputs]
    PaddedRows m_slopes;    // of GELU there
    PaddedRows m_gradient;  // of the loss
};

}  // namespace zwei
