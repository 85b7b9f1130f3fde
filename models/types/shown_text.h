// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace zwei {

/// A text of a stranger's file as it can stand in a sentence: of `most` bytes, whole characters of UTF-8 all of them,
/// and in place of each control character a question mark.
inline std::string shownText(std::string_view text, std::size_t most = 60) {
    const auto isWithin = [](char c) { return (static_cast<unsigned char>(c) & 0xc0u) == 0x80u; };
    auto size = text.size();
    if (size > most)
        for (size = most; size > 0 && isWithin(text[size]);) --size;
    std::string shown(text.substr(0, size));
    for (std::size_t i = 0; i < shown.size(); ++i) {
        const auto byte = static_cast<unsigned char>(shown[i]);
        const bool isSecondSet =
            byte == 0xc2u && i + 1 < shown.size() && static_cast<unsigned char>(shown[i + 1]) < 0xa0u;
        if (isSecondSet) shown.erase(i + 1, 1);
        if (byte < 0x20u || byte == 0x7fu || isSecondSet) shown[i] = '?';
    }
    return size < text.size() ? shown + "..." : shown;
}

}  // namespace zwei
