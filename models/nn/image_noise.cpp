// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/nn/image_noise.h"

#include <ATen/CPUGeneratorImpl.h>

#include "models/nn/autoencoder.h"
#include "models/nn/corruption.h"

namespace zwei {

ImageBatch withNoise(const ImageBatch& clean, const Noise& noise, std::uint64_t seed) {
    if (clean.count == 0) return clean;
    auto generator = at::make_generator<at::CPUGeneratorImpl>(seed);
    return imageBatch(corrupt(imageTensor(clean, 0, clean.count), noise, generator));
}

}  // namespace zwei
