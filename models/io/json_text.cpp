// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/io/json_text.h"

#include <algorithm>

namespace zwei {
namespace {

constexpr int kDeepest = 8;  // Zwei's own go down to 3

/// How deep a text nests objects and arrays, at most; what is no JSON has any depth.
int depthOf(std::string_view text) {
    int depth = 0;
    int deepest = 0;
    bool isInString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (isInString && c == '\\')
            ++i;
        else if (c == '"')
            isInString = !isInString;
        else if (!isInString && (c == '{' || c == '['))
            deepest = std::max(deepest, ++depth);
        else if (!isInString && (c == '}' || c == ']'))
            --depth;
    }
    return deepest;
}

}  // namespace

nlohmann::json parseJson(std::string_view text) {
    if (depthOf(text) > kDeepest) return nlohmann::json::value_t::discarded;
    return nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
}

}  // namespace zwei
