// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "models/io/json_text.h"
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
    const auto value = object.contains(key) ? wholeNumber<Number>(object[key]) : std::nullopt;
    if (!value || *value < least) return false;
    to = *value;
    return true;
}

[[nodiscard]] bool readNumber(const nlohmann::json& object, const char* key, double& to);

}  // namespace zwei
