// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/nn/model_input.h"

#include "models/nn/corruption.h"
#include "models/types/image.h"

namespace zwei {
namespace {

/// The mean of each square to the nearest grey level, halves upwards, as `shrink` has it: of whole numbers, so that
/// nothing is rounded on the way.
torch::Tensor averaged(const torch::Tensor& images, int factor) {
    constexpr double kWhite = 255;
    const auto side = kImageSide / factor;
    const auto levels = (images * kWhite).round().view({-1, side, factor, side, factor});
    const auto means = (levels.mean({2, 4}, /*keepdim=*/true) + 0.5).floor() / kWhite;
    return means.expand({-1, side, factor, side, factor}).reshape({-1, kImagePixels});
}

}  // namespace

torch::Tensor modelInput(const Recipe& recipe, const torch::Tensor& images, at::Generator& generator,
                         const std::optional<Noise>& noise) {
    switch (recipe.input) {
        case Input::Clean:
            break;
        case Input::Noisy: {
            if (noise) return corrupt(images, *noise, generator);
            const auto levels = torch::rand({images.size(0), 1}, generator)
                                    .mul_(recipe.noiseMost - recipe.noiseLeast)
                                    .add_(recipe.noiseLeast)
                                    .to(images.device());
            return corrupt(images, recipe.noise, levels, recipe.noiseMean, generator);
        }
        case Input::Small:
            return averaged(images, recipe.factor);
    }
    return images;
}

}  // namespace zwei
