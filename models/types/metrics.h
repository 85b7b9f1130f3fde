// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

namespace zwei {

/// The parts of the negative evidence lower bound, in nats an image: summed over pixels and over latent dimensions,
/// averaged over images, and never multiplied by beta (Kingma and Welling, 2014, equation 10). A code that is no
/// distribution has no KL, and the reconstruction is all there is.
struct ElboTerms {
    double reconstruction = 0;  ///< E_q[-log p(x|z)]; of grey targets, at least their own entropy (45.5 on MNIST)
    double kl = 0;              ///< KL(q(z|x) || N(0, I)), at least 0

    double negElbo() const { return reconstruction + kl; }
};

/// How the game of an adversarial autoencoder stands (Goodfellow et al., 2014; Makhzani et al., 2016).
struct AdversaryTerms {
    double discriminator = 0;  ///< -[log D(z) + log(1 - D(E(x)))] of a prior's z and a code; 2 log 2 = 1.386 at chance
    double generator = 0;      ///< -log D(E(x)); log 2 = 0.693 at chance
    double accuracy = 0.5;     ///< share of codes and of the prior's points that the discriminator tells rightly
};

/// What a batch or an epoch cost, by parts.
struct LossTerms {
    ElboTerms elbo;
    std::optional<AdversaryTerms> adversary;
};

/// Where a run stands; at most 30 of these a second.
struct TrainingProgress {
    int epoch = 0;          ///< epochs completed
    int epochs = 0;         ///< epochs asked for
    int batch = 0;          ///< batches done in the epoch under way
    int batches = 0;        ///< batches an epoch
    std::int64_t step = 0;  ///< batches done in the whole run
    ElboTerms batchTerms;   ///< of the last training batch
    double imagesPerSecond = 0;
    double secondsLeft = 0;
};

/// One epoch's figures. `train` and `adversary` are means over the epoch's batches, taken while the weights moved;
/// `test` and `priorDistance` are taken at its end on the whole test set, with one sample an image from a fixed seed.
struct EpochStatistics {
    int epoch = 0;  ///< 1 is the first
    ElboTerms train;
    ElboTerms test;
    double seconds = 0;  ///< of training alone, since the start of the run
    double imagesPerSecond = 0;
    std::optional<AdversaryTerms> adversary;
    std::optional<double> priorDistance;  ///< sliced Wasserstein distance of the codes to N(0, I); adversarial only
};

}  // namespace zwei
