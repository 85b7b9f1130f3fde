// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace zwei {

/// A file that is not written yet: its plain name, and what it is to hold.
struct NamedBytes {
    std::string name;
    std::vector<std::uint8_t> bytes;
};

inline NamedBytes namedText(std::string name, const std::string& text) {
    return {std::move(name), {text.begin(), text.end()}};
}

}  // namespace zwei
