// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/nn/layers.h"

#include <ATen/Parallel.h>

#include <algorithm>

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

/// What is kept of a sparse input for the way back.
struct SparseInput : torch::CustomClassHolder {
    explicit SparseInput(const torch::Tensor& x) : rows(extent(x, 0), extent(x, 1)) {
        at::parallel_for(0, x.size(0), 1, [&](std::int64_t first, std::int64_t end) {
            rows.compress(x.data_ptr<float>(), rows.columns(),
                          {static_cast<std::size_t>(first), static_cast<std::size_t>(end)});
        });
    }

    torch::Tensor times(const torch::Tensor& weight, const torch::Tensor& bias) const {
        const auto dense = weight.t();  // [in, out], contiguous
        auto product = torch::empty({static_cast<std::int64_t>(rows.rows()), weight.size(0)}, weight.options());
        multiply(rows, dense, product, bias.data_ptr<float>());
        return product;
    }

    /// x' times gradient [B, out], as a gradient of the weights [out, in] that lies input by input.
    torch::Tensor transposedTimes(const torch::Tensor& gradient) const {
        SparseRows transposed(rows.columns(), rows.rows());
        at::parallel_for(0, static_cast<std::int64_t>(transposed.blocks()), 1, [&](auto first, auto end) {
            for (auto block = first; block < end; ++block) transposed.transpose(rows, static_cast<std::size_t>(block));
        });
        auto product = torch::empty({static_cast<std::int64_t>(rows.columns()), gradient.size(1)}, gradient.options());
        multiply(transposed, gradient, product, nullptr);
        return product.t();
    }

private:
    static void multiply(const SparseRows& rows, const torch::Tensor& dense, torch::Tensor& product,
                         const float* bias) {
        overColumns(product.size(1), [&](std::size_t first, std::size_t end) {
            const auto width = extent(product, 1);
            rows.times(dense.data_ptr<float>(), width, product.data_ptr<float>(), width, {0, rows.rows()}, {first, end},
                       bias);
        });
    }

    SparseRows rows;
};

c10::intrusive_ptr<SparseInput> sparseInput(const torch::Tensor& x, const torch::Tensor& weight) {
    if (x.requires_grad() || !SparseRows::mayPay(extent(x, 0), extent(x, 1)) || !liesInputByInput(weight)) return {};
    const auto count = static_cast<std::size_t>(x.numel());
    const auto inked = kernels::countNonZero(x.data_ptr<float>(), count);
    if (!SparseRows::pays(inked, count)) return {};
    return c10::make_intrusive<SparseInput>(x);
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
        const auto sparse = sparseInput(x, weight);
        auto values = sparse ? sparse->times(weight, bias) : product(x, weight.t(), bias);
        auto slopes = activation && learns ? torch::empty_like(values) : torch::Tensor();
        if (activation) activateAll(values, values, slopes, *activation);
        if (learns) {
            context->save_for_backward({x, weight, slopes});
            if (sparse) context->saved_data["sparse"] = c10::IValue::make_capsule(sparse);
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
        const auto sparse = context.saved_data.find("sparse");
        if (sparse != context.saved_data.end())
            return c10::static_intrusive_pointer_cast<SparseInput>(sparse->second.toCapsule())
                ->transposedTimes(gradient);
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
