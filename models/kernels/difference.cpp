// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/kernels/difference.h"

#include "models/kernels/vectorised.h"

namespace zwei::kernels {

ZWEI_VECTORISED int squaredDifference(const std::uint8_t* a, const std::uint8_t* b, std::size_t count) {
    int sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::int16_t difference = static_cast<std::int16_t>(a[i] - b[i]);
        sum += difference * difference;
    }
    return sum;
}

}  // namespace zwei::kernels
