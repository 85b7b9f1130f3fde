// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/kernels/grey.h"

#include "models/kernels/vectorised.h"

namespace zwei::kernels {

ZWEI_VECTORISED void greysOfLogits(const float* logits, std::uint8_t* greys, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const float grey = 255.F / (1.F + exponential(-logits[i])) + 0.5F;
        greys[i] = static_cast<std::uint8_t>(static_cast<std::int32_t>(logits[i] == logits[i] ? grey : 0.F));
    }
}

ZWEI_VECTORISED void fractionsOfGreys(const std::uint8_t* greys, float* values, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) values[i] = fractionOf(greys[i]);
}

}  // namespace zwei::kernels
