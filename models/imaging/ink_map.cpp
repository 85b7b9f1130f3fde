// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/imaging/ink_map.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "models/imaging/paper.h"
#include "models/types/quantile.h"

namespace zwei {
namespace {

constexpr double kWorkingSide = 1600;  // pixels: of 40 digits on a page each still has a hundred
constexpr int kSmoothedSide = 100;     // a smaller picture is a drawing rather than a photograph
constexpr float kLeastContrast = 0.06F;
constexpr float kNoiseDeviations = 4.F;
constexpr float kThreshold = 0.38F;  // of the ink inside strokes

/// The deviation of most pixels, which are paper, by the median of the absolute differences.
float noiseOf(const cv::Mat1f& ink) {
    constexpr float kToDeviation = 1.4826F;
    std::vector<float> values(ink.begin(), ink.end());
    const float middle = median(values);
    for (auto& value : values) value = std::abs(value - middle);
    return kToDeviation * median(std::move(values));
}

/// What separates the values above `least` best (Otsu, 1979), and the mean of those beyond.
float inkInside(const cv::Mat1f& ink, float least) {
    std::vector<std::uint8_t> strong;
    for (const float value : ink)
        if (value > least) strong.push_back(cv::saturate_cast<std::uint8_t>(255 * value));
    if (strong.empty()) return 1;
    cv::Mat levels(strong, /*copyData=*/true);
    const double between = cv::threshold(levels, levels, 0, 255, cv::THRESH_BINARY | cv::THRESH_OTSU);
    double sum = 0;
    double count = 0;
    for (const auto level : strong) {
        if (level < between) continue;
        sum += level;
        ++count;
    }
    return static_cast<float>(count > 0 ? sum / count / 255 : 1);
}

}  // namespace

InkMap inkMap(const Page& page, std::optional<InkTone> tone) {
    const cv::Mat whole(page.height, page.width, CV_8UC1, const_cast<std::uint8_t*>(page.grey.data()));
    cv::Mat grey = reduced(whole, kWorkingSide);
    if (std::max(grey.cols, grey.rows) > kSmoothedSide) cv::GaussianBlur(grey, grey, {}, 0.8);
    const cv::Mat1f paper = cv::Mat1b(paperOf(grey));
    const cv::Mat1f light = cv::Mat1f(grey);
    const cv::Mat1f difference = light - paper;

    InkMap map;
    map.scale = static_cast<double>(page.width) / grey.cols;
    cv::Mat1f cubes;
    cv::pow(difference, 3, cubes);
    map.tone = tone.value_or(cv::sum(cubes)[0] < 0 ? InkTone::Dark : InkTone::Light);
    const cv::Mat1f room = map.tone == InkTone::Dark ? cv::Mat1f(paper) : cv::Mat1f(255 - paper);
    map.ink = (map.tone == InkTone::Dark ? -1 : 1) * difference / cv::max(room, 32);

    const float least = std::max(kLeastContrast, kNoiseDeviations * noiseOf(map.ink));
    map.full = inkInside(map.ink, least);
    map.threshold = std::max(least, kThreshold * map.full);
    return map;
}

}  // namespace zwei
