// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace zwei {

/// A value, and how it changes along each coordinate.
struct Slope {
    double value = 0;
    std::vector<double> gradient;
};

}  // namespace zwei
