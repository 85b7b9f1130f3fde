// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "models/eval/comparison.h"
#include "models/eval/neighbours.h"
#include "models/io/half.h"
#include "models/io/recipe_json.h"
#include "models/nn/recipe_check.h"
#include "models/train/schedule.h"
#include "models/types/latent_grid.h"
#include "models/types/presets.h"
#include "models/types/reconstruction.h"

namespace zwei {
namespace {

TEST(Half, EveryHalfComesBackAsItself) {
    for (std::uint32_t half = 0; half < 0x10000; ++half) {
        const float value = fromHalf(static_cast<std::uint16_t>(half));
        if (std::isnan(value)) continue;
        ASSERT_EQ(toHalf(value), half);
    }
    EXPECT_TRUE(std::isnan(fromHalf(toHalf(std::nanf("")))));
}

TEST(Half, RoundsToTheNearestAndTiesToEven) {
    EXPECT_EQ(fromHalf(toHalf(1.0f + 0x1p-11f)), 1.0f);                // tie: down to even
    EXPECT_EQ(fromHalf(toHalf(1.0f + 3 * 0x1p-11f)), 1.0f + 0x1p-9f);  // tie: up to even
    EXPECT_EQ(fromHalf(toHalf(0x1p-25f)), 0.0f);
    EXPECT_EQ(fromHalf(toHalf(3 * 0x1p-26f)), 0x1p-24f);
    EXPECT_TRUE(std::isinf(fromHalf(toHalf(65520.0f))));
    EXPECT_EQ(fromHalf(toHalf(65519.0f)), 65504.0f);
}

TEST(Recipe, ComesBackFromItsJson) {
    for (const auto& preset : presets()) {
        auto recipe = preset.recipe;
        recipe.beta = 0.1;
        recipe.seed = 18446744073709551615u;
        const auto back = recipeFromJson(recipeToJson(recipe));
        ASSERT_TRUE(back.has_value()) << back.error();
        EXPECT_EQ(*back, recipe);
    }
}

TEST(Recipe, DamagedJsonIsRefused) {
    const auto text = recipeToJson(Recipe{});
    for (const std::string& damaged :
         {std::string("no json"), std::string("[]"), std::string("{}"), text.substr(0, 20)})
        EXPECT_FALSE(recipeFromJson(damaged).has_value()) << damaged;
    const auto changed = [&text](const std::string& from, const std::string& to) {
        auto other = text;
        return recipeFromJson(other.replace(other.find(from), from.size(), to));
    };
    EXPECT_FALSE(changed("\"dense\"", "\"round\"").has_value());
    EXPECT_FALSE(changed("\"batch\":256", "\"batch\":-1").has_value());
    EXPECT_FALSE(changed("\"batch\":256", "\"batch\":4294967297").has_value());
    EXPECT_FALSE(changed("\"batch\":256", "\"batch\":2.5").has_value());
    EXPECT_FALSE(changed("[256,256,256]", "[256,\"a\"]").has_value());
}

TEST(Recipe, FaultsAreNamed) {
    const auto faulty = [](auto change) {
        Recipe recipe;
        change(recipe);
        return recipeFault(recipe).has_value();
    };
    EXPECT_FALSE(faulty([](Recipe&) {}));
    EXPECT_TRUE(faulty([](Recipe& r) { r.hidden = {}; }));
    EXPECT_TRUE(faulty([](Recipe& r) { r.hidden = {512, 0}; }));
    EXPECT_TRUE(faulty([](Recipe& r) { r.latentSize = 0; }));
    EXPECT_TRUE(faulty([](Recipe& r) { r.learningRate = std::nan(""); }));
    EXPECT_TRUE(faulty([](Recipe& r) { r.beta = -1; }));
    EXPECT_TRUE(faulty([](Recipe& r) { r.epochs = -1; }));
    EXPECT_TRUE(faulty([](Recipe& r) { r.batch = 0; }));
}

TEST(Schedule, OneCycleRisesToItsPeakAndFallsToNearlyNothing) {
    constexpr std::int64_t kSteps = 1001;
    const auto at = [](std::int64_t step) { return learningRateAt(Schedule::OneCycle, 2.0, step, kSteps); };
    EXPECT_NEAR(at(0), 2.0 / 25, 1e-9);
    EXPECT_NEAR(at(100), 2.0, 1e-9);
    EXPECT_LT(at(kSteps - 1), 2.0 / 1000);
    for (std::int64_t step = 1; step < kSteps; ++step) EXPECT_EQ(at(step) > at(step - 1), step <= 100) << step;
    EXPECT_EQ(learningRateAt(Schedule::Constant, 2.0, 500, kSteps), 2.0);
    EXPECT_GT(learningRateAt(Schedule::OneCycle, 2.0, 0, 1), 0);
}

TEST(LatentGrid, QuantileIsTheInverseOfTheDistribution) {
    for (const double p : {1e-12, 0.001, 0.2, 0.5, 0.9, 0.999999})
        EXPECT_NEAR(normalCdf(normalQuantile(p)) / p, 1, 1e-9);
    EXPECT_NEAR(normalQuantile(0.975), 1.959963984540054, 1e-9);
    EXPECT_NEAR(normalQuantile(0.3), -normalQuantile(0.7), 1e-12);
}

TEST(LatentGrid, RowsGoDownAndColumnsToTheRight) {
    GridRequest request;
    request.side = 3;
    EXPECT_EQ(gridPoints(request), (std::vector<float>{-2, 2, 0, 2, 2, 2, -2, 0, 0, 0, 2, 0, -2, -2, 0, -2, 2, -2}));
    request.spacing = GridSpacing::GaussianQuantiles;
    EXPECT_NEAR(gridPoints(request)[0], normalQuantile(1.0 / 6), 1e-6);
}

TEST(LatentGrid, ARowAClassHasTheSamePointsInEachRow) {
    GridRequest request;
    request.side = 2;
    request.label = 7;
    EXPECT_EQ(gridLabels(request), (std::vector<std::uint8_t>{7, 7, 7, 7}));
    EXPECT_EQ(gridPoints(request, 0.5), gridPoints(request)) << "only a row a class is at the cursor's height";

    request.hasRowALabel = true;
    const auto points = gridPoints(request, 0.5);
    const auto labels = gridLabels(request);
    ASSERT_EQ(points.size(), 2 * 2 * static_cast<std::size_t>(kClasses));
    ASSERT_EQ(labels.size(), 2 * static_cast<std::size_t>(kClasses));
    for (std::size_t tile = 0; tile < labels.size(); ++tile) {
        EXPECT_EQ(points[2 * tile], tile % 2 == 0 ? -1.5F : 1.5F);
        EXPECT_EQ(points[2 * tile + 1], 0.5F);
        EXPECT_EQ(labels[tile], tile / 2);
    }
}

TEST(Reconstruction, DifferencesAreAbsolute) {
    const ImageBatch inputs{1, 1, 3, {0, 200, 255}};
    const ImageBatch outputs{1, 1, 3, {255, 210, 250}};
    EXPECT_EQ(compareImages(inputs, outputs, {4}).differences.pixels, (std::vector<std::uint8_t>{255, 10, 5}));
}

TEST(Neighbours, AreTheNearestOfAllInTheTreeAndInTheLook) {
    auto codes = std::make_shared<Codes>(Codes{500, 3, {}, {}});
    std::uint32_t state = 1;
    for (int i = 0; i < 1500; ++i)
        codes->mu.push_back(static_cast<float>((state = state * 1664525u + 1013904223u) >> 8) / 0x1p24f);
    const std::vector<double> z = {0.4, 0.5, 0.6};
    std::vector<int> order(500);
    std::iota(order.begin(), order.end(), 0);
    const auto distance = [&](int i) {
        double sum = 0;
        for (std::size_t d = 0; d < 3; ++d) sum += std::pow(codes->mean(i)[d] - z[d], 2);
        return sum;
    };
    std::sort(order.begin(), order.end(), [&](int a, int b) { return distance(a) < distance(b); });
    const NeighbourIndex index(codes);
    const std::vector<float> point(z.begin(), z.end());
    EXPECT_EQ(index.nearest(point, 6), std::vector<int>(order.begin(), order.begin() + 6));
    EXPECT_EQ(index.nearest(point, 9999).size(), 500u);
    const auto any = [](int) { return true; };
    EXPECT_EQ(nearestCodes(*codes, z, 6, any), std::vector<int>(order.begin(), order.begin() + 6));
    EXPECT_EQ(nearestCodes(*codes, z, 9999, any).size(), 500u);
    std::erase_if(order, [](int i) { return i % 7 != 0; });
    EXPECT_EQ(nearestCodes(*codes, z, 6, [](int i) { return i % 7 == 0; }),
              std::vector<int>(order.begin(), order.begin() + 6));
}

}  // namespace
}  // namespace zwei
