// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "models/types/figures.h"
#include "models/types/metrics.h"

namespace zwei::cli {

/// `neg_elbo`, `reconstruction` and `kl`, in nats an image.
nlohmann::ordered_json toJson(const ElboTerms& terms);

/// All figures; what a model or its data do not have has no key. Nats are an image's, but for those of `bce`, which are
/// a pixel's.
nlohmann::ordered_json toJson(const Figures& figures);

/// The same as an aligned table for a person, with units.
std::string figureTable(const Figures& figures);

/// One line on standard output.
void printJson(const nlohmann::ordered_json& report);

}  // namespace zwei::cli
