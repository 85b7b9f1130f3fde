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

/// Phi by Abramowitz and Stegun (1964), 7.1.26: its exponential is that of the density, which the slope wants as well.
[[gnu::always_inline]] inline ValueAndSlope gelu(float x) {
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

ZWEI_VECTORISED void geluRow(float* values, const float* bias, float* slopes, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i) {
        const auto [value, slope] = gelu(values[i] + bias[i]);
        values[i] = value;
        slopes[i] = slope;
    }
}

ZWEI_VECTORISED void geluRow(float* values, const float* bias, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i) values[i] = gelu(values[i] + bias[i]).value;
}

ZWEI_VECTORISED void reluRow(float* values, const float* bias, float* slopes, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i) {
        const float x = values[i] + bias[i];
        values[i] = x > 0 ? x : 0.F;
        slopes[i] = x > 0 ? 1.F : 0.F;
    }
}

ZWEI_VECTORISED void reluRow(float* values, const float* bias, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i) {
        const float x = values[i] + bias[i];
        values[i] = x > 0 ? x : 0.F;
    }
}

ZWEI_VECTORISED void biasRow(float* values, const float* bias, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i) values[i] += bias[i];
}

ZWEI_VECTORISED void scaleAndSum(const float* gradient, const float* slopes, float* scaled, float* sums,
                                 std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const float value = gradient[i] * slopes[i];
        scaled[i] = value;
        sums[i] += value;
    }
}

}  // namespace

void addBiasAndActivate(float* values, const float* bias, float* slopes, std::size_t width, RowRange rows,
                        Activation activation) {
    const bool isRelu = activation == Activation::ReLU;
    for (std::size_t row = rows.first; row < rows.end; ++row) {
        float* start = values + row * width;
        float* slope = slopes ? slopes + row * width : nullptr;
        if (slope && isRelu)
            reluRow(start, bias, slope, width);
        else if (slope)
            geluRow(start, bias, slope, width);
        else if (isRelu)
            reluRow(start, bias, width);
        else
            geluRow(start, bias, width);
    }
}

void addBias(float* values, const float* bias, std::size_t width, RowRange rows) {
    for (std::size_t row = rows.first; row < rows.end; ++row) biasRow(values + row * width, bias, width);
}

void backThroughActivation(const float* gradient, const float* slopes, float* scaled, float* biasGradient,
                           std::size_t rows, std::size_t width, std::size_t first, std::size_t end) {
    std::fill(biasGradient + first, biasGradient + end, 0.F);
    for (std::size_t row = 0; row < rows; ++row) {
        const std::size_t at = row * width + first;
        if (slopes)
            scaleAndSum(gradient + at, slopes + at, scaled + at, biasGradient + first, end - first);
        else
            biasRow(biasGradient + first, gradient + at, end - first);
    }
}

}  // namespace zwei::kernels
