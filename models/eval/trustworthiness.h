// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <optional>

#include "models/types/image.h"
#include "models/types/snapshot.h"

namespace zwei {

/// How far neighbours among the codes are neighbours among the images too, in [0, 1] (Venna and Kaski, 2001):
///
///   T(k) = 1 - 2 / (n k (2n - 3k - 1)) * sum over i, and over the k codes j nearest to i, of max(0, r(i, j) - k)
///
/// where image j is the r(i, j)th nearest to image i, by Euclidean distance between pixels. Exact; takes n^2 time and
/// n memory. There are as many codes as images, with finite means, and k < n / 2. Uses the calling thread's number of
/// LibTorch threads. Nothing once `cancel` is true, which may be null and is looked at every 256 images.
std::optional<double> trustworthiness(const ImageBatch& images, const CodesPtr& codes, int k,
                                      const std::atomic<bool>* cancel = nullptr);

}  // namespace zwei
