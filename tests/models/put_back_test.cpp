// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/imaging/put_back.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>

#include "models/data/procedural_digits.h"
#include "models/imaging/normaliser.h"
#include "tests/support/simulated_photos.h"

namespace zwei {
namespace {

cv::Mat1b digitOf(const ImageBatch& images, int index) {
    const auto pixels = images.image(index);
    return cv::Mat1b(kImageSide, kImageSide, const_cast<std::uint8_t*>(pixels.data())).clone();
}

ColourPage coloured(const Page& page) {
    ColourPage colour{page.width, page.height, {}};
    for (const auto grey : page.grey) colour.rgb.insert(colour.rgb.end(), {grey, grey, grey});
    return colour;
}

/// The mean absolute difference of grey levels within a box.
double difference(const ColourPage& a, const ColourPage& b, const Box& box) {
    double sum = 0;
    for (int y = box.y; y < box.y + box.height; ++y)
        for (int x = 0; x < box.width; ++x) {
            const auto at = 3 * (static_cast<std::size_t>(y) * a.width + static_cast<std::size_t>(box.x + x));
            sum += std::abs(a.rgb[at] - b.rgb[at]);
        }
    return sum / (box.width * box.height);
}

int darkest(const ColourPage& page, const Box& box) {
    int least = 255;
    for (int y = box.y; y < box.y + box.height; ++y)
        for (int x = box.x; x < box.x + box.width; ++x)
            least = std::min<int>(least, page.rgb[3 * (static_cast<std::size_t>(y) * page.width + x)]);
    return least;
}

class PutBack : public testing::Test {
protected:
    const ImageBatch m_digits = proceduralDigits(6, 3).images;
    const Page m_page =
        test::Photographer(4).photographPage({digitOf(m_digits, 0), digitOf(m_digits, 1), digitOf(m_digits, 2)}).page;
    const NormalisedPage m_found = normalise(m_page);
    const ColourPage m_before = coloured(m_page);
    ColourPage m_after = m_before;
};

TEST_F(PutBack, TheSameDigitsLookAsBefore) {
    ASSERT_EQ(m_found.digits.count, 3);
    putBack(m_after, m_found, m_found.digits);
    for (const auto& box : m_found.boxes) EXPECT_LT(difference(m_before, m_after, box), 20);
    EXPECT_LT(difference(m_before, m_after, {0, 0, m_page.width, m_page.height}), 3);
}

TEST_F(PutBack, NoInkIsPaper) {
    ImageBatch nothing = m_found.digits;
    std::fill(nothing.pixels.begin(), nothing.pixels.end(), std::uint8_t{0});
    putBack(m_after, m_found, nothing);
    ASSERT_EQ(m_found.tone, InkTone::Dark);
    for (const auto& box : m_found.boxes) EXPECT_GT(darkest(m_after, box), darkest(m_before, box) + 60);
}

TEST_F(PutBack, OtherDigitsAreReadInTheirPlace) {
    auto others = m_found.digits;
    std::copy_n(m_found.digits.image(1).begin(), kImagePixels,
                others.pixels.begin());  // the second where the first was
    putBack(m_after, m_found, others);
    EXPECT_GT(difference(m_before, m_after, m_found.boxes[0]), 8);
    EXPECT_LT(difference(m_before, m_after, m_found.boxes[2]), 20);
}

TEST_F(PutBack, AnImageThatReachesBeyondThePageIsCutOff) {
    NormalisedPage found;
    found.digits = {1, kImageSide, kImageSide, std::vector<std::uint8_t>(kImagePixels, 255)};
    found.boxes = {{0, 0, m_page.width, m_page.height}};
    found.fits = {{{-50, -80, m_page.width + 100, m_page.width + 100}, {0, 0, kImageSide, kImageSide}}};
    putBack(m_after, found, found.digits);
    EXPECT_EQ(m_after.rgb.size(), m_before.rgb.size());
}

}  // namespace
}  // namespace zwei
