// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/kernels/adam.h"

#include <algorithm>

#include "models/kernels/vectorised.h"

namespace zwei::kernels {

ZWEI_VECTORISED void adam(const ParameterMemory& parameter, const float* gradient, std::size_t count,
                          const AdamStep& step, const float* next) {
    constexpr std::size_t kBlock = 512;
    constexpr std::size_t kLine = 16;
    const auto [values, first, second] = parameter;
    const auto [beta1, beta2, rate, correction, epsilon] = step;
    for (std::size_t block = 0; block < count; block += kBlock) {
        const std::size_t end = std::min(block + kBlock, count);
        for (std::size_t i = end; i < std::min(end + kBlock, count); i += kLine) fetchToChange(values + i);
        if (next && end == count)
            for (std::size_t i = 0; i < std::min(kBlock, count); i += kLine) fetchToChange(next + i);
        for (std::size_t i = block; i < end; ++i) {
            const float g = gradient[i];
            const float m = beta1 * first[i] + (1.F - beta1) * g;
            const float v = beta2 * second[i] + (1.F - beta2) * g * g;
            first[i] = m;
            second[i] = v;
            values[i] -= rate * m / (correction * __builtin_sqrtf(v) + epsilon);
        }
    }
}

}  // namespace zwei::kernels
