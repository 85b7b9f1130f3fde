// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "models/imaging/ink_map.h"

namespace zwei {

/// A digit on an ink map.
struct FoundDigit {
    cv::Rect box;       ///< on the map
    cv::Mat1b strokes;  ///< of the box's size: 255 where its own ink is, and not a neighbour's
};

/// The connected pieces of ink that have the size of a digit, with what lies close enough to belong to one; in reading
/// order. Lines that run through the page, specks and the page's edge are left out.
std::vector<FoundDigit> findDigits(const InkMap& map);

}  // namespace zwei
