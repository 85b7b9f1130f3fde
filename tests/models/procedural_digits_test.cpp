// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/data/procedural_digits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "models/data/digit_strokes.h"

namespace zwei {
namespace {

constexpr int kMany = 4000;
constexpr std::uint64_t kSeed = 7;

const LabelledImages& manyDigits() {
    static const LabelledImages digits = proceduralDigits(kMany, kSeed);
    return digits;
}

struct Extent {
    int first = kImageSide;
    int last = -1;

    void add(int place) {
        first = std::min(first, place);
        last = std::max(last, place);
    }
    int length() const { return last - first + 1; }
};

struct Ink {
    Extent columns;
    Extent rows;
    double centreX = 0;  // of mass, in pixels counted from 0
    double centreY = 0;
};

Ink measureInk(std::span<const std::uint8_t> image) {
    Ink ink;
    double mass = 0;
    for (int row = 0; row < kImageSide; ++row) {
        for (int column = 0; column < kImageSide; ++column) {
            const int grey = image[static_cast<std::size_t>(row * kImageSide + column)];
            if (grey == 0) continue;
            ink.columns.add(column);
            ink.rows.add(row);
            mass += grey;
            ink.centreX += grey * column;
            ink.centreY += grey * row;
        }
    }
    ink.centreX /= mass;
    ink.centreY /= mass;
    return ink;
}

TEST(ProceduralDigits, SameSeedGivesTheSameDigits) {
    const auto again = proceduralDigits(kMany, kSeed);
    EXPECT_EQ(again.images.pixels, manyDigits().images.pixels);
    EXPECT_EQ(again.labels, manyDigits().labels);
}

TEST(ProceduralDigits, OtherSeedGivesOtherDigits) {
    const auto other = proceduralDigits(100, kSeed + 1);
    EXPECT_NE(other.labels, proceduralDigits(100, kSeed).labels);
    for (int i = 0; i < 100; ++i) {
        EXPECT_FALSE(std::ranges::equal(other.images.image(i), manyDigits().images.image(i))) << "image " << i;
    }
}

TEST(ProceduralDigits, NoTwoDigitsOfARunAreTheSame) {
    const auto& images = manyDigits().images;
    std::vector<std::vector<std::uint8_t>> sorted;
    sorted.reserve(kMany);
    for (int i = 0; i < kMany; ++i) sorted.emplace_back(images.image(i).begin(), images.image(i).end());
    std::ranges::sort(sorted);
    EXPECT_EQ(std::ranges::adjacent_find(sorted), sorted.end());
}

// The shorter runs are split otherwise between threads, or not at all.
TEST(ProceduralDigits, LongerRunStartsWithTheShorterOne) {
    for (const int count : {1, 13, 777, 2049}) {
        const auto shorter = proceduralDigits(count, kSeed);
        ASSERT_EQ(shorter.images.count, count);
        EXPECT_TRUE(std::ranges::equal(shorter.images.pixels,
                                       std::span(manyDigits().images.pixels).first(shorter.images.pixels.size())));
        EXPECT_TRUE(std::ranges::equal(shorter.labels, std::span(manyDigits().labels).first(shorter.labels.size())));
    }
}

TEST(ProceduralDigits, NoneIsAnEmptyBatch) {
    const auto none = proceduralDigits(0, kSeed);
    EXPECT_EQ(none.images.count, 0);
    EXPECT_TRUE(none.images.pixels.empty());
    EXPECT_TRUE(none.labels.empty());
}

TEST(ProceduralDigits, EveryTenHoldEachClassOnceInSomeOrder) {
    const auto& labels = manyDigits().labels;
    std::array<std::uint8_t, kClasses> classes{};
    std::iota(classes.begin(), classes.end(), std::uint8_t{0});
    int inOrder = 0;
    for (std::size_t first = 0; first < labels.size(); first += kClasses) {
        const auto ten = std::span(labels).subspan(first, kClasses);
        EXPECT_TRUE(std::ranges::is_permutation(ten, classes)) << "from image " << first;
        inOrder += std::ranges::equal(ten, classes);
    }
    EXPECT_LE(inOrder, 1);
}

TEST(ProceduralDigits, InkFillsTheLongerSideOfMnistsBox) {
    for (int i = 0; i < kMany; ++i) {
        const auto ink = measureInk(manyDigits().images.image(i));
        EXPECT_LE(ink.columns.length(), 20) << "image " << i;
        EXPECT_LE(ink.rows.length(), 20) << "image " << i;
        EXPECT_GE(std::max(ink.columns.length(), ink.rows.length()), 19) << "image " << i;
    }
}

TEST(ProceduralDigits, CentreOfMassIsInTheMiddleAsInMnist) {
    double meanX = 0;
    double meanY = 0;
    for (int i = 0; i < kMany; ++i) {
        const auto ink = measureInk(manyDigits().images.image(i));
        EXPECT_NEAR(ink.centreX, 14, 1) << "image " << i;
        EXPECT_NEAR(ink.centreY, 14, 1) << "image " << i;
        meanX += ink.centreX / kMany;
        meanY += ink.centreY / kMany;
    }
    EXPECT_NEAR(meanX, 14, 0.05);  // 14.01 in MNIST
    EXPECT_NEAR(meanY, 14, 0.05);
}

TEST(ProceduralDigits, GreyLevelsAreNearMnists) {
    const auto& pixels = manyDigits().images.pixels;
    const auto size = static_cast<double>(pixels.size());
    const auto inked = static_cast<double>(std::ranges::count_if(pixels, [](std::uint8_t grey) { return grey > 0; }));
    const auto full = static_cast<double>(std::ranges::count_if(pixels, [](std::uint8_t grey) { return grey >= 250; }));
    EXPECT_NEAR(std::accumulate(pixels.begin(), pixels.end(), 0.0) / size, 33.3, 1.5);
    EXPECT_NEAR(inked / size, 0.191, 0.010);
    EXPECT_NEAR(full / inked, 0.385, 0.030);
}

// A one has the least ink and is the narrowest, a zero or an eight has the most: labels belong to their images.
TEST(ProceduralDigits, LabelsSayWhatIsDrawn) {
    std::array<double, kClasses> ink{};
    std::array<double, kClasses> width{};
    for (int i = 0; i < kMany; ++i) {
        const auto image = manyDigits().images.image(i);
        const auto label = manyDigits().labels[static_cast<std::size_t>(i)];
        ink[label] += std::accumulate(image.begin(), image.end(), 0.0);
        width[label] += measureInk(image).columns.length();
    }
    EXPECT_EQ(std::ranges::min_element(ink) - ink.begin(), 1);
    EXPECT_EQ(std::ranges::min_element(width) - width.begin(), 1);
    const auto heaviest = std::ranges::max_element(ink) - ink.begin();
    EXPECT_TRUE(heaviest == 0 || heaviest == 8);
}

TEST(DigitForms, SharesOfADigitAddUpToOne) {
    for (const auto& forms : digitForms()) {
        float sum = 0;
        for (const auto& form : forms) sum += form.share;
        EXPECT_NEAR(sum, 1, 1e-5);
    }
}

// Otherwise there is no hand between two of them.
TEST(DigitForms, HandsOfAFormLayTheSameStrokes) {
    for (std::size_t digit = 0; digit < kClasses; ++digit) {
        for (const auto& form : digitForms()[digit]) {
            ASSERT_FALSE(form.hands.empty());
            for (const auto& hand : form.hands) {
                ASSERT_EQ(hand.size(), form.hands.front().size()) << "of digit " << digit;
                for (std::size_t s = 0; s < hand.size(); ++s) {
                    EXPECT_EQ(hand[s].size(), form.hands.front()[s].size()) << "of digit " << digit;
                    EXPECT_GE(hand[s].size(), 2u);
                }
            }
        }
    }
}

}  // namespace
}  // namespace zwei
