// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "models/kernels/adam.h"
#include "models/types/metrics.h"
#include "models/types/recipe.h"

namespace zwei {

/// A batch as it lies in memory, row by row: grey images of a set that are inputs and targets, or else both apart.
struct DenseBatch {
    std::size_t size;
    const std::uint8_t* greys;   ///< [the set's size, 784], or null
    const std::int64_t* images;  ///< [size] of these, which are the batch
    const float* inputs;         ///< [size, 784]
    const float* targets;        ///< [size, 784] in [0, 1]
    const std::int64_t* labels;  ///< [size], where the recipe is conditional
    const float* noise;          ///< [size, latentSize] from N(0, I), where it is variational
};

/// A whole step of a dense autoencoder, forwards, backwards and Adam's, without LibTorch: what its operations, its
/// gradients and their meetings cost beside the products is what a small network's training mostly consists of.
///
/// All threads share each layer by its columns. So each has half of the weights in its own cache (or a third, ...), and
/// a gradient is used by Adam where it was just made and never stored as a whole. They meet once a layer and direction,
/// and who is there early takes of the others' work (`Member::share`).
class DenseStep {
public:
    /// Without a discriminator, which has optimisers of its own.
    static bool suits(const Recipe& recipe);

    /// Of a network of this recipe; its parameters in the order of `AutoencoderImpl::autoencoderParameters`, as
    /// `AutoencoderImpl::layForProducts` lays them.
    DenseStep(const Recipe& recipe, const std::vector<kernels::ParameterMemory>& parameters);
    ~DenseStep();

    /// One step with so many threads at most. The terms are those before the step. `beta` weighs the KL.
    ElboTerms learn(const DenseBatch& batch, double beta, const kernels::AdamStep& step, int threads);

private:
    class Work;
    std::unique_ptr<Work> m_work;
};

}  // namespace zwei
