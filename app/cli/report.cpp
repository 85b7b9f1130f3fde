// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/report.h"

#include <cstdio>

namespace zwei::cli {

nlohmann::ordered_json toJson(const ElboTerms& terms) {
    return {{"neg_elbo", terms.negElbo()}, {"reconstruction", terms.reconstruction}, {"kl", terms.kl}};
}

void printJson(const nlohmann::ordered_json& report) { std::printf("%s\n", report.dump().c_str()); }

}  // namespace zwei::cli
