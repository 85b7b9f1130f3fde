// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/kernels/squared_error.h"

#include "models/kernels/vectorised.h"

namespace zwei::kernels {

ZWEI_VECTORISED double squaredError(const float* logits, const float* targets, float* gradient, std::size_t count,
                                    float scale) {
    float sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const float s = 1.F / (1.F + exponential(-logits[i]));
        const float difference = s - targets[i];
        gradient[i] = 2.F * difference * s * (1.F - s) * scale;
        sum += difference * difference;
    }
    return static_cast<double>(sum);
}

}  // namespace zwei::kernels
