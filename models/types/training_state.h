// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/types/mean_terms.h"
#include "models/types/metrics.h"
#include "models/types/recipe.h"
#include "models/types/weights.h"

namespace zwei {

/// What Adam remembers: the moments of all parameters, one parameter behind the other, each row-major.
struct OptimiserState {
    std::vector<float> first;
    std::vector<float> second;
    std::int64_t steps = 0;
};

/// All that a run is between two batches: what goes on from here does what it would have done without a stop. Immutable
/// once shared, so that it crosses threads freely.
struct TrainingState {
    Recipe recipe;  ///< with the beta in force
    std::string dataset;
    std::uint32_t fingerprint = 0;  ///< of the data set's images and labels (`fingerprintOf`)

    WeightsPtr weights;
    OptimiserState optimiser;
    std::optional<OptimiserState> discriminator;  ///< adversarial
    std::vector<std::uint8_t> shuffle;            ///< the generator of the images' order, as it was before this epoch
    std::vector<std::uint8_t> noise;              ///< the generator of all other chance

    int epoch = 0;    ///< epochs completed
    int batch = 0;    ///< batches done in the one under way
    MeanTerms terms;  ///< of these batches
    double seconds = 0;
    std::int64_t images = 0;
    std::vector<EpochStatistics> history;  ///< of all epochs completed

    WeightsPtr best;  ///< those that an early stop goes back to; without one, those of the last epoch
    double bestValidation = std::numeric_limits<double>::infinity();
    int epochsSinceBest = 0;
};

using TrainingStatePtr = std::shared_ptr<const TrainingState>;

/// Is this what a run of that recipe can go on from? All but the number of epochs and beta must be the same.
inline bool continues(const TrainingState& state, Recipe recipe) {
    recipe.epochs = state.recipe.epochs;
    recipe.beta = state.recipe.beta;
    return recipe == state.recipe;
}

}  // namespace zwei
