// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "models/types/figures.h"
#include "models/types/image.h"

namespace zwei {

/// Compares images with their originals one by one; both batches have the same shape, at least 1 image and 11 pixels a
/// side. SSIM is that of Wang et al. (2004): a Gaussian window of 11 x 11 pixels (sigma 1.5), K1 = 0.01, K2 = 0.03,
/// population (co)variances, mean over the windows that lie within the image.
ImageQuality imageQuality(const ImageBatch& images, const ImageBatch& originals);

/// The PSNR alone, of images of any size.
double meanPsnr(const ImageBatch& images, const ImageBatch& originals);

/// The mean squared error of each image, on the same scale.
std::vector<double> meanSquaredErrors(const ImageBatch& images, const ImageBatch& originals);

/// The least that the Bernoulli loss can be on these images, in nats an image: the mean over images of the sum over
/// pixels of the entropy -p log p - (1 - p) log(1 - p), where p is the grey value in [0, 1].
double bernoulliFloor(const ImageBatch& images);

}  // namespace zwei
