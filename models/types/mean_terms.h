// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/types/metrics.h"

namespace zwei {

/// The mean of the terms of batches of unequal size.
struct MeanTerms {
    LossTerms mean;
    double images = 0;  ///< that it is the mean of

    void add(const LossTerms& terms, double count) {
        images += count;
        const double share = count / images;
        const auto move = [share](double& to, double value) { to += share * (value - to); };
        move(mean.elbo.reconstruction, terms.elbo.reconstruction);
        move(mean.elbo.kl, terms.elbo.kl);
        if (!terms.adversary) return;
        if (!mean.adversary) mean.adversary = *terms.adversary;
        move(mean.adversary->discriminator, terms.adversary->discriminator);
        move(mean.adversary->generator, terms.adversary->generator);
        move(mean.adversary->accuracy, terms.adversary->accuracy);
    }
};

}  // namespace zwei
