// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/nn/layers.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <optional>

#include "models/kernels/activation.h"
#include "models/kernels/matrix_product.h"
#include "models/kernels/sparse_rows.h"
#include "models/runtime/torch_device.h"

namespace zwei {
namespace {

namespace nn = torch::nn;
using kernels::SparseRows;
using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

constexpr std::int64_t kColumns = 64;         // a thread's share is a multiple of these
constexpr std::int64_t kFewValues = 1 << 13;  // are not worth another thread

/// Calls work(first, end) for parts of [0, columns).
template <typename Work>
void overColumns(std::int64_t columns, const Work& work) {
    at::parallel_for(0, (columns + kColumns - 1) / kColumns, 1, [&](std::int64_t first, std::int64_t end) {
        work(static_cast<std::size_t>(first * kColumns), static_cast<std::size_t>(std::min(end * kColumns, columns)));
    });
}

std::size_t extent(const torch::Tensor& tensor, int dimension) {
    return static_cast<std::size_t>(tensor.size(dimension));
}

bool liesInputByInput(const torch::Tensor& weight) {
    return weight.stride(0) == 1 && weight.stride(1) == weight.size(0) && weight.size(0) > 1;
}

bool liesOutputByOutput(const torch::Tensor& weight) {
    return weight.stride(1) == 1 && weight.stride(0) == weight.size(1);
}

kernels::Matrix matrixOf(const torch::Tensor& tensor) {
    return {tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.stride(0)),
            static_cast<std::size_t>(tensor.stride(1))};
}

/// a times b, which lies row by row or column by column, and a bias for each row of it; one after the other.
torch::Tensor product(const torch::Tensor& a, const torch::Tensor& b, const torch::Tensor& bias = {}) {
    constexpr std::int64_t kRows = 512;  // of a, which stay in the second-level cache
    auto product = torch::empty({a.size(0), b.size(1)}, a.options());
    const auto width = extent(product, 1);
    overColumns(b.size(1), [&](std::size_t first, std::size_t end) {
        for (std::int64_t row = 0; row < a.size(0); row += kRows)
            kernels::multiply(matrixOf(a).from(static_cast<std::size_t>(row), 0), matrixOf(b).from(0, first),
                              {static_cast<std::size_t>(std::min(kRows, a.size(0) - row)), end - first, extent(a, 1)},
                              product.data_ptr<float>() + row * product.size(1) + first, width,
                              bias.defined() ? bias.data_ptr<float>() + first : nullptr);
    });
    return product;
}

/// Calls work(places) for parts of the places of the rows, of which two are together.
template <typename Work>
void overPairs(const SparseRows& rows, const Work& work) {
    at::parallel_for(0, static_cast<std::int64_t>(rows.rows() + 1) / 2, 1, [&](std::int64_t first, std::int64_t end) {
        work(kernels::Range{static_cast<std::size_t>(2 * first),
                            std::min(static_cast<std::size_t>(2 * end), rows.rows())});
    });
}

/// x as sparse rows, where most of it is 0 and it has no gradient.
std::optional<SparseRows> sparseRows(const torch::Tensor& x, const torch::Tensor& weight) {
    if (x.requires_grad() || !SparseRows::mayPay(extent(x, 0), extent(x, 1)) || !liesInputByInput(weight)) return {};
    constexpr double kDensest = 0.35;  // so that pairs keep less than pays, though none is made of rows that are alike
    const auto count = static_cast<std::size_t>(x.numel());
    const auto nonZero = kernels::countNonZero(x.data_ptr<float>(), count);
    if (static_cast<double>(nonZero) > kDensest * static_cast<double>(count)) return {};
    std::optional<SparseRows> rows(std::in_place, extent(x, 0), extent(x, 1));
    overPairs(*rows, [&](kernels::Range places) { rows->compress(x.data_ptr<float>(), rows->columns(), places); });
    return rows;
}

/// Where there is no bias, nothing is added.
torch::Tensor product(const SparseRows& rows, const torch::Tensor& dense, const torch::Tensor& bias = {}) {
    auto product = torch::empty({static_cast<std::int64_t>(rows.rows()), dense.size(1)}, dense.options());
    const auto width = extent(dense, 1);
    overColumns(dense.size(1), [&](std::size_t first, std::size_t end) {
        rows.times(dense.data_ptr<float>(), width, product.data_ptr<float>(), width, {first, end},
                   bias.defined() ? bias.data_ptr<float>() : nullptr);
    });
    return product;
}

/// x' times gradient, where most of x is 0, as a gradient of weights that lie input by input.
torch::Tensor sparseGradient(const torch::Tensor& x, const torch::Tensor& gradient) {
    SparseRows transposed(extent(x, 1), extent(x, 0));
    overPairs(transposed, [&](kernels::Range places) {
        transposed.compressTransposed(x.data_ptr<float>(), transposed.rows(), places);
    });
    return product(transposed, gradient).t();
}

/// values = f(x), both of which lie alike and may be the same; `slopes` take f', where they are defined.
void activateAll(const torch::Tensor& x, const torch::Tensor& values, const torch::Tensor& slopes,
                 Activation activation) {
    at::parallel_for(0, x.numel(), kFewValues, [&](std::int64_t first, std::int64_t end) {
        kernels::activate(x.data_ptr<float>() + first, values.data_ptr<float>() + first,
                          slopes.defined() ? slopes.data_ptr<float>() + first : nullptr,
                          static_cast<std::size_t>(end - first), activation);
    });
}

class DenseLayer : public torch::autograd::Function<DenseLayer> {
public:
    static Variable forward(AutogradContext* context, const Variable& x, const Variable& weight, const Variable& bias,
                            std::optional<Activation> activation, bool learns) {
        const auto sparse = sparseRows(x, weight);
        auto values = sparse ? product(*sparse, weight.t(), bias) : product(x, weight.t(), bias);
        auto slopes = activation && learns ? torch::empty_like(values) : torch::Tensor();
        if (activation) activateAll(values, values, slopes, *activation);
        if (learns) {
            context->save_for_backward({x, weight, slopes});
            context->saved_data["sparse"] = sparse.has_value();
        }
        return values;
    }

