// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

namespace zwei {

/// What each grey value of an image looks like when 0 is `paper` and 255 is `ink` (both 0xRRGGBB): 256 opaque colours,
/// 0xffRRGGBB, evenly mixed.
inline std::array<std::uint32_t, 256> inkTable(std::uint32_t paper, std::uint32_t ink) {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t grey = 0; grey < 256; ++grey) {
        std::uint32_t colour = 0xff;
        for (int shift = 16; shift >= 0; shift -= 8) {
            const std::uint32_t from = (paper >> shift) & 0xff;
            const std::uint32_t to = (ink >> shift) & 0xff;
            colour = (colour << 8) | ((from * (255 - grey) + to * grey + 127) / 255);
        }
        table[grey] = colour;
    }
    return table;
}

}  // namespace zwei
