// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/kernels/cross_entropy.h"

#include <algorithm>
#include <cmath>

#include "models/kernels/vectorised.h"

namespace zwei::kernels {
namespace {

constexpr std::size_t kLanes = 16;
constexpr std::size_t kRoom = 96;  // values of a lane

/// -log s(x) = max(-x, 0) + log(1 + exp(-|x|)). The factors 1 + exp(-|x|) of a lane are at most 2, and so the product
/// of up to 96 of them is a float, and one logarithm does for all.
class Lanes {
public:
    Lanes() { begin(); }

    /// Values of a lane that still fit.
    std::size_t room() const { return m_room; }

    /// Rows of so many vectors.
    template <bool hasGradient, typename Value>
    ZWEI_VECTORISED void add(const Outputs& outputs, const Targets<Value>& of, std::size_t rows, std::size_t vectors,
                             float scale) {
        float linear[kLanes];  // which nothing else can be, as the compiler sees
        float factors[kLanes];
        std::copy_n(m_linear, kLanes, linear);
        std::copy_n(m_factors, kLanes, factors);
        for (std::size_t row = 0; row < rows; ++row) {
            const float* const logits = outputs.logits + row * outputs.stride;
            // Apart: a loop that makes numbers of bytes as well is not made as wide.
            float targets[kRoom * kLanes];
            for (std::size_t i = 0; i < vectors * kLanes; ++i) targets[i] = targetOf(of.data[row * of.stride + i]);
            float* const gradient = outputs.gradient + row * outputs.stride;
            for (std::size_t first = 0; first < vectors * kLanes; first += kLanes)
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
        }
        std::copy_n(linear, kLanes, m_linear);
        std::copy_n(factors, kLanes, m_factors);
        m_room -= rows * vectors;
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
        m_room = kRoom;
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
        const auto t = static_cast<double>(targetOf(targets[i]));
        const double e = std::exp(-std::abs(x));
        sum += std::max(x, 0.0) - x * t + std::log1p(e);
        const double s = (x < 0 ? e : 1) / (1 + e);
        if (gradient) gradient[i] = static_cast<float>(s - t) * scale;
    }
    return sum;
}

/// From this row and column on.
Outputs from(const Outputs& outputs, std::size_t row, std::size_t column) {
    const std::size_t at = row * outputs.stride + column;
    auto* const gradient = outputs.gradient ? outputs.gradient + at : nullptr;
    return {outputs.rows - row, outputs.count - column, outputs.logits + at, gradient, outputs.stride};
}

template <typename Value>
Targets<Value> from(const Targets<Value>& targets, std::size_t row, std::size_t column) {
    return {targets.data + row * targets.stride + column, targets.stride};
}

template <typename Value>
double ofRows(const Outputs& outputs, const Targets<Value>& targets, float scale) {
    Lanes lanes;
    double sum = 0;
    const std::size_t whole = outputs.count / kLanes;
    const auto add = [&](std::size_t row, std::size_t rows, std::size_t vector, std::size_t vectors) {
        const auto own = from(outputs, row, vector * kLanes);
        const auto of = from(targets, row, vector * kLanes);
        if (own.gradient)
            lanes.add<true>(own, of, rows, vectors, scale);
        else
            lanes.add<false>(own, of, rows, vectors, scale);
        if (lanes.room() == 0) sum += lanes.take();
    };
    for (std::size_t row = 0; row < outputs.rows;) {
        if (const std::size_t rows = std::min(outputs.rows - row, lanes.room() / std::max<std::size_t>(1, whole));
            rows > 0) {
            add(row, rows, 0, whole);
            row += rows;
            continue;
        }
        for (std::size_t vector = 0; vector < whole;) {
            const std::size_t vectors = std::min(whole - vector, lanes.room());
            add(row, 1, vector, vectors);
            vector += vectors;
        }
        ++row;
    }
    for (std::size_t row = 0; row < outputs.rows; ++row) {
        const auto rest = from(outputs, row, whole * kLanes);
        sum += ofRest(rest.logits, from(targets, row, whole * kLanes).data, rest.gradient, rest.count, scale);
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
