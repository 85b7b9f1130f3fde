// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/eval/properties.h"

#include <algorithm>
#include <numeric>

#include "models/eval/comparison.h"
#include "models/eval/image_quality.h"
#include "models/eval/pca.h"
#include "models/nn/examples.h"
#include "models/nn/inference_engine.h"
#include "models/types/reconstruction.h"

namespace zwei {
namespace {

constexpr int kImages = 2000;
constexpr int kShown = 12;
constexpr std::uint64_t kSeed = 3;

/// The first images of a test set beside what comes out for them.
struct Passed {
    ImageBatch clean, inputs, outputs;

    Passed(InferenceEngine& engine, const LabelledImages& test)
        : clean(selectImages(test.images, firstIndices(kImages, test.images.count))),
          inputs(engine.inputOf(clean, std::nullopt, kSeed)),
          outputs(engine.reconstruct(inputs, test.labels)) {}

    std::vector<double> errors() const { return meanSquaredErrors(outputs, clean); }

    ReconstructionSnapshot shown() const {
        const auto first = firstIndices(kShown, clean.count);
        return compareRestored(selectImages(clean, first), selectImages(inputs, first), selectImages(outputs, first),
                               first);
    }
};

/// The mean squared error that is left by the first 1, 2, 4, ... components.
std::vector<PropertiesSnapshot::LossAtSize> linearCurve(const Dataset& data) {
    constexpr int kMost = 64;
    const torch::NoGradGuard noGrad;
    const auto& fitted = data.train.images.count > 1 ? data.train : data.test;
    const auto fit = principalComponents(examplesOf(fitted, false).images, kMost);
    const auto centred = examplesOf(data.test, false).images.to(torch::kFloat64) - fit.mean;
    const auto explained = centred.matmul(fit.components.t()).square().mean(0).cumsum(0);
    const double all = centred.square().sum(1).mean().item<double>();
    std::vector<PropertiesSnapshot::LossAtSize> curve;
    for (int size = 1; size <= kMost; size *= 2)
        curve.push_back({size, (all - explained[size - 1].item<double>()) / (255.0 * 255.0 * kImagePixels)});
    return curve;
}

}  // namespace

Result<PropertiesSnapshot> measureProperties(const Recipe& recipe, const Weights& weights, const Dataset& data,
                                             const DatasetPtr& other) {
    if (takesLabels(recipe) && (!data.test.isLabelled() || (other && !other->test.isLabelled())))
        return failure("This model is given the label of each image, and these images have none.");
    auto engine = InferenceEngine::create(recipe, weights);
    if (!engine) return failure(engine.error());
    PropertiesSnapshot properties;
    const Passed own(*engine, data.test);
    properties.data = data.name;
    properties.errors = own.errors();
    properties.codeSize = hasCode(recipe) ? recipe.latentSize : 0;
    const auto quality = imageQuality(own.outputs, own.clean);
    properties.mse = quality.mse;
    properties.psnr = quality.psnr;
    properties.linear = linearCurve(data);
    if (!other) return properties;
    const Passed strange(*engine, other->test);
    properties.otherData = other->name;
    properties.otherErrors = strange.errors();
    properties.other = strange.shown();
    return properties;
}

}  // namespace zwei
