// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>
#include <optional>

#include "models/types/page.h"

namespace zwei {

/// How much ink there is on a page, without its paper, on a copy that is no larger than digits need.
struct InkMap {
    InkTone tone = InkTone::Dark;
    double scale = 1;  ///< pixels of the page to one of the map
    cv::Mat1f ink;     ///< the share of the paper's light that is gone, or of the light that it lacks; below 0 is noise
    float threshold = 0;  ///< what is ink, and not noise or a faint line
    float full = 1;       ///< what strokes have inside
};

/// Takes the paper, with its shades and shadows, to be the median around each pixel. What is ink is on the longer side
/// of the distribution of what differs from it, unless `tone` says so.
InkMap inkMap(const Page& page, std::optional<InkTone> tone);

}  // namespace zwei
