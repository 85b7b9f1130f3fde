// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/imaging/normaliser.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <optional>
#include <random>

#include "models/data/dataset.h"
#include "models/data/procedural_digits.h"
#include "models/nn/autoencoder.h"
#include "models/types/reconstruction.h"
#include "tests/support/simulated_photos.h"

namespace zwei {
namespace {

cv::Mat1b digitOf(const ImageBatch& images, int index) {
    const auto pixels = images.image(index);
    return cv::Mat1b(kImageSide, kImageSide, const_cast<std::uint8_t*>(pixels.data())).clone();
}

double shareInCommon(const Box& a, const Box& b) {
    const cv::Rect one(a.x, a.y, a.width, a.height);
    const cv::Rect other(b.x, b.y, b.width, b.height);
    return (one & other).area() / static_cast<double>((one | other).area());
}

std::optional<std::size_t> boxLike(const Box& wanted, const std::vector<Box>& boxes) {
    for (std::size_t i = 0; i < boxes.size(); ++i)
        if (shareInCommon(wanted, boxes[i]) > 0.4) return i;
    return std::nullopt;
}

DatasetPtr mnist() {
    const char* folder = std::getenv("ZWEI_DATA_DIR");
    if (!folder) return nullptr;
    const auto data = loadDataset("mnist", {folder});
    return data ? *data : nullptr;
}

/// Labels by the 5 nearest images of the training set, squared distances of pixels; a tie goes to the nearest.
std::vector<int> nearestLabels(const LabelledImages& train, const ImageBatch& queries) {
    const torch::NoGradGuard noGrad;
    const auto known = imageTensor(train.images, 0, train.images.count);
    const auto asked = imageTensor(queries, 0, queries.count);
    const auto distances = known.square().sum(1).unsqueeze(0) - 2 * asked.mm(known.t());
    const auto nearest = std::get<1>(distances.topk(5, 1, /*largest=*/false)).contiguous();
    std::vector<int> labels;
    for (int i = 0; i < queries.count; ++i) {
        int votes[kClasses] = {};
        const auto labelOf = [&](int k) { return train.labels[nearest[i][k].item<std::int64_t>()]; };
        for (int k = 0; k < 5; ++k) ++votes[labelOf(k)];
        int best = labelOf(0);
        for (int k = 1; k < 5; ++k)
            if (votes[labelOf(k)] > votes[best]) best = labelOf(k);
        labels.push_back(best);
    }
    return labels;
}

/// The squared difference from the original, moved by this, as a share of the original's squares.
double difference(const cv::Mat1b& digit, const cv::Mat1b& original, cv::Point by) {
    const cv::Rect image(0, 0, kImageSide, kImageSide);
    const cv::Rect kept = image & (image + by);
    return cv::norm(digit(kept), original(kept - by), cv::NORM_L2SQR) / cv::norm(original, cv::NORM_L2SQR);
}

TEST(Normaliser, ADigitOfMnistStaysAsItIs) {
    const auto digits = proceduralDigits(20, 3).images;
    for (const auto tone : {InkTone::Light, InkTone::Dark})
        for (int i = 0; i < digits.count; ++i) {
            Page page{kImageSide, kImageSide, {}};
            for (const auto pixel : digits.image(i))
                page.grey.push_back(tone == InkTone::Light ? pixel : static_cast<std::uint8_t>(255 - pixel));
            const auto found = normalise(page);
            ASSERT_EQ(found.boxes.size(), 1u) << i;
            EXPECT_EQ(found.tone, tone);
            // Where the mass lies between two pixels, either may be the middle.
            double nearest = 1;
            for (int shift = 0; shift < 9; ++shift)
                nearest = std::min(
                    nearest, difference(digitOf(found.digits, 0), digitOf(digits, i), {shift % 3 - 1, shift / 3 - 1}));
            EXPECT_LT(nearest, 0.12) << i;
        }
}

TEST(Normaliser, APageOfNothingHasNoDigits) {
    for (const int grey : {0, 90, 255}) {
        const Page plain{640, 480, std::vector<std::uint8_t>(640 * 480, static_cast<std::uint8_t>(grey))};
        EXPECT_TRUE(normalise(plain).boxes.empty());
    }
    Page noisy{640, 480, std::vector<std::uint8_t>(640 * 480)};
    std::mt19937 random(1);
    std::normal_distribution<> level(200, 6);
    for (auto& pixel : noisy.grey) pixel = cv::saturate_cast<std::uint8_t>(level(random));
    EXPECT_TRUE(normalise(noisy).boxes.empty());
    EXPECT_TRUE(normalise({1, 1, {17}}).boxes.empty());
}

TEST(Normaliser, ABoxOfAPersonIsTaken) {
    const auto photo = test::Photographer(7).photographPage(
        {digitOf(proceduralDigits(3, 3).images, 0), digitOf(proceduralDigits(3, 3).images, 1)});
    NormaliserChoices choices;
    choices.boxes = {photo.boxes[1], Box{0, 0, 3, 3}};
    const auto found = normalise(photo.page, choices);
    EXPECT_EQ(found.boxes, *choices.boxes);
    ASSERT_EQ(found.digits.count, 2);
    const auto ink = [&](int image) {
        const auto pixels = found.digits.image(image);
        return std::accumulate(pixels.begin(), pixels.end(), 0);
    };
    EXPECT_GT(ink(0), 5000);
    EXPECT_EQ(ink(1), 0);
}

TEST(Normaliser, PagesAreReadLineByLine) {
    const auto data = mnist();
    const auto images = data ? data->test.images : proceduralDigits(2000, 3).images;
    test::Photographer photographer(11);
    int wanted = 0;
    int found = 0;
    int wrong = 0;
    int next = 0;
    for (int count = 3; count <= 40; ++count) {
        std::vector<cv::Mat1b> digits;
        for (int i = 0; i < count; ++i) digits.push_back(digitOf(images, next++));
        const auto photo = photographer.photographPage(digits);
        const auto seen = normalise(photo.page);
        std::vector<std::size_t> order;
        for (const auto& box : photo.boxes)
            if (const auto at = boxLike(box, seen.boxes)) order.push_back(*at);
        wanted += count;
        found += static_cast<int>(order.size());
        wrong += static_cast<int>(seen.boxes.size() - order.size());
        EXPECT_TRUE(std::is_sorted(order.begin(), order.end())) << count << " digits";
    }
    std::printf("found %.1f %% of %d digits, and %.1f %% too many\n", 100.0 * found / wanted, wanted,
                100.0 * wrong / wanted);
    EXPECT_GE(found, 0.97 * wanted);
    EXPECT_LT(wrong, 0.02 * wanted);
}

TEST(Normaliser, PhotographsOfDigitsAreToldAsWellAsTheDigits) {
    const auto data = mnist();
    if (!data) GTEST_SKIP() << "skipped: MNIST is not in ZWEI_DATA_DIR";
    constexpr int kPhotographs = 1000;
    const auto originals = selectImages(data->test.images, firstIndices(kPhotographs, data->test.images.count));
    test::Photographer photographer(5);
    ImageBatch normalised;
    normalised.pixels.resize(std::size_t{kPhotographs} * kImagePixels);
    normalised.count = kPhotographs;
    int several = 0;
    int none = 0;
    for (int i = 0; i < kPhotographs; ++i) {
        const auto photo = photographer.photograph(digitOf(originals, i));
        const auto found = normalise(photo.page);
        several += found.boxes.size() > 1;
        none += found.boxes.empty();
        const auto at = boxLike(photo.boxes.front(), found.boxes);
        if (!at) continue;  // an image of nothing is told wrong
        const auto digit = found.digits.image(static_cast<int>(*at));
        std::copy(digit.begin(), digit.end(), normalised.pixels.begin() + std::ptrdiff_t{i} * kImagePixels);
    }
    const auto accuracy = [&](const ImageBatch& images) {
        const auto labels = nearestLabels(data->train, images);
        double right = 0;
        for (int i = 0; i < kPhotographs; ++i) right += labels[i] == data->test.labels[i];
        return 100 * right / kPhotographs;
    };
    const double original = accuracy(originals);
    const double photographed = accuracy(normalised);
    std::printf(
        "5-NN on pixels: %.1f %% of the digits, %.1f %% of their photographs; nothing found on %d, more than one on "
        "%d\n",
        original, photographed, none, several);
    EXPECT_GE(photographed, original - 4);
}

}  // namespace
}  // namespace zwei
