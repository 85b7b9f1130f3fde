// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/imaging/normaliser.h"

#include <algorithm>
#include <cmath>

#include "models/imaging/digit_fit.h"

namespace zwei {
namespace {

Box onPage(const cv::Rect& box, double scale, const Page& page) {
    const auto at = [scale](int value) { return static_cast<int>(std::lround(value * scale)); };
    const int x = std::min(at(box.x), page.width - 1);
    const int y = std::min(at(box.y), page.height - 1);
    return {x, y, std::clamp(at(box.width), 1, page.width - x), std::clamp(at(box.height), 1, page.height - y)};
}

/// All ink in a box that somebody drew, as tight as it lies.
FoundDigit inkIn(const InkMap& map, const Box& box) {
    const auto at = [&map](int value) { return static_cast<int>(std::lround(value / map.scale)); };
    const cv::Rect page({}, map.ink.size());
    cv::Rect inside = cv::Rect(at(box.x), at(box.y), std::max(1, at(box.width)), std::max(1, at(box.height))) & page;
    if (inside.empty()) inside = {0, 0, 1, 1};
    cv::Mat1b strokes = map.ink(inside) > map.threshold;
    std::vector<cv::Point> inked;
    cv::findNonZero(strokes, inked);
    if (inked.empty()) return {inside, strokes};
    const auto [left, right] =
        std::minmax_element(inked.begin(), inked.end(), [](auto a, auto b) { return a.x < b.x; });
    const auto [top, bottom] =
        std::minmax_element(inked.begin(), inked.end(), [](auto a, auto b) { return a.y < b.y; });
    const cv::Rect tight(left->x, top->y, right->x - left->x + 1, bottom->y - top->y + 1);
    return {tight + inside.tl(), strokes(tight).clone()};
}

ImageBatch asImage(const cv::Mat1f& ink, float full) {
    cv::Mat1b grey;
    ink.convertTo(grey, CV_8U, 255 / full);
    return {1, grey.rows, grey.cols, {grey.begin(), grey.end()}};
}

}  // namespace

NormalisedPage normalise(const Page& page, const NormaliserChoices& choices) {
    const auto map = inkMap(page, choices.tone);
    NormalisedPage result{map.tone, map.scale, asImage(map.ink, map.full), {}, {}, {}};
    std::vector<FoundDigit> digits;
    if (choices.boxes) {
        result.boxes = *choices.boxes;
        for (const auto& box : *choices.boxes) digits.push_back(inkIn(map, box));
    } else {
        digits = findDigits(map);
        for (const auto& digit : digits) result.boxes.push_back(onPage(digit.box, map.scale, page));
    }
    for (const auto& digit : digits) {
        const auto [image, inked] = fitDigit(map, digit);
        result.digits.pixels.insert(result.digits.pixels.end(), image.begin(), image.end());
        result.fits.push_back({onPage(digit.box, map.scale, page), {inked.x, inked.y, inked.width, inked.height}});
    }
    result.digits.count = static_cast<int>(digits.size());
    return result;
}

}  // namespace zwei