    static variable_list backward(AutogradContext* context, const variable_list& outputs) {
        refuseSecondDerivative();
        const auto saved = context->get_saved_variables();
        const auto& [x, weight, slopes] = std::tie(saved[0], saved[1], saved[2]);
        const auto gradient = outputs.front().contiguous();
        auto scaled = slopes.defined() ? torch::empty_like(gradient) : gradient;
        auto biasGradient = torch::empty({gradient.size(1)}, gradient.options());
        overColumns(gradient.size(1), [&, &slopes = slopes](std::size_t first, std::size_t end) {
            kernels::backThroughActivation(gradient.data_ptr<float>(),
                                           slopes.defined() ? slopes.data_ptr<float>() : nullptr,
                                           scaled.data_ptr<float>(), biasGradient.data_ptr<float>(),
                                           {extent(gradient, 0), extent(gradient, 1), first, end});
        });
        auto ofWeight = context->needs_input_grad(1) ? gradientOfWeight(*context, x, weight, scaled) : Variable();
        auto ofX = context->needs_input_grad(0) ? product(scaled, weight) : Variable();
        return {ofX, ofWeight, biasGradient, Variable(), Variable()};
    }

private:
    static Variable gradientOfWeight(AutogradContext& context, const Variable& x, const Variable& weight,
                                     const Variable& gradient) {
        if (context.saved_data["sparse"].toBool()) return sparseGradient(x, gradient);
        return liesInputByInput(weight) ? product(x.t(), gradient).t() : product(gradient.t(), x);
    }
};

class Activated : public torch::autograd::Function<Activated> {
public:
    static Variable forward(AutogradContext* context, const Variable& x, Activation activation, bool learns) {
        auto values = torch::empty_like(x);  // which lies in memory as x does
        auto slopes = learns ? torch::empty_like(x) : torch::Tensor();
        activateAll(x, values, slopes, activation);
        if (learns) context->save_for_backward({slopes});
        return values;
    }

    static variable_list backward(AutogradContext* context, const variable_list& outputs) {
        refuseSecondDerivative();
        return {outputs.front() * context->get_saved_variables().front(), Variable(), Variable()};
    }
};

std::optional<Activation> activationOf(const nn::Module& module) {
    if (module.as<nn::GELU>()) return Activation::GELU;
    if (module.as<nn::ReLU>()) return Activation::ReLU;
    return std::nullopt;
}

}  // namespace

torch::Tensor activate(const torch::Tensor& values, Activation activation) {
    if (!fuses(values) || !values.is_non_overlapping_and_dense())
        return activation == Activation::ReLU ? torch::relu(values) : torch::gelu(values);
    return Activated::apply(values, activation, torch::GradMode::is_enabled() && values.requires_grad());
}

torch::Tensor denseLayer(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias,
                         std::optional<Activation> activation) {
    const bool learns =
        torch::GradMode::is_enabled() && (weight.requires_grad() || bias.requires_grad() || x.requires_grad());
    const bool isPlain = liesInputByInput(weight) || liesOutputByOutput(weight);
    return DenseLayer::apply(x.contiguous(), isPlain ? weight : weight.contiguous(), bias, activation, learns);
}

torch::Tensor runLayers(nn::Sequential layers, torch::Tensor values) {
    if (!fuses(values)) return layers->forward(values);
    for (auto layer = layers->begin(); layer != layers->end(); ++layer) {
        if (const auto* dense = layer->ptr()->as<nn::Linear>()) {
            const auto next = std::next(layer);
            const auto activation = next == layers->end() ? std::nullopt : activationOf(*next->ptr());
            values = denseLayer(values, dense->weight, dense->bias, activation);
            if (activation) layer = next;
        } else if (const auto activation = activationOf(*layer->ptr())) {
            values = activate(values, *activation);
        } else {
            values = layer->forward(values);
        }
    }
    return values;
}

void layInputByInput(nn::Linear& layer) {
    const torch::NoGradGuard noGrad;
    layer->weight.set_data(layer->weight.t().contiguous().t());
}

}  // namespace zwei
