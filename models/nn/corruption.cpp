// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/nn/corruption.h"

#include "models/types/image.h"

namespace zwei {
namespace {

constexpr std::int64_t kBlock = 7;                                        // pixels a side
constexpr std::int64_t kBlocks = (kImageSide + kBlock - 1) / kBlock + 1;  // a side, with room to shift

torch::Tensor uniform(at::IntArrayRef shape, at::Generator& generator, const torch::Device& device) {
    return torch::rand(shape, generator).to(device);
}

/// Which block each of 28 rows or columns lies in, from an origin drawn for each image: [B, 28].
torch::Tensor blockIndices(std::int64_t images, at::Generator& generator) {
    const auto shift = torch::randint(kBlock, {images, 1}, generator, torch::kInt64);
    return torch::div(torch::arange(kImageSide) + shift, kBlock, "floor");
}

torch::Tensor blocked(const torch::Tensor& images, const torch::Tensor& levels, at::Generator& generator) {
    const auto count = images.size(0);
    const auto isKept = (torch::rand({count, kBlocks, kBlocks}, generator) >= levels.cpu().unsqueeze(2));
    const auto rows = blockIndices(count, generator).unsqueeze(2).expand({count, kImageSide, kBlocks});
    const auto columns = blockIndices(count, generator).unsqueeze(1).expand({count, kImageSide, kImageSide});
    const auto mask = isKept.gather(1, rows).gather(2, columns).reshape({count, kImagePixels});
    return images * mask.to(images.device());
}

}  // namespace

torch::Tensor corrupt(const torch::Tensor& images, NoiseKind kind, const torch::Tensor& levels, double mean,
                      at::Generator& generator) {
    switch (kind) {
        case NoiseKind::SaltAndPepper: {
            const auto isHit = uniform(images.sizes(), generator, images.device()) < levels;
            const auto isInk = uniform(images.sizes(), generator, images.device()) < 0.5;
            return torch::where(isHit, isInk.to(images.dtype()), images);
        }
        case NoiseKind::Blocks:
            return blocked(images, levels, generator);
        case NoiseKind::Gaussian:
            break;
    }
    const auto noise = torch::randn(images.sizes(), generator).to(images.device());
    return noise.mul_(levels).add_(images).add_(mean).clamp_(0, 1);
}

torch::Tensor corrupt(const torch::Tensor& images, const Noise& noise, at::Generator& generator) {
    const auto levels = torch::full({images.size(0), 1}, noise.level, images.options());
    return corrupt(images, noise.kind, levels, noise.mean, generator);
}

}  // namespace zwei
