// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

namespace zwei {

/// Matthew Petroff's ten-colour sequence (2021), made for colour-blind readers; 0xRRGGBB, class 0 first.
inline constexpr std::array<std::uint32_t, 10> kClassColours = {0x3f90da, 0xffa90e, 0xbd1f01, 0x94a4a2, 0x832db6,
                                                                0xa96b59, 0xe76300, 0xb9ac70, 0x717581, 0x92dadd};

}  // namespace zwei
