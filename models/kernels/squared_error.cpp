// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/kernels/squared_error.h"

#include "models/kernels/grey.h"
#include "models/kernels/vectorised.h"

namespace zwei::kernels {

namespace {

template <typename Value>
ZWEI_VECTORISED float ofRow(const float* logits, const Value* targets, float* gradient, std::size_t count,
                            float scale) {
    float sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const float s = 1.F / (1.F + exponential(-logits[i]));
        const float difference = s - fractionOf(targets[i]);
        gradient[i] = 2.F * difference * s * (1.F - s) * scale;
        sum += difference * difference;
    }
    return sum;
}

template <typename Value>
double ofRows(const Outputs& outputs, const Targets<Value>& targets, float scale) {
    double sum = 0;
    for (std::size_t row = 0; row < outputs.rows; ++row) {
        const std::size_t at = row * outputs.stride;
        sum += static_cast<double>(ofRow(outputs.logits + at, targets.data + row * targets.stride,
                                         outputs.gradient + at, outputs.count, scale));
    }
    return sum;
}

}  // namespace

double squaredError(const Outputs& outputs, const Targets<float>& targets, float scale) {
    return ofRows(outputs, targets, scale);
}

double squaredError(const Outputs& outputs, const Targets<std::uint8_t>& targets, float scale) {
    return ofRows(outputs, targets, scale);
}

}  // namespace zwei::kernels
