// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/imaging/digit_fit.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "models/types/quantile.h"

namespace zwei {
namespace {

constexpr int kFitted = 20;           // pixels of the longer side
constexpr double kThinnest = 1.6;     // a stroke, of these pixels
constexpr double kPen = 2.2;          // what it is widened to
constexpr double kFullestInk = 0.85;  // the quantile of a digit's ink that is white
constexpr int kWorkingSide = 160;     // pixels: eight to one of the result

/// The mean width of the strokes: the mean distance to the paper is a fourth of it.
double strokeWidth(const cv::Mat1b& strokes) {
    cv::Mat1f distances;
    cv::distanceTransform(strokes, distances, cv::DIST_L2, 3);
    return 4 * cv::mean(distances, strokes)[0];
}

cv::Mat ellipse(int side) { return cv::getStructuringElement(cv::MORPH_ELLIPSE, {side, side}); }

/// A digit cut out of its map, with as much of what is around it as its blurred edges need, and no larger than the
/// filters that follow, whose time grows with the fourth power of its side, can bear.
struct Cutting {
    cv::Mat1f ink;
    cv::Mat1b strokes;  // of the digit itself
    int margin = 1;

    cv::Rect inner() const { return {margin, margin, ink.cols - 2 * margin, ink.rows - 2 * margin}; }
};

Cutting cutOut(const InkMap& map, const FoundDigit& digit) {
    const double shrink = std::min(1.0, kWorkingSide / double(std::max(digit.box.width, digit.box.height)));
    const auto reduced = [shrink](int length) { return std::max(1, static_cast<int>(std::lround(length * shrink))); };
    const cv::Size inner(reduced(digit.box.width), reduced(digit.box.height));
    Cutting cutting;
    cutting.margin = std::max(1, std::max(inner.width, inner.height) / 20);
    const int around = static_cast<int>(std::lround(cutting.margin / shrink));
    const cv::Rect page({}, map.ink.size());
    const cv::Rect wanted(digit.box.x - around, digit.box.y - around, digit.box.width + 2 * around,
                          digit.box.height + 2 * around);
    const cv::Rect there = wanted & page;
    cv::Mat framed;
    cv::copyMakeBorder(map.ink(there), framed, there.y - wanted.y, wanted.br().y - there.br().y, there.x - wanted.x,
                       wanted.br().x - there.br().x, cv::BORDER_CONSTANT | cv::BORDER_ISOLATED, 0);
    const cv::Size whole(inner.width + 2 * cutting.margin, inner.height + 2 * cutting.margin);
    cv::resize(framed, cutting.ink, whole, 0, 0, cv::INTER_AREA);
    cv::resize(digit.strokes, framed, inner, 0, 0, cv::INTER_AREA);
    cv::copyMakeBorder(framed > 127, cutting.strokes, cutting.margin, cutting.margin, cutting.margin, cutting.margin,
                       cv::BORDER_CONSTANT, 0);
    return cutting;
}

/// The digit's own ink in [0, 1], without its neighbours'.
cv::Mat1f ownInk(const Cutting& cutting, float paper) {
    cv::Mat1b near;
    cv::dilate(cutting.strokes, near, ellipse(2 * cutting.margin + 1));
    cv::Mat1f ink = cutting.ink.clone();
    ink.setTo(0, near == 0);
    std::vector<float> inside;
    for (int y = 0; y < ink.rows; ++y)
        for (int x = 0; x < ink.cols; ++x)
            if (cutting.strokes(y, x)) inside.push_back(ink(y, x));
    if (inside.empty()) return ink;
    ink = (ink - paper) / std::max(1e-3F, quantile(std::move(inside), kFullestInk) - paper);
    return cv::min(cv::max(ink, 0), 1);
}

FittedDigit centredByMass(const cv::Mat1f& fitted) {
    const auto moments = cv::moments(fitted);
    // On the pixel that is right of and below the image's middle, as in MNIST.
    const auto start = [](double centre, int length) {
        return std::clamp(static_cast<int>(std::lround(kImageSide / 2 - centre)), 0, kImageSide - length);
    };
    cv::Mat1b digit = cv::Mat1b::zeros(kImageSide, kImageSide);
    const double mass = std::max(moments.m00, 1e-9);
    const cv::Rect place(start(moments.m10 / mass, fitted.cols), start(moments.m01 / mass, fitted.rows), fitted.cols,
                         fitted.rows);
    fitted.convertTo(digit(place), CV_8U, 255);
    return {digit, place};
}

}  // namespace

FittedDigit fitDigit(const InkMap& map, const FoundDigit& digit) {
    const auto cutting = cutOut(map, digit);
    cv::Mat1f ink = ownInk(cutting, 0.4F * map.threshold);
    const double unit = std::max(cutting.inner().width, cutting.inner().height) / double(kFitted);
    if (const double width = strokeWidth(cutting.strokes); width < kThinnest * unit)
        cv::dilate(ink, ink, ellipse(static_cast<int>(std::lround(kPen * unit - width)) | 1));
    const cv::Mat1f inked = ink(cutting.inner());
    const auto fit = [&](int length) { return std::clamp(static_cast<int>(std::lround(length / unit)), 1, kFitted); };
    cv::Mat1f fitted;
    cv::resize(inked, fitted, {fit(inked.cols), fit(inked.rows)}, 0, 0, unit > 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
    double most = 0;
    cv::minMaxLoc(fitted, nullptr, &most);
    if (most > 0) fitted = cv::min(fitted * (1.05 / most), 1);
    return centredByMass(fitted);
}

}  // namespace zwei
