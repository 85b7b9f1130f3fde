// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/data/image_filters.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "models/data/procedural_digits.h"

namespace zwei {
namespace {

using Pixels = std::vector<std::uint8_t>;

constexpr EnlargeFilter kFilters[] = {EnlargeFilter::Bicubic, EnlargeFilter::Lanczos};

void expectShape(const ImageBatch& images, int count, int height, int width) {
    EXPECT_EQ(images.count, count);
    EXPECT_EQ(images.height, height);
    EXPECT_EQ(images.width, width);
    EXPECT_EQ(images.pixels.size(), static_cast<std::size_t>(count * height * width));
}

TEST(ImageFilters, ShrinkTakesTheMeanOfEachSquare) {
    const ImageBatch images{2, 2, 4, {0, 0, 9, 9, 0, 2, 9, 9, 1, 1, 255, 255, 1, 2, 255, 255}};
    const auto small = shrink(images, 2);
    expectShape(small, 2, 1, 2);
    EXPECT_EQ(small.pixels, (Pixels{1, 9, 1, 255}));  // of 0.5, 9, 1.25 and 255
}

TEST(ImageFilters, RepeatPixelsMakesSquares) {
    const auto large = repeatPixels({2, 1, 2, {1, 2, 3, 4}}, 2);
    expectShape(large, 2, 2, 4);
    EXPECT_EQ(large.pixels, (Pixels{1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4}));
}

TEST(ImageFilters, ShrinkUndoesRepeatPixels) {
    const auto digits = proceduralDigits(5, 1).images;
    for (const int factor : {2, 4}) EXPECT_EQ(shrink(repeatPixels(digits, factor), factor).pixels, digits.pixels);
}

TEST(ImageFilters, EnlargeKeepsAnEvenImage) {
    for (const auto filter : kFilters) {
        const auto large = enlarge({2, 1, 3, {7, 7, 7, 255, 255, 255}}, 4, filter);
        expectShape(large, 2, 4, 12);
        EXPECT_EQ(large.pixels, [] {
            Pixels expected(48, 7);
            expected.resize(96, 255);
            return expected;
        }());
    }
}

TEST(ImageFilters, EnlargeByOneChangesNothing) {
    const auto digits = proceduralDigits(2, 1).images;
    for (const auto filter : kFilters) EXPECT_EQ(enlarge(digits, 1, filter).pixels, digits.pixels);
}

/// Literals of Pillow: Image.fromarray(a, "F").resize((6, 4), BICUBIC or LANCZOS), clipped and rounded. Unclipped they
/// lie between -77 and 347.
TEST(ImageFilters, EnlargeAgreesWithPillow) {
    const ImageBatch image{1, 2, 3, {10, 200, 30, 255, 0, 90}};
    const Pixels expected[] = {
        {0, 36, 180, 191, 66, 8, 52, 82, 145, 140, 67, 32, 219, 173, 75, 38, 67, 81, 255, 218, 40, 0, 67, 105},
        {0, 30, 192, 213, 76, 0, 52, 90, 145, 136, 70, 26, 219, 168, 83, 35, 61, 86, 255, 228, 35, 0, 55, 131}};
    for (int filter = 0; filter < 2; ++filter) {
        const auto large = enlarge(image, 2, kFilters[filter]);
        expectShape(large, 1, 4, 6);
        for (std::size_t i = 0; i < large.pixels.size(); ++i)
            EXPECT_LE(std::abs(large.pixels[i] - expected[filter][i]), 1) << filter << ", " << i;
    }
}

TEST(ImageFilters, MedianTakesAwayASpeck) {
    ImageBatch image{1, 5, 5, Pixels(25, 20)};
    image.pixels[12] = 255;
    image.pixels[0] = 0;
    EXPECT_EQ(medianFilter3x3(image).pixels, Pixels(25, 20));
}

/// Literals of scipy.ndimage.median_filter(a, 3, mode="nearest").
TEST(ImageFilters, MedianAgreesWithScipy) {
    const auto filtered = medianFilter3x3({1, 4, 3, {9, 1, 8, 2, 7, 3, 6, 4, 5, 0, 255, 10}});
    EXPECT_EQ(filtered.pixels, (Pixels{7, 7, 7, 6, 5, 5, 4, 5, 5, 4, 6, 10}));
}

TEST(ImageFilters, NeighbouringImagesDoNotMix) {
    const ImageBatch two{2, 2, 2, {0, 0, 0, 0, 255, 255, 255, 255}};
    EXPECT_EQ(medianFilter3x3(two).pixels, two.pixels);
}

}  // namespace
}  // namespace zwei
