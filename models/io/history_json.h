// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "models/types/metrics.h"
#include "models/types/result.h"

namespace zwei {

// The figures of a training as JSON. Doubles come back as they were, bit for bit.

nlohmann::json historyToJson(const std::vector<EpochStatistics>& history);
[[nodiscard]] Result<std::vector<EpochStatistics>> historyFromJson(const nlohmann::json& epochs);

nlohmann::json termsToJson(const LossTerms& terms);
/// False: it is not what `termsToJson` makes.
[[nodiscard]] bool termsFromJson(const nlohmann::json& from, LossTerms& to);

/// Does the object have a whole number there, that is no less than `least` and fits `Number`?
template <typename Number>
bool readWhole(const nlohmann::json& object, const char* key, Number least, Number& to) {
    if (!object.contains(key) || !object[key].is_number_integer()) return false;
    const auto& value = object[key];
    const bool fits = value.is_number_unsigned() ? std::in_range<Number>(value.get<std::uint64_t>())
                                                 : std::in_range<Number>(value.get<std::int64_t>());
    if (!fits || value.get<Number>() < least) return false;
    to = value.get<Number>();
    return true;
}

[[nodiscard]] bool readNumber(const nlohmann::json& object, const char* key, double& to);

}  // namespace zwei
