// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/train/schedule.h"

#include <cmath>
#include <numbers>

namespace zwei {
namespace {

constexpr double kWarmUp = 0.1;      // share of the run
constexpr double kFirst = 1.0 / 25;  // of the peak
constexpr double kLast = 1e-4;       // of the peak

/// From `from` at 0 to `to` at 1.
double cosine(double from, double to, double at) {
    return to + (from - to) * (1 + std::cos(std::numbers::pi * at)) / 2;
}

}  // namespace

double learningRateAt(Schedule schedule, double peak, std::int64_t step, std::int64_t steps) {
    if (schedule == Schedule::Constant) return peak;
    const double at = steps > 1 ? static_cast<double>(step) / static_cast<double>(steps - 1) : 0;
    if (at < kWarmUp) return peak * cosine(kFirst, 1, at / kWarmUp);
    return peak * cosine(1, kLast, (at - kWarmUp) / (1 - kWarmUp));
}

}  // namespace zwei
