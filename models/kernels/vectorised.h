// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstdint>

#include "models/types/vectorised.h"

namespace zwei::kernels {

/// Asks for the line of memory of `data`, to change it soon. To change what another core has read means to wait for
/// that core; this has it done ahead. (GCC asks for reading only, where it is not told of an instruction that all such
/// processors of the last ten years have.)
[[gnu::always_inline]] inline void fetchToChange(const float* data) {
#if defined(__x86_64__)
    asm volatile("prefetchw %0" : : "m"(*data));
#else
    __builtin_prefetch(data, 1, 2);
#endif
}

/// exp(x) to 2 units in the last place for x in [-87, 88], and clamped to it: without a branch or a call, so that a
/// loop around it becomes vector instructions. The polynomial is that of the Cephes library's expf.
[[gnu::always_inline]] inline float exponential(float x) {
    x = x < -87.F ? -87.F : x;
    x = x > 88.F ? 88.F : x;
    constexpr float kRound = 12582912.F;  // 1.5 * 2^23: what is added to it is rounded to a whole number
    const float shifted = x * 1.44269504F + kRound;
    const float n = shifted - kRound;
    const float r = (x - n * 0.693359375F) + n * 2.12194440e-4F;
    float p = 1.9875691500e-4F;
    p = p * r + 1.3981999507e-3F;
    p = p * r + 8.3334519073e-3F;
    p = p * r + 4.1665795894e-2F;
    p = p * r + 1.6666665459e-1F;
    p = p * r + 5.0000001201e-1F;
    p = p * r * r + r + 1.F;
    // The lowest bits of `shifted` are n; whatever they are of a NaN, p is one then.
    return p * std::bit_cast<float>((std::bit_cast<std::uint32_t>(shifted) + 127) << 23);
}

}  // namespace zwei::kernels
