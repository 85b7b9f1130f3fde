// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/kernels/cross_entropy.h"

#include <algorithm>
#include <cmath>

#include "models/kernels/grey.h"
#include "models/kernels/vectorised.h"

namespace zwei::kernels {
namespace {

constexpr std::size_t kLanes = 16;
constexpr std::size_t kRoom = 96;  // values of a lane whose factors, at most 2 each, still make a float

/// -log s(x) = max(-x, 0) + log(1 + exp(-|x|)). The product of the factors 1 + exp(-|x|) of a lane is a float for so
/// many of them, and one logarithm does for all.
class Lanes {
public:
    Lanes() { begin(); }

    /// Values that still fit.
    std::size_t room() const { return m_room; }

    template <bool hasGradient, typename Value>
    ZWEI_VECTORISED void add(const float* logits, const Value* of, float* gradient, std::size_t count, float scale) {
        float linear[kLanes];  // which nothing else can be, as the compiler sees
        float factors[kLanes];
        std::copy_n(m_linear, kLanes, linear);
        std::copy_n(m_factors, kLanes, factors);
        // Apart: a loop that makes numbers of bytes as well is not made as wide.
        float targets[kRoom * kLanes];
        for (std::size_t i = 0; i < count; ++i) targets[i] = fractionOf(of[i]);
        for (std::size_t first = 0; first < count; first += kLanes)
            for (std::size_t lane = 0; lane < kLanes; ++lane) {
                const float x = logits[first + lane];
                const float t = targets[first + lane];
                const float e = exponential(x < 0 ? x : -x);
                if constexpr (hasGradient) {
                    const float inverse = 1.F / (1.F + e);
                    gradient[first + lane] = ((x < 0 ? e * inverse : inverse) - t) * scale;
                }
                linear[lane] += (x < 0 ? 0.F : x) - x * t;
                factors[lane] *= 1.F + e;
            }
        std::copy_n(linear, kLanes, m_linear);
        std::copy_n(factors, kLanes, m_factors);
        m_room -= count;
    }

    /// The sum of all so far; the next begins anew.
    double take() {
        double sum = 0;
        for (std::size_t lane = 0; lane < kLanes; ++lane)
            sum += static_cast<double>(m_linear[lane]) + std::log(static_cast<double>(m_factors[lane]));
        begin();
        return sum;
    }

private:
    void begin() {
        std::fill_n(m_linear, kLanes, 0.F);
        std::fill_n(m_factors, kLanes, 1.F);
        m_room = kRoom * kLanes;
    }

    float m_linear[kLanes];   // sums of max(x, 0) - x t
    float m_factors[kLanes];  // products of 1 + exp(-|x|)
    std::size_t m_room;
};

/// What is left of a row after the last whole vector.
template <typename Value>
double ofRest(const float* logits, const Value* targets, float* gradient, std::size_t count, float scale) {
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const double x = logits[i];
        const auto t = static_cast<double>(fractionOf(targets[i]));
        const double e = std::exp(-std::abs(x));
        sum += std::max(x, 0.0) - x * t + std::log1p(e);
        const double s = (x < 0 ? e : 1) / (1 + e);
        if (gradient) gradient[i] = static_cast<float>(s - t) * scale;
    }
    return sum;
}

template <typename Value>
double ofRows(const Outputs& outputs, const Targets<Value>& of, float scale) {
    Lanes lanes;
    double sum = 0;
    for (std::size_t row = 0; row < outputs.rows; ++row) {
        const auto* logits = outputs.logits + row * outputs.stride;
        const auto* targets = of.data + row * of.stride;
        auto* gradient = outputs.gradient ? outputs.gradient + row * outputs.stride : nullptr;
        std::size_t i = 0;
        while (outputs.count - i >= kLanes) {
            const std::size_t block = std::min(lanes.room(), (outputs.count - i) / kLanes * kLanes);
            if (gradient)
                lanes.add<true>(logits + i, targets + i, gradient + i, block, scale);
            else
                lanes.add<false>(logits + i, targets + i, nullptr, block, scale);
            i += block;
            if (lanes.room() == 0) sum += lanes.take();
        }
        sum += ofRest(logits + i, targets + i, gradient ? gradient + i : nullptr, outputs.count - i, scale);
    }
    return sum + lanes.take();
}

}  // namespace

double crossEntropy(const Outputs& outputs, const Targets<float>& targets, float scale) {
    return ofRows(outputs, targets, scale);
}

double crossEntropy(const Outputs& outputs, const Targets<std::uint8_t>& targets, float scale) {
    return ofRows(outputs, targets, scale);
}

}  // namespace zwei::kernels
