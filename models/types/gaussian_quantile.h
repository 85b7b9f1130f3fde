// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <limits>
#include <numbers>

namespace zwei {

/// Share of a standard normal below `z`.
inline double normalCdf(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

/// The z below which the share `p` of a standard normal lies; minus and plus infinity at 0 and 1 and beyond.
///
/// Starts from Hastings's rational approximation (Abramowitz and Stegun, 1964, formula 26.2.23: within 4.5e-4) and
/// takes two steps of Halley's method on `normalCdf`, each of which triples the digits.
inline double normalQuantile(double p) {
    if (std::isnan(p)) return p;
    if (p <= 0) return -std::numeric_limits<double>::infinity();
    if (p >= 1) return std::numeric_limits<double>::infinity();
    if (p > 0.5) return -normalQuantile(1 - p);  // 1 - p is exact here

    const double t = std::sqrt(-2 * std::log(p));
    double z = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
    for (int step = 0; step < 2; ++step) {
        const double density = std::exp(-0.5 * z * z) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
        const double newton = (normalCdf(z) - p) / density;
        z -= newton / (1 + 0.5 * z * newton);
    }
    return z;
}

}  // namespace zwei
