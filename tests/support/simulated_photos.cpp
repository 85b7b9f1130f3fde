// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/simulated_photos.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

namespace zwei::test {
namespace {

// Annex K.1 of the JPEG standard (ITU-T T.81): the steps of the luminance at quality 50.
constexpr float kSteps[64] = {16, 11, 10, 16, 24,  40,  51,  61,  12, 12, 14, 19, 26,  58,  60,  55,
                              14, 13, 16, 24, 40,  57,  69,  56,  14, 17, 22, 29, 51,  87,  80,  62,
                              18, 22, 37, 56, 68,  109, 103, 77,  24, 35, 55, 64, 81,  104, 113, 92,
                              49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99};

/// What JPEG of this quality would leave of the whole blocks.
void compress(cv::Mat1f& image, double quality) {
    const double scale = (quality < 50 ? 5000 / quality : 200 - 2 * quality) / 100;
    const cv::Mat1f steps = cv::max(1, cv::Mat1f(8, 8, const_cast<float*>(kSteps)) * scale);
    image -= 128;
    cv::Mat1f block(8, 8);
    for (int y = 0; y + 8 <= image.rows; y += 8)
        for (int x = 0; x + 8 <= image.cols; x += 8) {
            cv::Mat1f pixels = image({x, y, 8, 8});
            cv::dct(pixels, block);
            auto* value = block.ptr<float>();
            const auto* step = steps.ptr<float>();
            for (int i = 0; i < 64; ++i) value[i] = std::round(value[i] / step[i]) * step[i];
            cv::idct(block, pixels);
        }
    image += 128;
}

/// Where the digit is ink, at its size on the sheet: a pen's edge is sharper than MNIST's grey levels.
cv::Mat1f inkOf(const cv::Mat1b& digit, const cv::Size& size) {
    cv::Mat1f ink = cv::Mat1f(digit) / 255;
    cv::resize(ink, ink, size, 0, 0, cv::INTER_CUBIC);
    return cv::min(cv::max((ink - 0.2) / 0.5, 0), 1);
}

cv::Rect inkedPart(const cv::Mat1b& digit) { return cv::boundingRect(digit > 60); }

}  // namespace

SimulatedPhoto Photographer::photograph(const cv::Mat1b& digit) {
    const double side = 60 * std::pow(2000.0 / 60, uniform(0, 1));
    const double aspect = uniform(0.75, 1.33);
    const cv::Size size(static_cast<int>(side * std::min(1.0, aspect)),
                        static_cast<int>(side * std::min(1.0, 1 / aspect)));
    // MNIST's 28 pixels have 20 of digit.
    const int length = static_cast<int>(std::min(size.width, size.height) * uniform(0.35, 0.7) * 1.4);
    const cv::Point place((size.width - length) / 2, (size.height - length) / 2);
    return expose({size, {digit}, {{place, cv::Size(length, length)}}});
}

SimulatedPhoto Photographer::photographPage(const std::vector<cv::Mat1b>& digits) {
    const auto count = static_cast<int>(digits.size());
    const int columns = std::max(2, static_cast<int>(std::ceil(std::sqrt(1.4 * count))));
    const int rows = (count + columns - 1) / columns;
    const int cell = static_cast<int>(std::clamp(uniform(1000, 2000) / (std::max(columns, rows) + 1), 40.0, 400.0));
    Sheet sheet{{cell * (columns + 1), cell * (rows + 1)}, digits, {}};
    for (int i = 0; i < count; ++i) {
        const int length = static_cast<int>(cell * uniform(0.85, 1.1));
        const auto at = [&](int k) {
            return static_cast<int>(cell * (k + 0.5 + uniform(-0.06, 0.06)) + (cell - length) / 2.0);
        };
        sheet.places.push_back({at(i % columns), at(i / columns), length, length});
    }
    return expose(sheet);
}

/// From somewhere within the first `pitch` on.
std::vector<int> Photographer::placesOfRules(int end, double pitch) {
    std::vector<int> places;
    double at = pitch * uniform(0, 1);
    while (at < end) {
        places.push_back(static_cast<int>(at));
        at += pitch;
    }
    return places;
}

/// Horizontal rules, or squares, of 1 at most.
cv::Mat1f Photographer::rules(const cv::Size& size, double digitHeight) {
    cv::Mat1f rules = cv::Mat1f::zeros(size);
    const bool isSquared = chance(0.15);
    if (!isSquared && !chance(0.35)) return rules;
    const double pitch = std::max(8.0, digitHeight * uniform(0.25, 0.7));
    const int thick = std::max(1, static_cast<int>(std::max(size.width, size.height) * uniform(0.0005, 0.0025)));
    for (const int y : placesOfRules(size.height, pitch)) cv::line(rules, {0, y}, {size.width, y}, 1, thick);
    if (isSquared)
        for (const int x : placesOfRules(size.width, pitch)) cv::line(rules, {x, 0}, {x, size.height}, 1, thick);
    return rules;
}

/// A gradient, and often a shadow with a soft edge.
cv::Mat1f Photographer::lightOn(const cv::Size& size) {
    const double slope = uniform(0, 0.25);
    const double angle = uniform(0, 2 * std::numbers::pi);
    const double edge = uniform(-0.3, 0.3);
    const double shadowAngle = uniform(0, 2 * std::numbers::pi);
    const double softness = uniform(0.01, 0.08);
    const double depth = chance(0.4) ? uniform(0.1, 0.4) : 0;
    cv::Mat1f u(size), v(size);
    const double side = std::max(size.width, size.height);
    for (int x = 0; x < size.width; ++x) u.col(x) = (x - size.width / 2.0) / side;
    for (int y = 0; y < size.height; ++y) v.row(y) = (y - size.height / 2.0) / side;
    cv::Mat1f shadow;
    cv::exp(-4 / softness * (u * std::cos(shadowAngle) + v * std::sin(shadowAngle) - edge), shadow);
    const cv::Mat1f gradient = 1 + slope * (u * std::cos(angle) + v * std::sin(angle));
    return gradient.mul(1 - depth / (1 + shadow));
}

/// From the sheet to the photograph: turned about its middle, and seen from aside.
cv::Matx33d Photographer::view(const cv::Size& size) {
    const double turn = uniform(-10, 10);
    const cv::Mat rotation = cv::getRotationMatrix2D({size.width / 2.F, size.height / 2.F}, turn, 0.95);
    std::vector<cv::Point2f> corners = {
        {0, 0}, {float(size.width), 0}, {float(size.width), float(size.height)}, {0, float(size.height)}};
    std::vector<cv::Point2f> seen;
    cv::transform(corners, seen, rotation);
    for (auto& corner : seen) {
        corner.x += static_cast<float>(size.width * uniform(-0.04, 0.04));
        corner.y += static_cast<float>(size.height * uniform(-0.04, 0.04));
    }
    return cv::getPerspectiveTransform(corners, seen);
}

/// What is on the paper, in its colours and its light.
cv::Mat1f Photographer::written(const Sheet& sheet, const cv::Matx33d& view) {
    cv::Mat1f ink = cv::Mat1f::zeros(sheet.size);
    for (std::size_t i = 0; i < sheet.digits.size(); ++i) {
        cv::Mat1f place = ink(sheet.places[i]);
        cv::Mat(cv::max(place, inkOf(sheet.digits[i], sheet.places[i].size()))).copyTo(place);
    }
    cv::warpPerspective(ink, ink, view, sheet.size);
    cv::Mat1f rules;
    cv::warpPerspective(this->rules(sheet.size, sheet.digitHeight()), rules, view, sheet.size, cv::INTER_LINEAR,
                        cv::BORDER_REPLICATE);

    const bool isDark = chance(0.7);
    const double paper = isDark ? uniform(140, 250) : uniform(15, 80);
    const double pen = isDark ? uniform(10, paper - 80) : uniform(paper + 90, 250);
    const double rule = paper + (pen - paper) * uniform(0.08, 0.3);
    cv::Mat1f photo = (paper * (1 - rules) + rule * rules);
    photo = photo.mul(1 - ink) + pen * ink;
    return photo.mul(lightOn(sheet.size));
}

/// What lens, sensor and JPEG make of it.
void Photographer::develop(cv::Mat1f& photo, double digitHeight) {
    const double pixel = digitHeight / 20;  // of MNIST's
    if (const double blur = uniform(0, 0.5) * std::min(pixel, 6.0); blur > 0.3)
        cv::GaussianBlur(photo, photo, {}, blur);
    cv::Mat1f noise(photo.size());
    cv::RNG sensor(m_random());
    sensor.fill(noise, cv::RNG::NORMAL, 0, uniform(0, 8));
    photo += noise;
    compress(photo, uniform(40, 95));
}

SimulatedPhoto Photographer::expose(const Sheet& sheet) {
    const auto view = this->view(sheet.size);
    cv::Mat1f photo = written(sheet, view);
    develop(photo, sheet.digitHeight());
    SimulatedPhoto made{{sheet.size.width, sheet.size.height, {}}, {}};
    cv::Mat1b grey;
    photo.convertTo(grey, CV_8U);
    made.page.grey.assign(grey.begin(), grey.end());
    for (std::size_t i = 0; i < sheet.digits.size(); ++i) {
        const auto part = inkedPart(sheet.digits[i]);
        const double unit = sheet.places[i].width / 28.0;
        const cv::Rect2f on(static_cast<float>(sheet.places[i].x + part.x * unit),
                            static_cast<float>(sheet.places[i].y + part.y * unit),
                            static_cast<float>(part.width * unit), static_cast<float>(part.height * unit));
        std::vector<cv::Point2f> corners = {on.tl(), {on.br().x, on.y}, on.br(), {on.x, on.br().y}};
        cv::perspectiveTransform(corners, corners, view);
        const auto box = cv::boundingRect(corners);
        made.boxes.push_back({box.x, box.y, box.width, box.height});
    }
    return made;
}

}  // namespace zwei::test
