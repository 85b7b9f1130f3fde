// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/eval/code_search.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace zwei {
namespace {

constexpr double kFirstStep = 0.1;      // in the latent space, while nothing is known of its curvature
constexpr double kLongestStep = 0.5;    // so that the way can be followed by eye
constexpr double kSufficient = 1e-4;    // of the descent that the slope promises
constexpr double kLeastDescent = 1e-3;  // of the function, a step
constexpr int kHalvings = 20;

double dot(const std::vector<double>& a, const std::vector<double>& b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

std::vector<double> combined(const std::vector<double>& a, double share, const std::vector<double>& b) {
    auto sum = a;
    for (std::size_t i = 0; i < a.size(); ++i) sum[i] += share * b[i];
    return sum;
}

}  // namespace

CodeSearch::CodeSearch(Function function, std::vector<double> start)
    : m_function(std::move(function)), m_z(std::move(start)), m_slope(m_function(m_z)) {
    forgetCurvature();
}

void CodeSearch::forgetCurvature() {
    const auto n = m_z.size();
    m_isCurved = false;
    m_inverse.assign(n * n, 0);
    for (std::size_t i = 0; i < n; ++i) m_inverse[i * n + i] = 1;
}

std::vector<double> CodeSearch::direction() const {
    const auto n = m_z.size();
    std::vector<double> down(n);
    for (std::size_t row = 0; row < n; ++row)
        for (std::size_t k = 0; k < n; ++k) down[row] -= m_inverse[row * n + k] * m_slope.gradient[k];
    const double length = std::sqrt(dot(down, down));
    const double longest = m_isCurved ? kLongestStep : kFirstStep;
    const double scale =
        m_isCurved ? std::min(1.0, longest / std::max(length, 1e-12)) : longest / std::max(length, 1e-12);
    for (auto& each : down) each *= scale;
    return down;
}

bool CodeSearch::advance() {
    if (dot(m_slope.gradient, m_slope.gradient) < 1e-12) return false;
    const auto down = direction();
    const double promised = dot(down, m_slope.gradient);
    double share = 1;
    for (int halving = 0; halving < kHalvings && promised < 0; ++halving, share /= 2) {
        auto z = combined(m_z, share, down);
        auto slope = m_function(z);
        if (!(slope.value <= m_slope.value + kSufficient * share * promised)) continue;  // also where it is no number
        const bool isWorthIt = m_slope.value - slope.value >= kLeastDescent;
        learnCurvature(combined(z, -1, m_z), combined(slope.gradient, -1, m_slope.gradient));
        m_z = std::move(z);
        m_slope = std::move(slope);
        return isWorthIt;
    }
    if (!m_isCurved) return false;
    forgetCurvature();
    return advance();
}

/// H <- (I - r s y') H (I - r y s') + r s s', with r = 1 / y's: equation 6.17.
void CodeSearch::learnCurvature(const std::vector<double>& moved, const std::vector<double>& turned) {
    const auto n = m_z.size();
    const double curvature = dot(moved, turned);
    if (curvature <= 1e-10) return;
    if (!m_isCurved)  // equation 6.20: the scale of the first guess
        for (std::size_t i = 0; i < n; ++i) m_inverse[i * n + i] = curvature / dot(turned, turned);
    m_isCurved = true;
    std::vector<double> bent(n);  // H y
    for (std::size_t row = 0; row < n; ++row)
        for (std::size_t k = 0; k < n; ++k) bent[row] += m_inverse[row * n + k] * turned[k];
    const double spread = 1 + dot(turned, bent) / curvature;
    for (std::size_t row = 0; row < n; ++row)
        for (std::size_t k = 0; k < n; ++k)
            m_inverse[row * n + k] +=
                (spread * moved[row] * moved[k] - bent[row] * moved[k] - moved[row] * bent[k]) / curvature;
}

}  // namespace zwei
