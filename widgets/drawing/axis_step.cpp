// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/drawing/axis_step.h"

#include <algorithm>
#include <cmath>

namespace zwei {

double niceStep(double range, int count) {
    const double raw = range / std::max(1, count);
    if (!(raw > 0) || !std::isfinite(raw)) return 1;
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    const double share = raw / power;
    return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
}

int decimalsFor(double step) {
    return step > 0 ? std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 6) : 0;
}

}  // namespace zwei
