// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/eval/nearest_class.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "models/data/procedural_digits.h"
#include "models/kernels/difference.h"

namespace zwei {
namespace {

TEST(NearestClass, TheSumOfSquaresIsThatOfEachPixel) {
    std::mt19937 random(1);
    std::uniform_int_distribution<int> grey(0, 255);
    for (const std::size_t count : {0u, 1u, 15u, 16u, 17u, 784u, 4097u}) {
        std::vector<std::uint8_t> a(count), b(count);
        int expected = 0;
        for (std::size_t i = 0; i < count; ++i) {
            a[i] = static_cast<std::uint8_t>(grey(random));
            b[i] = static_cast<std::uint8_t>(grey(random));
            expected += (a[i] - b[i]) * (a[i] - b[i]);
        }
        EXPECT_EQ(kernels::squaredDifference(a.data(), b.data(), count), expected);
    }
}

/// Images of one grey level each.
LabelledImages greys(const std::vector<std::pair<int, int>>& levelsAndLabels) {
    LabelledImages made;
    for (const auto& [level, label] : levelsAndLabels) {
        made.images.pixels.insert(made.images.pixels.end(), kImagePixels, static_cast<std::uint8_t>(level));
        made.labels.push_back(static_cast<std::uint8_t>(label));
        ++made.images.count;
    }
    return made;
}

TEST(NearestClass, FiveNearestVoteAndATieGoesToTheNearest) {
    const std::vector<std::uint8_t> image(kImagePixels, 100);
    EXPECT_EQ(nearestClass(greys({{101, 3}, {104, 7}, {105, 7}, {110, 2}, {111, 7}, {0, 3}, {1, 3}}), image), 7);
    EXPECT_EQ(nearestClass(greys({{103, 4}, {101, 3}, {105, 4}, {106, 3}, {110, 9}}), image), 3);
    EXPECT_EQ(nearestClass(greys({{0, 8}}), image), 8);  // fewer than five
}

TEST(NearestClass, TheNearestImagesComeFirst) {
    const std::vector<std::uint8_t> image(kImagePixels, 100);
    const auto known = greys({{0, 0}, {103, 0}, {100, 0}, {98, 0}});
    EXPECT_EQ(nearestImages(known.images, image, 3), (std::vector<int>{2, 3, 1}));
    EXPECT_EQ(nearestImages(known.images, image, 9).size(), 4u);
}

TEST(NearestClass, TellsDigitsApart) {
    const auto known = proceduralDigits(3000, 1);
    const auto asked = proceduralDigits(200, 2);
    int right = 0;
    for (int i = 0; i < asked.images.count; ++i)
        right += nearestClass(known, asked.images.image(i)) == asked.labels[static_cast<std::size_t>(i)];
    EXPECT_GT(right, 160);
}

}  // namespace
}  // namespace zwei
