// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/nn/corruption.h"

#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>

#include "models/nn/model_input.h"

namespace zwei {
namespace {

at::Generator generator(std::uint64_t seed = 3) { return at::make_generator<at::CPUGeneratorImpl>(seed); }

torch::Tensor grey(double value, int images = 400) { return torch::full({images, 784}, value); }

TEST(Corruption, GaussianNoiseHasItsDeviationAndItsMean) {
    auto random = generator();
    const auto noisy = corrupt(grey(0.5), Noise{NoiseKind::Gaussian, 0.1, 0.05}, random);
    EXPECT_NEAR(noisy.mean().item<double>(), 0.55, 1e-3);
    EXPECT_NEAR(noisy.std().item<double>(), 0.1, 1e-3);
}

TEST(Corruption, NoiseStaysInTheRangeOfPixels) {
    auto random = generator();
    for (const auto kind : {NoiseKind::Gaussian, NoiseKind::SaltAndPepper, NoiseKind::Blocks}) {
        const auto noisy = corrupt(torch::rand({50, 784}), Noise{kind, 0.9}, random);
        EXPECT_GE(noisy.min().item<double>(), 0);
        EXPECT_LE(noisy.max().item<double>(), 1);
    }
}

TEST(Corruption, SaltAndPepperHitsItsShareEvenly) {
    auto random = generator();
    const auto noisy = corrupt(grey(0.5), Noise{NoiseKind::SaltAndPepper, 0.3}, random);
    EXPECT_NEAR((noisy == 0).to(torch::kFloat64).mean().item<double>(), 0.15, 0.01);
    EXPECT_NEAR((noisy == 1).to(torch::kFloat64).mean().item<double>(), 0.15, 0.01);
    EXPECT_NEAR((noisy == 0.5).to(torch::kFloat64).mean().item<double>(), 0.7, 0.01);
}

TEST(Corruption, BlocksAreWholeSquaresOfPaper) {
    auto random = generator();
    const auto noisy = corrupt(grey(0.5), Noise{NoiseKind::Blocks, 0.25}, random).view({-1, 28, 28});
    EXPECT_NEAR((noisy == 0).to(torch::kFloat64).mean().item<double>(), 0.25, 0.01);
    // Along any row the image changes at most where a block ends: once in seven pixels.
    const auto changes = (noisy.slice(2, 1) != noisy.slice(2, 0, 27)).sum(2);
    EXPECT_LE(changes.max().item<int>(), 4);
    EXPECT_GT(changes.max().item<int>(), 0);
}

TEST(Corruption, TheSameSeedMakesTheSameNoise) {
    for (const auto kind : {NoiseKind::Gaussian, NoiseKind::SaltAndPepper, NoiseKind::Blocks}) {
        auto first = generator(), second = generator(), other = generator(4);
        const auto noisy = corrupt(grey(0.5), Noise{kind, 0.4}, first);
        EXPECT_TRUE(noisy.equal(corrupt(grey(0.5), Noise{kind, 0.4}, second)));
        EXPECT_FALSE(noisy.equal(corrupt(grey(0.5), Noise{kind, 0.4}, other)));
    }
}

TEST(Corruption, TrainingDrawsALevelForEachImageFromItsRange) {
    Recipe recipe;
    recipe.input = Input::Noisy;
    recipe.noiseLeast = 0.05;
    recipe.noiseMost = 0.15;
    auto random = generator();
    const auto deviations = (modelInput(recipe, grey(0.5), random) - 0.5).std(1);
    EXPECT_GT(deviations.min().item<double>(), 0.04);
    EXPECT_LT(deviations.max().item<double>(), 0.17);
    EXPECT_GT(deviations.std().item<double>(), 0.02);
    const auto next = modelInput(recipe, grey(0.5), random);
    auto again = generator();
    EXPECT_FALSE(next.equal(modelInput(recipe, grey(0.5), again)));  // fresh noise each time
}

}  // namespace
}  // namespace zwei
