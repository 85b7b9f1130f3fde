// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <tl/expected.hpp>

namespace zwei {

/// What an expected failure (file, format, input) says: one sentence for a person, which names the thing and the fault
/// and ends without a line break.
using Sentence = std::string;

/// A value, or the sentence that says why there is none. Functions that return one are `[[nodiscard]]`.
template <typename T>
using Result = tl::expected<T, Sentence>;

inline tl::unexpected<Sentence> failure(Sentence sentence) { return tl::unexpected<Sentence>(std::move(sentence)); }

}  // namespace zwei
