// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <vector>

#include "models/types/image.h"

namespace zwei {

/// A point that the pen goes through: x to the right and y downwards, in hundredths of the digit's height.
struct PenPoint {
    float x = 0;
    float y = 0;
    float sharpness = 0;  ///< 0 passes smoothly, 1 turns in a corner
};

/// What the pen draws between touching the paper and leaving it.
using Stroke = std::vector<PenPoint>;

/// One person's way to write a digit: its strokes in order.
using Hand = std::vector<Stroke>;

/// Hands that lay the same strokes through as many points, so that whatever lies between any two of them is a hand too.
struct DigitForm {
    float share = 0;  ///< of the people who write the digit so; the shares of one digit add up to 1
    std::vector<Hand> hands;
};

/// The forms of the ten digits, drawn by hand for this program: `digitForms()[7]` has the seven with and without bar.
const std::array<std::vector<DigitForm>, kClasses>& digitForms();

}  // namespace zwei
