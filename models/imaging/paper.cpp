// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/imaging/paper.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace zwei {

cv::Mat reduced(const cv::Mat& image, double side) {
    const double factor = side / std::max(image.cols, image.rows);
    if (factor >= 1) return image.clone();
    cv::Mat small;
    const auto length = [factor](int pixels) { return std::max(1, static_cast<int>(std::lround(pixels * factor))); };
    cv::resize(image, small, {length(image.cols), length(image.rows)}, 0, 0, cv::INTER_AREA);
    return small;
}

cv::Mat paperOf(const cv::Mat& picture) {
    constexpr double kSide = 200;  // pixels: enough for what is smooth
    cv::Mat paper = reduced(picture, kSide);
    const int window = std::max(3, std::min(paper.cols, paper.rows) / 2) | 1;
    cv::medianBlur(paper, paper, window);
    cv::resize(paper, paper, picture.size(), 0, 0, cv::INTER_LINEAR);
    return paper;
}

}  // namespace zwei
