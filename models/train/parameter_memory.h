// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace zwei {

/// A parameter and its moments of Adam, where they lie in memory.
struct ParameterMemory {
    float* values;
    float* first;
    float* second;
};

}  // namespace zwei
