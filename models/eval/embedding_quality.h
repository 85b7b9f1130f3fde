// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/types/snapshot.h"

namespace zwei {

/// The share of queries, in [0, 1], whose class is the commonest among the `k` reference codes nearest to them by mu;
/// of classes that are equally common, the smallest is taken. Codes have as many dimensions here and there, one label
/// (in [0, 10)) each, and finite means; there is at least one query and one reference code.
double neighbourAccuracy(const CodesPtr& reference, const std::vector<std::uint8_t>& referenceLabels,
                         const Codes& queries, const std::vector<std::uint8_t>& queryLabels, int k);

/// Sliced Wasserstein-2 distance of points [n, dimensions] to the prior N(0, I) (Bonneel et al., 2015; Kolouri et al.,
/// 2018): over 128 directions, the root mean square of what lies between the sorted projections and the quantiles of
/// N(0, 1) at (i + 0.5) / n. In two dimensions the directions are evenly spaced angles, in more they are random from a
/// fixed seed, so that the same points have the same figure every time. `n` is at least 1.
double slicedWasserstein(std::span<const float> points, int dimensions);

}  // namespace zwei
