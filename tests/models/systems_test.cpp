// SPDX-License-Identifier: GPL-3.0-or-later
// Each system of the lesson, trained small, does what it is for.
#include <gtest/gtest.h>

#include <algorithm>

#include "models/data/image_filters.h"
#include "models/eval/code_space.h"
#include "models/eval/embedding_quality.h"
#include "models/eval/image_quality.h"
#include "models/eval/pca.h"
#include "models/nn/inference_engine.h"
#include "models/types/presets.h"
#include "tests/support/small_dataset.h"
#include "tests/support/small_training.h"

namespace zwei {
namespace {

const DatasetPtr& digits() {
    static const auto data = test::smallDataset(4000, 500);
    return data;
}

TrainingOutcome trained(const Recipe& recipe) { return test::trainedOn(digits(), recipe); }

InferenceEngine engineOf(const Recipe& recipe, const TrainingOutcome& outcome) {
    return std::move(*InferenceEngine::create(recipe, *outcome.weights, Device::Cpu));
}

Recipe small(std::string_view preset, int epochs) {
    auto recipe = *presetRecipe(preset);
    if (recipe.backbone == Backbone::Dense) recipe.hidden = {128, 64};
    if (recipe.backbone == Backbone::Convolutional) recipe.channels = {8, 16};
    recipe.learningRate = 4e-3;
    recipe.batch = 100;
    recipe.epochs = epochs;
    return recipe;
}

/// Peak signal-to-noise ratios of what goes in and of what comes out.
std::pair<double, double> restoration(InferenceEngine& engine, const std::optional<Noise>& noise) {
    const auto& clean = digits()->test.images;
    const auto inputs = engine.inputOf(clean, noise, 3);
    return {imageQuality(inputs, clean).psnr, imageQuality(engine.reconstruct(inputs), clean).psnr};
}

TEST(Systems, APlainAutoencoderOfAnySizeReconstructsTheBetterTheWider) {
    double before = 1;
    for (const int size : {1, 2, 16}) {
        auto recipe = small("ae", 6);
        recipe.latentSize = size;
        auto engine = engineOf(recipe, trained(recipe));
        const auto& images = digits()->test.images;
        const auto mse = imageQuality(engine.reconstruct(images), images).mse;
        EXPECT_LT(mse, before) << size;
        before = mse;
        EXPECT_TRUE(engine.encode(images).logVar.empty());
    }
}

TEST(Systems, AConvolutionalAutoencoderLearns) {
    auto recipe = small("ae", 5);
    recipe.backbone = Backbone::Convolutional;
    recipe.hidden = {};
    recipe.latentSize = 16;
    const auto history = trained(recipe).history;
    EXPECT_LT(history.back().test.reconstruction, 0.8 * history.front().test.reconstruction);
    EXPECT_EQ(history.back().test.kl, 0);
}

TEST(Systems, ADenoiserBeatsItsInputWhateverTheNoise) {
    for (const auto kind : {NoiseKind::Gaussian, NoiseKind::SaltAndPepper, NoiseKind::Blocks}) {
        auto recipe = small("denoise", 3);
        recipe.noise = kind;
        recipe.noiseMost = 0.5;
        recipe.batch = 50;
        auto engine = engineOf(recipe, trained(recipe));
        const auto [input, output] = restoration(engine, Noise{kind, 0.4});
        EXPECT_GT(output, input + (kind == NoiseKind::Blocks ? 0.4 : 5)) << static_cast<int>(kind);
    }
}

TEST(Systems, ADenoiserMayHaveACodeToo) {
    auto recipe = small("ae", 8);
    recipe.input = Input::Noisy;
    recipe.latentSize = 32;
    auto engine = engineOf(recipe, trained(recipe));
    const auto [input, output] = restoration(engine, Noise{NoiseKind::Gaussian, 0.5});
    EXPECT_GT(output, input + 2);
}

TEST(Systems, SuperResolutionBeatsBicubic) {
    for (const char* preset : {"superres-2x", "superres-4x"}) {
        const auto recipe = small(preset, 4);
        auto engine = engineOf(recipe, trained(recipe));
        const auto& clean = digits()->test.images;
        const auto bicubic = enlarge(shrink(clean, recipe.factor), recipe.factor, EnlargeFilter::Bicubic);
        EXPECT_GT(restoration(engine, std::nullopt).second, imageQuality(bicubic, clean).psnr + 0.5) << preset;
    }
}

TEST(Systems, TheInputOfSuperResolutionIsTheAverageOfSquares) {
    for (const char* preset : {"superres-2x", "superres-4x"}) {
        const auto recipe = *presetRecipe(preset);
        const auto engine =
            std::move(*InferenceEngine::create(recipe, **initialWeights(recipe, *digits()), Device::Cpu));
        const auto& clean = digits()->test.images;
        const auto expected = repeatPixels(shrink(clean, recipe.factor), recipe.factor);
        const auto input = engine.inputOf(clean, std::nullopt, 1);
        for (std::size_t i = 0; i < expected.pixels.size(); ++i) ASSERT_NEAR(input.pixels[i], expected.pixels[i], 1);
    }
}

TEST(Systems, AnAdversaryIsTrulyTrainedAndBringsTheCodesToThePrior) {
    auto recipe = small("aae", 14);
    recipe.learningRate = 2e-3;
    const auto outcome = trained(recipe);
    double best = 0;
    for (const auto& epoch : outcome.history) best = std::max(best, epoch.adversary->accuracy);
    EXPECT_GT(best, 0.58);
    EXPECT_LT(outcome.history.back().adversary->accuracy, best);
    const double first = *outcome.history.front().priorDistance;
    const double last = *outcome.history.back().priorDistance;
    EXPECT_LT(last, 0.6 * first);

    auto plain = recipe;
    plain.bottleneck = Bottleneck::Plain;
    auto engine = engineOf(plain, trained(plain));
    EXPECT_LT(last, 0.25 * slicedWasserstein(engine.encode(digits()->test.images).mu, 2));
}

TEST(Systems, AConditionalModelsReconstructionUsesTheLabel) {
    auto recipe = small("cvae", 8);
    auto engine = engineOf(recipe, trained(recipe));
    const auto& test = digits()->test;
    std::vector<std::uint8_t> wrong;
    for (const auto label : test.labels) wrong.push_back((label + 1) % kClasses);
    const auto right = imageQuality(engine.reconstruct(test.images, test.labels), test.images).mse;
    EXPECT_LT(right, 0.8 * imageQuality(engine.reconstruct(test.images, wrong), test.images).mse);
}

TEST(Systems, AConditionalModelRefusesImagesWithoutLabels) {
    auto data = std::make_shared<Dataset>(*digits());
    data->train.labels.clear();
    RunControl control;
    TrainingObserver observer;
    const auto outcome = train({small("cvae", 1), data, Device::Cpu, 1}, control, observer);
    ASSERT_FALSE(outcome.has_value());
    EXPECT_NE(outcome.error().find("labels"), std::string::npos);
}

TEST(Systems, PrincipalComponentsBeatEveryOtherLinearCodeOfTheirSize) {
    auto recipe = *presetRecipe("pca");
    recipe.latentSize = 5;
    auto engine = engineOf(recipe, trained(recipe));
    const auto& images = digits()->test.images;
    const auto codes = engine.encode(images);
    ASSERT_EQ(codes.dimensions, 5);
    // Uncorrelated, in the order of their variances, and centred (on the training images).
    double before = 1e9;
    for (std::size_t d = 0; d < 5; ++d) {
        double sum = 0, squares = 0;
        for (std::size_t i = d; i < codes.mu.size(); i += 5) {
            sum += codes.mu[i];
            squares += codes.mu[i] * codes.mu[i];
        }
        EXPECT_NEAR(sum / images.count, 0, 0.5);
        EXPECT_LT(squares, before * 1.1);
        before = squares;
    }
    auto narrow = recipe;
    narrow.latentSize = 2;
    auto other = engineOf(narrow, trained(narrow));
    EXPECT_LT(imageQuality(engine.reconstruct(images), images).mse,
              imageQuality(other.reconstruct(images), images).mse);
}

TEST(CodeSpace, APlaneOfPrincipalComponentsKeepsItsDirectionsAndItsPoints) {
    Codes codes{400, 3, {}, {}};
    const auto points = normalPoints(codes.count, 3, 4);
    for (std::size_t i = 0; i < points.size(); i += 3) {
        codes.mu.push_back(1 + 0.1f * points[i]);
        codes.mu.push_back(5 * points[i + 1]);
        codes.mu.push_back(-2 + points[i + 2]);
    }
    const auto plane = principalPlane(codes, {});
    EXPECT_NEAR(std::abs(plane.right[1]), 1, 0.02);
    EXPECT_NEAR(std::abs(plane.up[2]), 1, 0.02);
    auto turned = plane;
    for (auto& part : turned.right) part = -part;
    EXPECT_EQ(principalPlane(codes, turned).right, turned.right);

    const auto flat = onPlane(codes, plane);
    const auto at = plane.project(codes.mean(7));
    EXPECT_FLOAT_EQ(flat.mu[14], static_cast<float>(at[0]));
    const auto moved = plane.moved({0.3, 0.2, 0.1}, {2, -1});
    EXPECT_NEAR(plane.project(moved)[0], 2, 1e-9);
    EXPECT_NEAR(plane.project(moved)[1], -1, 1e-9);
}

TEST(CodeSpace, PointsFittedToCodesHaveTheirMeanAndCovariance) {
    Codes codes{20000, 2, {}, {}};
    const auto points = normalPoints(codes.count, 2, 4);
    for (std::size_t i = 0; i < points.size(); i += 2) {
        codes.mu.push_back(3 + 2 * points[i]);
        codes.mu.push_back(points[i] + 0.5f * points[i + 1]);
    }
    const auto fitted = fittedTo(codes, normalPoints(20000, 2, 9));
    double mean = 0, product = 0;
    for (std::size_t i = 0; i < fitted.size(); i += 2) {
        mean += fitted[i] / 20000;
        product += (fitted[i] - 3) * fitted[i + 1] / 20000;
    }
    EXPECT_NEAR(mean, 3, 0.1);
    EXPECT_NEAR(product, 2, 0.1);
}

}  // namespace
}  // namespace zwei
