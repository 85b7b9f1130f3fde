// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/eval/embedding_quality.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "models/eval/trustworthiness.h"
#include "models/types/gaussian_quantile.h"

namespace zwei {
namespace {

CodesPtr codesAt(int dimensions, std::vector<float> mu) {
    const int count = static_cast<int>(mu.size()) / dimensions;
    return std::make_shared<Codes>(Codes{count, dimensions, std::move(mu), {}});
}

/// Codes 0, 1, 2, ... on a line.
CodesPtr codesInARow(int count) {
    std::vector<float> mu(static_cast<std::size_t>(count));
    std::iota(mu.begin(), mu.end(), 0.0F);
    return codesAt(1, mu);
}

TEST(NeighbourAccuracy, TheCommonestClassWinsAndOfEqualOnesTheSmallest) {
    const auto reference = codesAt(1, {0, 1, 2, 10, 11, 12});
    const std::vector<std::uint8_t> labels = {7, 3, 3, 9, 2, 5};
    const auto answer = [&](float z, int k, std::uint8_t label) {
        return neighbourAccuracy(reference, labels, *codesAt(1, {z}), {label}, k);
    };
    EXPECT_EQ(answer(-0.1f, 1, 7), 1);
    EXPECT_EQ(answer(-0.1f, 3, 3), 1);
    EXPECT_EQ(answer(-0.1f, 2, 3), 1);  // 7 is nearer, but 3 is smaller
    EXPECT_EQ(answer(11.1f, 3, 2), 1);
    EXPECT_EQ(answer(11.1f, 3, 9), 0);
    EXPECT_EQ(answer(5, 99, 3), 1);  // all there are
}

TEST(NeighbourAccuracy, IsAShareOfTheQueries) {
    const auto reference = codesAt(2, {0, 0, 5, 5});
    const auto queries = codesAt(2, {0, 1, 1, 0, 4, 4, 9, 9});
    EXPECT_EQ(neighbourAccuracy(reference, {1, 2}, *queries, {1, 1, 2, 1}, 1), 0.75);
}

TEST(SlicedWasserstein, OnALineItIsTheDistanceOfTheQuantiles) {
    std::vector<float> points;
    for (const double p : {0.9, 0.1, 0.5, 0.7, 0.3}) points.push_back(static_cast<float>(normalQuantile(p)));
    EXPECT_NEAR(slicedWasserstein(points, 1), 0, 1e-6);
    for (float& z : points) z += 3;
    EXPECT_NEAR(slicedWasserstein(points, 1), 3, 1e-6);
}

TEST(SlicedWasserstein, OfAPointIsItsMeanProjection) {
    const double squareOfAnyDirection = 25.0 / 2;
    EXPECT_NEAR(slicedWasserstein(std::vector<float>{3, 4}, 2), std::sqrt(squareOfAnyDirection), 1e-9);
    const double inFive = slicedWasserstein(std::vector<float>{3, 0, 4, 0, 0}, 5);
    EXPECT_NEAR(inFive * inFive, 25.0 / 5, 1);  // 128 directions are a sample here
    EXPECT_EQ(inFive, slicedWasserstein(std::vector<float>{3, 0, 4, 0, 0}, 5));
}

TEST(SlicedWasserstein, OfCollapsedCodesIsTheDeviationOfThePrior) {
    EXPECT_NEAR(slicedWasserstein(std::vector<float>(3 * 5000, 0.0f), 3), 1, 1e-3);
}

/// Every image of the row differs from the next by one grey level in one of its bright pixels: squared distances of
/// 1, 4, 9 ... between products of 5e7, which no float would tell apart.
TEST(Trustworthiness, IsOneForNeighboursThatAreKept) {
    constexpr int kCount = 200;
    ImageBatch images{kCount, 28, 28, std::vector<std::uint8_t>(kCount * kImagePixels, 255)};
    for (std::size_t i = 0; i < kCount; ++i) images.pixels[i * kImagePixels] = static_cast<std::uint8_t>(i);
    EXPECT_EQ(trustworthiness(images, codesInARow(kCount), 2), 1);
}

/// Literals of sklearn.manifold.trustworthiness(images, codes, n_neighbors=1 and 3).
TEST(Trustworthiness, AgreesWithScikitLearn) {
    const ImageBatch images{8, 1, 2, {0, 0, 10, 0, 25, 5, 200, 40, 60, 90, 100, 100, 7, 255, 130, 20}};
    const auto codes =
        codesAt(2, {0.1f, 0.2f, 2, -1, 0.3f, 0.1f, -1, -2, 0.9f, 1.5f, 1.2f, 0.7f, -0.5f, 0.4f, -2.2f, 1.1f});
    EXPECT_NEAR(trustworthiness(images, codes, 1).value_or(0), 0.5416666666666667, 1e-12);
    EXPECT_NEAR(trustworthiness(images, codes, 3).value_or(0), 0.4722222222222222, 1e-12);
}

TEST(Trustworthiness, CodesThatAreAllEqualAreNoFault) {
    const ImageBatch images{6, 1, 1, {0, 1, 2, 3, 4, 5}};
    const auto value = trustworthiness(images, codesAt(1, std::vector<float>(6, 0)), 2);
    ASSERT_TRUE(value.has_value());
    EXPECT_GE(*value, 0);
    EXPECT_LE(*value, 1);
}

TEST(Trustworthiness, CanBeCancelled) {
    const std::atomic<bool> cancel = true;
    const ImageBatch images{6, 1, 1, {0, 1, 2, 3, 4, 5}};
    EXPECT_FALSE(trustworthiness(images, codesInARow(6), 2, &cancel).has_value());
}

}  // namespace
}  // namespace zwei
