// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/eval/figures.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numeric>

#include "models/nn/network_layout.h"
#include "models/types/presets.h"
#include "tests/support/small_dataset.h"
#include "tests/support/small_training.h"

namespace zwei {
namespace {

const DatasetPtr& someData() {
    static const auto data = test::smallDataset(1000, 200);
    return data;
}

WeightsPtr trained(const Recipe& recipe) { return test::trainedOn(someData(), recipe).weights; }

/// Trained long enough for the code to matter.
Recipe vaeRecipe() {
    auto recipe = test::smallRecipe();
    recipe.epochs = 20;
    return recipe;
}

const WeightsPtr& trainedVae() {
    static const auto weights = trained(vaeRecipe());
    return weights;
}

FigureOptions withSamples(int samples) {
    FigureOptions options;
    options.samples = samples;
    options.device = Device::Cpu;
    return options;
}

Figures mustMeasure(const Recipe& recipe, const Weights& weights, const Dataset& data = *someData(),
                    const FigureOptions& options = withSamples(5)) {
    const auto figures = measureFigures(recipe, weights, data, options);
    EXPECT_TRUE(figures.has_value()) << figures.error();
    return figures.value_or(Figures());
}

/// Weights that are all nothing, but for what `fill` makes of a tensor's values.
Weights madeWeights(const Recipe& recipe, const std::function<void(const TensorEntry&, std::span<float>)>& fill) {
    Weights weights;
    weights.tensors = networkLayout(recipe);
    weights.values.resize(weights.tensors.back().offset + weights.tensors.back().size());
    for (const auto& entry : weights.tensors)
        fill(entry, std::span(weights.values).subspan(entry.offset, entry.size()));
    return weights;
}

/// Of all pixels, in [0, 1].
double meanInk(const ImageBatch& images) {
    const auto sum = std::accumulate(images.pixels.begin(), images.pixels.end(), 0.0);
    return sum / 255 / static_cast<double>(images.pixels.size());
}

std::vector<std::string> methods(const RestorationFigures& restoration) {
    std::vector<std::string> names;
    for (const auto& row : restoration.rows) names.push_back(row.method);
    return names;
}

TEST(Figures, TheKlIsTheSumOfItsDimensions) {
    const auto figures = mustMeasure(vaeRecipe(), *trainedVae());
    ASSERT_EQ(figures.klByDimension.size(), 2u);
    EXPECT_NEAR(std::accumulate(figures.klByDimension.begin(), figures.klByDimension.end(), 0.0), figures.elbo.kl,
                1e-4);
    EXPECT_EQ(figures.activeDimensions, 2);
    EXPECT_EQ(figures.data, "small");
    EXPECT_EQ(figures.images, 200);
}

/// With one sample the bound is the ELBO, and with more it is above it.
TEST(Figures, TheLikelihoodRisesFromTheElboWithTheSamples) {
    const auto data = test::smallDataset(10, 100);
    std::vector<double> bounds;
    for (const int samples : {1, 5, 50, 1500}) {
        const auto figures = mustMeasure(vaeRecipe(), *trainedVae(), *data, withSamples(samples));
        EXPECT_EQ(figures.samples, samples);
        EXPECT_EQ(figures.likelihoodImages, 100);
        if (samples == 1) bounds.push_back(-figures.binarisedElbo->negElbo());
        bounds.push_back(*figures.logLikelihood);
    }
    EXPECT_NEAR(bounds[1], bounds[0], 2);  // two samples of the same expectation
    std::cout << bounds[0] << " " << bounds[1] << " " << bounds[2] << " " << bounds[3] << " " << bounds[4] << std::endl;
    EXPECT_TRUE(std::is_sorted(bounds.begin() + 1, bounds.end()));
    EXPECT_GT(bounds.back(), bounds[1] + 0.5);
}

/// The posterior is N(0, I), and every pixel is a coin of chance 1 / (1 + exp(1)), whatever the code: then the
/// likelihood is that of the coins, and so is the ELBO.
TEST(Figures, OfADecoderThatIgnoresTheCodeTheLikelihoodIsExact) {
    const auto recipe = test::smallRecipe();
    const auto weights = madeWeights(recipe, [](const TensorEntry& entry, std::span<float> values) {
        if (entry.size() == kImagePixels) std::fill(values.begin(), values.end(), -1.0f);
    });
    const auto data = test::smallDataset(10, 20);
    for (const int samples : {1, 7, 2500}) {
        const auto figures = mustMeasure(recipe, weights, *data, withSamples(samples));
        EXPECT_EQ(figures.activeDimensions, 0);
        EXPECT_EQ(figures.klByDimension, (std::vector<double>{0, 0}));
        EXPECT_NEAR(*figures.logLikelihood, -figures.binarisedElbo->negElbo(), 1e-3) << samples;
        // A grey image's loss and that of the images drawn from it have the same expectation: 0.313 nats a pixel, and 1
        // more where it is ink.
        EXPECT_NEAR(*figures.logLikelihood, -figures.elbo.negElbo(), 3);
        EXPECT_NEAR(figures.elbo.negElbo(), kImagePixels * (std::log1p(std::exp(-1.0)) + meanInk(data->test.images)),
                    1e-3);
        EXPECT_NEAR(figures.elbo.reconstruction, kImagePixels * figures.bernoulli, 1e-3);
    }
}

TEST(Figures, TheLikelihoodIsOfAsManyImagesAsAskedFor) {
    auto options = withSamples(3);
    options.likelihoodImages = 30;
    EXPECT_EQ(mustMeasure(vaeRecipe(), *trainedVae(), *someData(), options).likelihoodImages, 30);
}

TEST(Figures, TheSameModelHasTheSameFigures) {
    const auto first = mustMeasure(vaeRecipe(), *trainedVae());
    const auto second = mustMeasure(vaeRecipe(), *trainedVae());
    EXPECT_EQ(first.logLikelihood, second.logLikelihood);
    EXPECT_EQ(first.priorDistance, second.priorDistance);
    EXPECT_EQ(first.reconstruction.ssim, second.reconstruction.ssim);
}

TEST(Figures, CodesAndReconstructionsAreWithinTheirBounds) {
    const auto figures = mustMeasure(vaeRecipe(), *trainedVae());
    EXPECT_GT(*figures.accuracy1, 0.2);  // chance is 0.1
    EXPECT_GT(*figures.accuracy5, 0.2);
    EXPECT_LE(*figures.accuracy5, 1);
    EXPECT_GT(*figures.trustworthiness, 0.5);
    EXPECT_LE(*figures.trustworthiness, 1);
    EXPECT_GT(*figures.priorDistance, 0);
    EXPECT_GT(figures.bernoulli, figures.bernoulliFloor);
    EXPECT_GT(figures.bernoulliFloor, 0);
    EXPECT_GT(figures.reconstruction.psnr, 8);
    EXPECT_TRUE(figures.restorations.empty());
}

TEST(Figures, APlainCodeHasNoKlAndNoLikelihood) {
    auto recipe = test::smallRecipe();
    recipe.bottleneck = Bottleneck::Plain;
    const auto figures = mustMeasure(recipe, *trained(recipe));
    EXPECT_EQ(figures.elbo.kl, 0);
    EXPECT_TRUE(figures.klByDimension.empty());
    EXPECT_FALSE(figures.activeDimensions || figures.binarisedElbo || figures.logLikelihood);
    EXPECT_TRUE(figures.accuracy1 && figures.trustworthiness && figures.priorDistance);
}

TEST(Figures, GaussianPixelsHaveNoLikelihoodOfBinaryImages) {
    auto recipe = test::smallRecipe();
    recipe.reconstruction = Reconstruction::Gaussian;
    const auto figures = mustMeasure(recipe, *trained(recipe));
    EXPECT_FALSE(figures.binarisedElbo || figures.logLikelihood);
    EXPECT_EQ(figures.klByDimension.size(), 2u);
}

TEST(Figures, QuickLeavesOutWhatTakesLong) {
    FigureOptions options;
    options.quick = true;
    const auto quick = mustMeasure(vaeRecipe(), *trainedVae(), *someData(), options);
    const auto whole = mustMeasure(vaeRecipe(), *trainedVae());
    EXPECT_EQ(quick.elbo.negElbo(), whole.elbo.negElbo());
    EXPECT_EQ(quick.klByDimension, whole.klByDimension);
    EXPECT_EQ(quick.reconstruction.psnr, whole.reconstruction.psnr);
    EXPECT_EQ(quick.bernoulli, whole.bernoulli);
    EXPECT_FALSE(quick.accuracy1 || quick.trustworthiness || quick.logLikelihood || quick.priorDistance);
}

TEST(Figures, ADenoiserIsComparedWithAMedianAtItsLevels) {
    auto recipe = *presetRecipe("denoise");
    recipe.channels = {4, 4};
    recipe.epochs = 1;
    const auto weights = trained(recipe);
    const auto figures = mustMeasure(recipe, *weights);
    ASSERT_EQ(figures.restorations.size(), 3u);
    EXPECT_EQ(figures.restorations[0].input, "gaussian 0.3");
    EXPECT_EQ(figures.restorations[2].input, "gaussian 0.5");
    EXPECT_FALSE(figures.accuracy1 || figures.priorDistance);  // no code
    for (const auto& restoration : figures.restorations) {
        EXPECT_EQ(methods(restoration), (std::vector<std::string>{"input", "median 3x3", "model"}));
        EXPECT_TRUE(restoration.rows.back().bernoulli);
        EXPECT_FALSE(restoration.rows.front().bernoulli);
    }
    EXPECT_GT(figures.restorations[0].rows[0].quality.psnr, figures.restorations[2].rows[0].quality.psnr + 2);
    recipe.noiseLeast = 0.6;
    EXPECT_EQ(mustMeasure(recipe, *weights).restorations[1].input, "gaussian 0.7");
    recipe.noise = NoiseKind::SaltAndPepper;
    recipe.noiseLeast = 0.2;
    ASSERT_EQ(mustMeasure(recipe, *weights).restorations.size(), 2u);
    EXPECT_EQ(mustMeasure(recipe, *weights).restorations[1].input, "salt-and-pepper 0.5");
}

TEST(Figures, SuperResolutionIsComparedWithFilters) {
    auto recipe = *presetRecipe("superres-2x");
    recipe.channels = {4};
    recipe.epochs = 1;
    const auto figures = mustMeasure(recipe, *trained(recipe));
    ASSERT_EQ(figures.restorations.size(), 1u);
    const auto& [input, rows] = figures.restorations[0];
    EXPECT_EQ(input, "2x");
    EXPECT_EQ(methods(figures.restorations[0]), (std::vector<std::string>{"input", "bicubic", "Lanczos", "model"}));
    EXPECT_GT(rows[1].quality.psnr, rows[0].quality.psnr);
    EXPECT_EQ(rows[3].quality.psnr, figures.reconstruction.psnr);
}

TEST(Figures, UnlabelledImagesHaveNoAccuracies) {
    Dataset unlabelled = *someData();
    unlabelled.train.labels.clear();
    unlabelled.test.labels.clear();
    const auto figures = mustMeasure(vaeRecipe(), *trainedVae(), unlabelled);
    EXPECT_FALSE(figures.accuracy1 || figures.accuracy5);
    EXPECT_TRUE(figures.trustworthiness);
}

TEST(Figures, FewImagesWithoutATrainingSetAreMeasuredAsFarAsTheyGo) {
    Dataset few = *test::smallDataset(1, 1);
    few.train = {};
    const auto figures = mustMeasure(vaeRecipe(), *trainedVae(), few);
    EXPECT_FALSE(figures.accuracy1 || figures.trustworthiness);
    EXPECT_EQ(figures.activeDimensions, 0);
    EXPECT_TRUE(figures.logLikelihood);
}

TEST(Figures, AConditionalModelAsksForLabels) {
    auto recipe = test::smallRecipe();
    recipe.bottleneck = Bottleneck::Conditional;
    const auto weights = trained(recipe);
    EXPECT_TRUE(mustMeasure(recipe, *weights).logLikelihood);
    Dataset unlabelled = *someData();
    unlabelled.test.labels.clear();
    const auto figures = measureFigures(recipe, *weights, unlabelled, {});
    ASSERT_FALSE(figures.has_value());
    EXPECT_NE(figures.error().find("label"), std::string::npos);
}

TEST(Figures, CodesThatAreNotFiniteAreRefused) {
    const auto recipe = test::smallRecipe();
    const auto weights = madeWeights(recipe, [](const TensorEntry& entry, std::span<float> values) {
        if (entry.name.starts_with("mu.bias")) values[0] = std::nanf("");
    });
    const auto figures = measureFigures(recipe, weights, *someData(), {});
    ASSERT_FALSE(figures.has_value());
    EXPECT_NE(figures.error().find("finite"), std::string::npos);
}

TEST(Figures, ProgressRisesToTheEndAndStopsItAnywhere) {
    std::vector<double> shares;
    const auto whole = [&](double share) {
        shares.push_back(share);
        return true;
    };
    ASSERT_TRUE(measureFigures(vaeRecipe(), *trainedVae(), *someData(), withSamples(50), whole).has_value());
    EXPECT_TRUE(std::is_sorted(shares.begin(), shares.end()));
    EXPECT_EQ(shares.front(), 0);
    EXPECT_EQ(shares.back(), 1);
    for (const std::size_t most : {std::size_t{0}, std::size_t{3}, shares.size() - 3}) {
        std::size_t heard = 0;
        const auto stopped = measureFigures(vaeRecipe(), *trainedVae(), *someData(), withSamples(50),
                                            [&](double) { return heard++ < most; });
        ASSERT_FALSE(stopped.has_value()) << most;
        EXPECT_NE(stopped.error().find("stopped"), std::string::npos);
        EXPECT_EQ(heard, most + 1);
    }
}

}  // namespace
}  // namespace zwei
