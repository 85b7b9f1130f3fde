// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/imaging/digit_finder.h"

namespace zwei {

struct FittedDigit {
    cv::Mat1b image;  ///< [28, 28]
    cv::Rect inked;   ///< where in it the digit's box is
};

/// A digit as LeCun et al. (1998) made those of MNIST: its longer side fitted into 20 pixels with the grey levels that
/// the means of areas give, and its centre of mass in the middle of 28 x 28. Strokes that would be thinner than a pen's
/// there are widened.
FittedDigit fitDigit(const InkMap& map, const FoundDigit& digit);

}  // namespace zwei
