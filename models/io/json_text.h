// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

namespace zwei {

// JSON of strangers.

/// The value in a text; a discarded one where it is no JSON, or nested deeper than anything that Zwei writes: each
/// bracket of a deep nest costs a hundred times its own byte.
nlohmann::json parseJson(std::string_view text);

/// A whole number that fits `Whole` as it is written: not 1.0, not one that would wrap around.
template <typename Whole>
std::optional<Whole> wholeNumber(const nlohmann::json& value) {
    const auto fitting = [](auto number) {
        return std::in_range<Whole>(number) ? std::optional(static_cast<Whole>(number)) : std::nullopt;
    };
    if (value.is_number_unsigned()) return fitting(value.get<std::uint64_t>());
    if (value.is_number_integer()) return fitting(value.get<std::int64_t>());
    return std::nullopt;
}

}  // namespace zwei
