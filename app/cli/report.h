// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>

#include "models/types/metrics.h"

namespace zwei::cli {

/// `neg_elbo`, `reconstruction` and `kl`, in nats an image.
nlohmann::ordered_json toJson(const ElboTerms& terms);

/// One line on standard output.
void printJson(const nlohmann::ordered_json& report);

}  // namespace zwei::cli
