// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace zwei::kernels {

/// What a pixel is as a number in [0, 1], which it may be already.
[[gnu::always_inline]] constexpr float fractionOf(std::uint8_t grey) { return static_cast<float>(grey) / 255.F; }
[[gnu::always_inline]] constexpr float fractionOf(float value) { return value; }

/// greys[i] = 255 / (1 + exp(-logits[i])), rounded; 0 for what is no number.
void greysOfLogits(const float* logits, std::uint8_t* greys, std::size_t count);

/// values[i] = greys[i] / 255
void fractionsOfGreys(const std::uint8_t* greys, float* values, std::size_t count);

}  // namespace zwei::kernels
