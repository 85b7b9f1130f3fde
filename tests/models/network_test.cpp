// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <numbers>

#include "models/nn/autoencoder.h"
#include "models/nn/inference_engine.h"
#include "models/nn/losses.h"
#include "models/nn/network_layout.h"
#include "models/nn/recipe_check.h"
#include "models/types/presets.h"
#include "tests/support/small_dataset.h"

namespace zwei {
namespace {

torch::Tensor someImages(int count) { return imageTensor(proceduralDigits(count, 3).images, 0, count); }

/// KL(N(m, v) || N(0, 1)) by integrating q log(q / p) over the line.
double integratedKl(double mean, double variance) {
    const double deviation = std::sqrt(variance);
    double sum = 0;
    constexpr int kSteps = 20000;
    const double step = 24 * deviation / kSteps;
    for (int i = 0; i < kSteps; ++i) {
        const double z = mean - 12 * deviation + (i + 0.5) * step;
        const double logQ = -0.5 * std::log(2 * std::numbers::pi * variance) - (z - mean) * (z - mean) / (2 * variance);
        const double logP = -0.5 * std::log(2 * std::numbers::pi) - z * z / 2;
        sum += std::exp(logQ) * (logQ - logP) * step;
    }
    return sum;
}

TEST(Losses, KlIsTheIntegralOfItsDefinition) {
    const Posterior posterior{torch::tensor({{0.7, -1.2}, {0.0, 2.0}}, torch::kFloat64),
                              torch::tensor({{std::log(0.5), std::log(2.0)}, {0.0, std::log(0.01)}}, torch::kFloat64)};
    const double first = integratedKl(0.7, 0.5) + integratedKl(-1.2, 2.0);
    const double second = integratedKl(0, 1) + integratedKl(2.0, 0.01);
    EXPECT_NEAR(gaussianKl(posterior).item<double>(), (first + second) / 2, 1e-6);
}

TEST(Losses, KlOfThePriorIsNothing) {
    EXPECT_EQ(gaussianKl({torch::zeros({3, 2}), torch::zeros({3, 2})}).item<float>(), 0);
}

TEST(Losses, SamplesHaveTheDeviationOfTheLogVariance) {
    const Posterior posterior{torch::full({200000, 1}, 3.0), torch::full({200000, 1}, std::log(0.25))};
    torch::manual_seed(1);
    const auto z = posterior.sample(torch::randn({200000, 1}));
    EXPECT_NEAR(z.mean().item<double>(), 3, 0.01);
    EXPECT_NEAR(z.std().item<double>(), 0.5, 0.01);
}

TEST(Losses, BernoulliIsTheCrossEntropySummedOverPixelsAndAveragedOverImages) {
    const auto logits = torch::tensor({{0.3, -2.0, 5.0}, {1.0, 0.0, -1.0}}, torch::kFloat64);
    const auto targets = torch::tensor({{0.2, 0.0, 1.0}, {0.5, 1.0, 0.25}}, torch::kFloat64);
    const auto p = torch::sigmoid(logits);
    const auto expected = -(targets * p.log() + (1 - targets) * (1 - p).log()).sum() / 2;
    EXPECT_NEAR(reconstructionLoss(Reconstruction::Bernoulli, logits, targets).item<double>(), expected.item<double>(),
                1e-9);
}

TEST(Losses, GaussianIsADensityOfVarianceOneHalf) {
    const auto logits = torch::tensor({{0.3, -2.0}}, torch::kFloat64);
    const auto targets = torch::tensor({{0.2, 0.9}}, torch::kFloat64);
    double expected = 0;
    for (int i = 0; i < 2; ++i) {
        const double mean = 1 / (1 + std::exp(-logits[0][i].item<double>()));
        const double distance = targets[0][i].item<double>() - mean;
        expected -= std::log(std::exp(-distance * distance / (2 * 0.5)) / std::sqrt(2 * std::numbers::pi * 0.5));
    }
    EXPECT_NEAR(reconstructionLoss(Reconstruction::Gaussian, logits, targets).item<double>(), expected, 1e-9);
}

/// All values of a dense tensor, as they lie.
torch::Tensor inMemory(const torch::Tensor& tensor) { return tensor.as_strided({tensor.numel()}, {1}); }

/// The gradient of the whole loss against central differences, in a few places of every parameter.
void expectTrueGradients(const Recipe& recipe) {
    auto network = buildAutoencoder(recipe);
    network->to(torch::kFloat64);
    const auto images = someImages(4).to(torch::kFloat64);
    const auto labels = takesLabels(recipe) ? torch::tensor({3, 0, 9, 3}) : torch::Tensor();
    torch::manual_seed(5);
    const auto noise = torch::randn({4, recipe.latentSize}, torch::kFloat64);
    const auto loss = [&] {
        if (!isVariational(recipe))
            return reconstructionLoss(recipe.reconstruction, network->reconstruct(images, labels), images);
        const auto posterior = network->encode(images, labels);
        return reconstructionLoss(recipe.reconstruction, network->decode(posterior.sample(noise), labels), images) +
               recipe.beta * gaussianKl(posterior);
    };
    loss().backward();
    constexpr double kStep = 1e-5;
    for (auto& parameter : network->named_parameters()) {
        const torch::NoGradGuard noGrad;
        auto values = inMemory(parameter.value());
        const auto gradient = inMemory(parameter.value().grad());
        for (const std::int64_t i : {std::int64_t{0}, values.size(0) / 2, values.size(0) - 1}) {
            const double kept = values[i].item<double>();
            values[i] = kept + kStep;
            const double above = loss().item<double>();
            values[i] = kept - kStep;
            const double below = loss().item<double>();
            values[i] = kept;
            EXPECT_NEAR(gradient[i].item<double>(), (above - below) / (2 * kStep),
                        1e-4 + 1e-4 * std::abs(gradient[i].item<double>()))
                << parameter.key() << " " << i;
        }
    }
}

TEST(Network, GradientsOfTheDenseVaeAreThoseOfFiniteDifferences) {
    auto recipe = test::smallRecipe();
    recipe.hidden = {16, 8};
    recipe.beta = 2.5;
    expectTrueGradients(recipe);
    recipe.reconstruction = Reconstruction::Gaussian;
    expectTrueGradients(recipe);
}

TEST(Network, GradientsOfTheConvolutionalVaeAreThoseOfFiniteDifferences) {
    auto recipe = *presetRecipe("conv-vae");
    recipe.activation = Activation::GELU;  // smooth: a kink of ReLU within a step would be no fault
    recipe.channels = {3, 2, 2};
    recipe.latentSize = 3;
    expectTrueGradients(recipe);
    recipe.resampling = Resampling::Pooling;
    recipe.hidden = {};
    expectTrueGradients(recipe);
}

TEST(Network, GradientsOfConditionalAndSkipNetworksAreThoseOfFiniteDifferences) {
    auto recipe = test::smallRecipe();
    recipe.hidden = {12};
    recipe.bottleneck = Bottleneck::Conditional;
    expectTrueGradients(recipe);
    recipe.backbone = Backbone::Convolutional;
    recipe.channels = {2, 3};
    expectTrueGradients(recipe);
    recipe.bottleneck = Bottleneck::Skip;
    recipe.input = Input::Noisy;
    recipe.channels = {4, 5, 6};
    expectTrueGradients(recipe);
}

TEST(Network, EveryRecipeEncodesAndDecodesInItsShapes) {
    for (const auto& preset : presets())
        for (const int latent : {1, 2, 7}) {
            auto recipe = preset.recipe;
            recipe.latentSize = latent;
            auto network = buildAutoencoder(recipe);
            const auto labels = takesLabels(recipe) ? torch::tensor({1, 2, 3}) : torch::Tensor();
            EXPECT_EQ(network->reconstruct(someImages(3), labels).sizes(), (std::vector<std::int64_t>{3, 784}));
            if (!hasCode(recipe)) continue;
            const auto posterior = network->encode(someImages(3), labels);
            EXPECT_EQ(posterior.mu.sizes(), (std::vector<std::int64_t>{3, latent}));
            EXPECT_EQ(posterior.logVar.defined(), isVariational(recipe));
            EXPECT_EQ(network->decode(posterior.mu, labels).sizes(), (std::vector<std::int64_t>{3, 784}));
        }
}

TEST(Network, ItsLayoutIsKnownWithoutMakingIt) {
    for (std::size_t stages = 1; stages <= 5; ++stages)
        for (const auto& preset : presets())
            for (const auto resampling : {Resampling::Pooling, Resampling::Strided}) {
                auto recipe = preset.recipe;
                recipe.latentSize = 3;
                recipe.resampling = resampling;
                recipe.channels.assign(stages, 5);
                if (recipe.backbone != Backbone::Convolutional || stages % 2 == 0) recipe.hidden.assign(stages, 7);
                if (recipeFault(recipe)) continue;
                const auto weights = captureWeights(buildAutoencoder(recipe), 0);
                EXPECT_EQ(networkLayout(recipe), weights->tensors) << preset.id << " " << stages;
                EXPECT_EQ(parameterCount(recipe), weights->values.size()) << preset.id << " " << stages;
            }
}

TEST(Network, AnyNumberOfStagesComesBackTo28Pixels) {
    for (std::size_t stages = 1; stages <= 5; ++stages) {
        auto recipe = *presetRecipe("conv-vae");
        recipe.channels.assign(stages, 4);
        for (const auto resampling : {Resampling::Pooling, Resampling::Strided}) {
            recipe.resampling = resampling;
            EXPECT_EQ(buildAutoencoder(recipe)->decode(torch::zeros({2, 2})).size(1), 784) << stages;
        }
    }
}

TEST(Network, TheFirstDecodedImageIsTheMeanOfTheData) {
    const auto mean = someImages(500).mean(0);
    auto recipe = test::smallRecipe();
    for (const auto bottleneck : {Bottleneck::Gaussian, Bottleneck::Adversarial}) {
        recipe.bottleneck = bottleneck;
        auto network = buildAutoencoder(recipe, mean);
        EXPECT_LT((torch::sigmoid(network->outputBias()) - mean.clamp(1e-4, 1)).abs().max().item<float>(), 1e-4);
    }
}

TEST(Network, WeightsComeBackAndWrongOnesChangeNothing) {
    const auto recipe = test::smallRecipe();
    const auto weights = captureWeights(buildAutoencoder(recipe), 7);
    EXPECT_EQ(weights->tensors, networkLayout(recipe));

    auto other = recipe;
    other.seed = 99;
    auto network = buildAutoencoder(other);
    const auto before = captureWeights(network, 0);
    ASSERT_NE(before->values, weights->values);

    auto missing = *weights;
    missing.tensors.pop_back();
    EXPECT_FALSE(restoreWeights(network, missing).has_value());
    auto misshapen = *weights;
    misshapen.tensors[2].shape[0] += 1;
    EXPECT_FALSE(restoreWeights(network, misshapen).has_value());
    EXPECT_EQ(captureWeights(network, 0)->values, before->values);

    ASSERT_TRUE(restoreWeights(network, *weights).has_value());
    EXPECT_EQ(captureWeights(network, 0)->values, weights->values);
}

TEST(InferenceEngine, PartsForSeveralThreadsGiveWhatOneGives) {
    Recipe recipe;
    recipe.bottleneck = Bottleneck::Conditional;
    const auto data = test::smallDataset(700, 701);
    const auto weights = captureWeights(buildAutoencoder(recipe), 0);
    auto engine = InferenceEngine::create(recipe, *weights);
    ASSERT_TRUE(engine.has_value()) << engine.error();
    const auto& test = data->test;
    const auto once = [&](int threads) {
        setInferenceThreads(threads, 1);
        auto codes = engine->encode(test.images, test.labels);
        auto images = engine->decode(codes.mu, test.labels);
        return std::tuple(std::move(codes), std::move(images), engine->reconstruct(test.images, test.labels));
    };
    const auto [codes, images, again] = once(1);
    const auto [codesOfThree, imagesOfThree, againOfThree] = once(3);
    setInferenceThreads(1, 1);
    for (std::size_t i = 0; i < codes.mu.size(); ++i) {
        EXPECT_NEAR(codes.mu[i], codesOfThree.mu[i], 1e-4);
        EXPECT_NEAR(codes.logVar[i], codesOfThree.logVar[i], 1e-4);
    }
    ASSERT_EQ(images.pixels.size(), imagesOfThree.pixels.size());
    for (std::size_t i = 0; i < images.pixels.size(); ++i) EXPECT_NEAR(images.pixels[i], imagesOfThree.pixels[i], 1);
    EXPECT_EQ(imagesOfThree.pixels, againOfThree.pixels);
}

TEST(Network, ValuesBeyondTheRangeBecomePaperOrInk) {
    const auto image = imageBatch(torch::tensor({{-1.0f, 0.5f, 2.0f, std::nanf("")}}));
    EXPECT_EQ(image.pixels, (std::vector<std::uint8_t>{0, 128, 255, 0}));
}

}  // namespace
}  // namespace zwei
