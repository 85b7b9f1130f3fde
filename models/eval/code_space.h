// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "models/types/map_plane.h"
#include "models/types/snapshot.h"

namespace zwei {

/// The plane through the mean of the codes along their first two principal components. Of two equally good directions
/// it takes the one that is nearer to that of `previous`, so that a map does not flip over while a model learns. There
/// are at least 2 codes, finite; of codes of size 1, the plane of that dimension.
MapPlane principalPlane(const Codes& codes, const MapPlane& previous);

/// The means of codes as they lie on a plane: codes of size 2, without log variances.
Codes onPlane(const Codes& codes, const MapPlane& plane);

/// `count` points of so many dimensions from N(0, I), one after the other; the same seed gives the same points.
std::vector<float> normalPoints(int count, int dimensions, std::uint64_t seed);

/// The same points as they would lie in the Gaussian that has the mean and the covariance of the codes.
std::vector<float> fittedTo(const Codes& codes, const std::vector<float>& normalPoints);

}  // namespace zwei
