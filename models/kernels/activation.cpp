// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/kernels/activation.h"

#include <algorithm>

#include "models/kernels/vectorised.h"

namespace zwei::kernels {
namespace {

struct ValueAndSlope {
    float value;
    float slope;
};

struct Gelu {
    /// Phi by Abramowitz and Stegun (1964), 7.1.26: its exponential is that of the density, which the slope wants too.
    [[gnu::always_inline]] static ValueAndSlope at(float x) {
        constexpr float kInverseRootTwo = 0.70710678F;
        constexpr float kDensity = 0.39894228F;  // 1 / sqrt(2 pi)
        const float magnitude = x < 0 ? -x : x;
        const float e = exponential(-0.5F * x * x);
        const float t = 1.F / (1.F + 0.3275911F * kInverseRootTwo * magnitude);
        float p = 1.061405429F;
        p = p * t - 1.453152027F;
        p = p * t + 1.421413741F;
        p = p * t - 0.284496736F;
        p = p * t + 0.254829592F;
        const float tail = 0.5F * p * t * e;  // Phi(-|x|)
        const float phi = x < 0 ? tail : 1.F - tail;
        return {x * phi, phi + x * kDensity * e};
    }
};

struct Relu {
    [[gnu::always_inline]] static ValueAndSlope at(float x) { return {x < 0 ? 0.F : x, x <= 0 ? 0.F : 1.F}; }
};

template <typename F>
ZWEI_VECTORISED void activateAll(const float* x, float* values, float* slopes, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const auto [value, slope] = F::at(x[i]);
        values[i] = value;
        slopes[i] = slope;
    }
}

template <typename F>
ZWEI_VECTORISED void activateAll(const float* x, float* values, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) values[i] = F::at(x[i]).value;
}

ZWEI_VECTORISED void addTo(float* values, const float* more, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) values[i] += more[i];
}

ZWEI_VECTORISED void scaleAndSum(const float* gradient, const float* slopes, float* scaled, float* sums,
                                 std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const float value = gradient[i] * slopes[i];
        scaled[i] = value;
        sums[i] += value;
    }
}

ZWEI_VECTORISED void passAndSum(const float* values, float* gradient, float* sums, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const float value = values[i] > 0 ? gradient[i] : 0.F;
        gradient[i] = value;
        sums[i] += value;
    }
}

template <typename F>
void activateWith(const float* x, float* values, float* slopes, std::size_t count) {
    if (slopes)
        activateAll<F>(x, values, slopes, count);
    else
        activateAll<F>(x, values, count);
}

}  // namespace

void activate(const float* x, float* values, float* slopes, std::size_t count, Activation activation) {
    if (activation == Activation::ReLU)
        activateWith<Relu>(x, values, slopes, count);
    else
        activateWith<Gelu>(x, values, slopes, count);
}

void activate(float* values, float* slopes, const Columns& columns, Activation activation) {
    const auto& [rows, stride, first, end] = columns;
    for (std::size_t row = 0; row < rows; ++row) {
        const std::size_t at = row * stride + first;
        activate(values + at, values + at, slopes ? slopes + at : nullptr, end - first, activation);
    }
}

void backThroughActivation(const float* gradient, const float* slopes, float* scaled, float* biasGradient,
                           const Columns& columns) {
    const auto& [rows, stride, first, end] = columns;
    std::fill(biasGradient + first, biasGradient + end, 0.F);
    for (std::size_t row = 0; row < rows; ++row) {
        const std::size_t at = row * stride + first;
        if (slopes)
            scaleAndSum(gradient + at, slopes + at, scaled + at, biasGradient + first, end - first);
        else
            addTo(biasGradient + first, gradient + at, end - first);
    }
}

void backThroughRelu(const float* values, float* gradient, float* biasGradient, const Columns& columns) {
    const auto& [rows, stride, first, end] = columns;
    std::fill(biasGradient + first, biasGradient + end, 0.F);
    for (std::size_t row = 0; row < rows; ++row) {
        const std::size_t at = row * stride + first;
        passAndSum(values + at, gradient + at, biasGradient + first, end - first);
    }
}

}  // namespace zwei::kernels
