// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>
#include <random>
#include <vector>

#include "models/types/page.h"

namespace zwei::test {

/// What a camera could have made of digits on paper, and where they are on it.
struct SimulatedPhoto {
    Page page;
    std::vector<Box> boxes;  ///< one a digit
};

/// Photographs of paper with digits [28, 28] written on it: 60 to 2,000 pixels, paper of all shades with gradients,
/// shadows, rules or squares, dark ink or light, rotated by up to 10 degrees, in perspective, blurred, with the noise
/// of a sensor and the losses of JPEG. The same seed gives the same photographs.
class Photographer {
public:
    explicit Photographer(unsigned seed) : m_random(seed) {}

    /// One digit, large on its page.
    SimulatedPhoto photograph(const cv::Mat1b& digit);

    /// Several, in lines from the left.
    SimulatedPhoto photographPage(const std::vector<cv::Mat1b>& digits);

private:
    /// Where digits lie flat on a sheet: each at the size and place of its box.
    struct Sheet {
        cv::Size size;
        std::vector<cv::Mat1b> digits;
        std::vector<cv::Rect> places;

        double digitHeight() const { return places.front().height * 20 / 28.0; }
    };

    double uniform(double least, double most) { return std::uniform_real_distribution<>(least, most)(m_random); }
    bool chance(double probability) { return uniform(0, 1) < probability; }
    SimulatedPhoto expose(const Sheet& sheet);
    cv::Mat1f written(const Sheet& sheet, const cv::Matx33d& view);
    void develop(cv::Mat1f& photo, double digitHeight);
    std::vector<int> placesOfRules(int end, double pitch);
    cv::Mat1f rules(const cv::Size& size, double digitHeight);
    cv::Mat1f lightOn(const cv::Size& size);
    cv::Matx33d view(const cv::Size& size);

    std::mt19937 m_random;
};

}  // namespace zwei::test
