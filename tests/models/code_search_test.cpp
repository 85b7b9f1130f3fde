// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/eval/code_search.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "models/data/procedural_digits.h"
#include "models/nn/inference_engine.h"
#include "models/train/trainer.h"
#include "models/types/reconstruction.h"
#include "tests/support/small_dataset.h"

namespace zwei {
namespace {

/// Rosenbrock's (1960) valley, whose lowest point is 0 at (1, 1).
Slope valley(const std::vector<double>& z) {
    const double a = 1 - z[0];
    const double b = z[1] - z[0] * z[0];
    return {a * a + 100 * b * b, {-2 * a - 400 * z[0] * b, 200 * b}};
}

TEST(CodeSearch, GoesDownACurvedValleyToItsLowestPoint) {
    CodeSearch search(valley, {-1.2, 1});
    double before = search.current().error;
    int steps = 0;
    for (; search.advance(); ++steps) {
        EXPECT_LT(search.current().error, before);
        before = search.current().error;
    }
    EXPECT_LT(search.current().error, 1e-2);
    EXPECT_LT(steps, 100);
}

TEST(CodeSearch, EndsAtOnceWhereItIsAsLowAsItGets) {
    CodeSearch search([](const std::vector<double>& z) { return Slope{z[0] * z[0], {2 * z[0]}}; }, {0});
    EXPECT_FALSE(search.advance());
}

TEST(CodeSearch, NeverGoesWhereTheFunctionIsNoNumber) {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    CodeSearch search(
        [](const std::vector<double>& z) {
            return z[0] < 1 ? Slope{-z[0], {-1}} : Slope{kNone, {kNone}};
        },
        {0.5});
    for (int i = 0; i < 100 && search.advance(); ++i) EXPECT_LT(search.current().z[0], 1);
}

TEST(CodeSearch, TheGradientOfTheReconstructionErrorIsItsSlope) {
    const auto data = test::smallDataset(100, 20);
    for (const auto loss : {Reconstruction::Bernoulli, Reconstruction::Gaussian}) {
        auto recipe = test::smallRecipe();
        recipe.reconstruction = loss;
        auto engine = InferenceEngine::create(recipe, **initialWeights(recipe, *data));
        const auto image = selectImages(data->test.images, {3});
        const std::vector<double> z{0.4, -0.7};
        const auto slope = engine->reconstructionError(z, image);
        for (std::size_t d = 0; d < z.size(); ++d) {
            constexpr double kStep = 0.05;
            auto above = z, below = z;
            above[d] += kStep;
            below[d] -= kStep;
            const double difference =
                (engine->reconstructionError(above, image).value - engine->reconstructionError(below, image).value) /
                (2 * kStep);
            EXPECT_NEAR(slope.gradient[d], difference, 0.02 * std::abs(difference) + 0.02);
        }
    }
}

}  // namespace
}  // namespace zwei
