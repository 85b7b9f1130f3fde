// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/kernels/cross_entropy.h"

#include <algorithm>
#include <cmath>

#include "models/kernels/vectorised.h"

namespace zwei::kernels {
namespace {

constexpr std::size_t kLanes = 16;
constexpr std::size_t kBlock = 32 * kLanes;  // at most

/// -log s(x) = max(-x, 0) + log(1 + exp(-|x|)). The 32 factors, or fewer, 1 + exp(-|x|) of a lane are at most 2, and so their
/// product is a float, and one logarithm does for all of them.
struct Lanes {
    float linear[kLanes] = {};  // sums of max(x, 0) - x t
    float factors[kLanes];      // products of 1 + exp(-|x|)

    Lanes() { std::fill_n(factors, kLanes, 1.F); }
    double sum() const {
        double sum = 0;
        for (std::size_t lane = 0; lane < kLanes; ++lane)
            sum += static_cast<double>(linear[lane]) + std::log(static_cast<double>(factors[lane]));
        return sum;
    }
};

template <bool hasGradient>
ZWEI_VECTORISED double ofBlock(const float* logits, const float* targets, float* gradient, std::size_t count,
                               float scale) {
    Lanes lanes;
    for (std::size_t first = 0; first < count; first += kLanes)
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            const float x = logits[first + lane];
            const float t = targets[first + lane];
            const float e = exponential(x < 0 ? x : -x);
            if constexpr (hasGradient) {
                const float inverse = 1.F / (1.F + e);
                gradient[first + lane] = ((x < 0 ? e * inverse : inverse) - t) * scale;
            }
            lanes.linear[lane] += (x < 0 ? 0.F : x) - x * t;
            lanes.factors[lane] *= 1.F + e;
        }
    return lanes.sum();
}

/// What is left after the last whole block.
double ofRest(const float* logits, const float* targets, float* gradient, std::size_t count, float scale) {
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const double x = logits[i];
        const double e = std::exp(-std::abs(x));
        sum += std::max(x, 0.0) - x * static_cast<double>(targets[i]) + std::log1p(e);
        const double s = (x < 0 ? e : 1) / (1 + e);
        if (gradient) gradient[i] = static_cast<float>(s - static_cast<double>(targets[i])) * scale;
    }
    return sum;
}

}  // namespace

double crossEntropy(const float* logits, const float* targets, float* gradient, std::size_t count, float scale) {
    double sum = 0;
    std::size_t i = 0;
    while (count - i >= kLanes) {
        const std::size_t block = std::min(kBlock, (count - i) / kLanes * kLanes);
        sum += gradient ? ofBlock<true>(logits + i, targets + i, gradient + i, block, scale)
                        : ofBlock<false>(logits + i, targets + i, nullptr, block, scale);
        i += block;
    }
    return sum + ofRest(logits + i, targets + i, gradient ? gradient + i : nullptr, count - i, scale);
}

}  // namespace zwei::kernels
