// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/eval/image_quality.h"

#include <gtest/gtest.h>

#include <cmath>

#include "models/data/procedural_digits.h"

namespace zwei {
namespace {

/// One image of 12 x 13 pixels; `grey` tells pixel i.
template <class Grey>
ImageBatch image(Grey grey) {
    ImageBatch made{1, 12, 13, {}};
    for (int i = 0; i < 12 * 13; ++i) made.pixels.push_back(static_cast<std::uint8_t>(grey(i)));
    return made;
}

TEST(ImageQuality, MeansAreOverImages) {
    ImageBatch images{2, 11, 11, std::vector<std::uint8_t>(121, 100)};
    auto originals = images;
    images.pixels.resize(242, 51);  // a fifth of the scale off
    originals.pixels.resize(242, 0);
    const auto errors = meanSquaredErrors(images, originals);
    ASSERT_EQ(errors.size(), 2u);
    EXPECT_EQ(errors[0], 0);
    EXPECT_NEAR(errors[1], 0.04, 1e-15);
    const auto quality = imageQuality(images, originals);
    EXPECT_NEAR(quality.mse, 0.02, 1e-15);
    EXPECT_NEAR(quality.psnr, (20 * std::log10(510) + 20 * std::log10(5)) / 2, 1e-12);
}

TEST(ImageQuality, EqualImagesAreHalfAGreyLevelApart) {
    const auto digits = proceduralDigits(3, 1).images;
    const auto quality = imageQuality(digits, digits);
    EXPECT_EQ(quality.mse, 0);
    EXPECT_NEAR(quality.psnr, 54.1514, 1e-4);
    EXPECT_NEAR(quality.ssim, 1, 1e-12);
}

TEST(ImageQuality, SsimOfEvenImagesComparesTheirMeans) {
    const double a = 51 / 255.0;
    const double b = 204 / 255.0;
    const double expected = (2 * a * b + 1e-4) / (a * a + b * b + 1e-4);
    const auto quality = imageQuality(image([](int) { return 51; }), image([](int) { return 204; }));
    EXPECT_NEAR(quality.ssim, expected, 1e-9);
}

/// Literals of skimage.metrics.structural_similarity(x, y, gaussian_weights=True, sigma=1.5,
/// use_sample_covariance=False, data_range=1).
TEST(ImageQuality, SsimAgreesWithScikitImage) {
    const auto x = image([](int i) { return i * 37 % 256; });
    const auto unlike = image([](int i) { return i * i * 11 % 256; });
    const auto alike = image([](int i) { return i * 37 % 256 / 2 + 40; });
    EXPECT_NEAR(imageQuality(x, unlike).ssim, 0.04688270968521314, 1e-9);
    EXPECT_NEAR(imageQuality(x, alike).ssim, 0.787100887426743, 1e-9);
    EXPECT_NEAR(imageQuality(alike, x).ssim, 0.787100887426743, 1e-9);
}

TEST(BernoulliFloor, IsTheEntropyOfTheGreyValues) {
    const auto entropy = [](double p) { return -p * std::log(p) - (1 - p) * std::log(1 - p); };
    const ImageBatch images{2, 1, 3, {0, 255, 51, 102, 254, 0}};
    EXPECT_NEAR(bernoulliFloor(images), (entropy(0.2) + entropy(0.4) + entropy(254 / 255.0)) / 2, 1e-12);
}

}  // namespace
}  // namespace zwei
