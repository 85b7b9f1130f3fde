// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

namespace zwei {

/// A copy of `side` pixels at most, by the means of areas.
cv::Mat reduced(const cv::Mat& image, double side);

/// What a picture of 8 bits a channel, grey or in colour, has below its ink, with shades and shadows: at each pixel the
/// median of what is around it, of the picture's size.
cv::Mat paperOf(const cv::Mat& picture);

}  // namespace zwei
