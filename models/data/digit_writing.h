// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "models/data/chance.h"

namespace zwei {

/// A place that the pen passes, first in hundredths of the digit's height, in the end in pixels of the box.
struct Sample {
    float x = 0;
    float y = 0;
    float width = 1;       // of the pen here, relative
    bool penDown = false;  // whether there is ink from the sample before to this one
};

using Trace = std::vector<Sample>;

/// The way of the pen for one digit of [0, 10), as somebody might write it once: a hand between two of one form, bent
/// elastically, stretched, turned and slanted. It holds at least two places that ink joins.
Trace writeDigit(int digit, Chance& chance);

}  // namespace zwei
