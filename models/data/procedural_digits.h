// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "models/types/image.h"

namespace zwei {

/// `count` handwritten digits that nobody wrote: uint8 [count, 28, 28], 0 paper and 255 ink, with their labels.
///
/// A digit is drawn between two hands of one form (`digitForms`), deformed elastically, slanted, stretched and turned,
/// traced with a pen of its own width, and normalised as MNIST is: the ink fills the longer side of a box of 20x20
/// pixels, and the box is moved by whole pixels, as far as the image reaches, until the centre of mass is nearest to
/// pixel (14, 14) counted from 0, where MNIST's are (LeCun et al., 1998, section III.A).
///
/// Every ten images from a multiple of ten hold each class once, shuffled. Image and label `i` depend on `seed` and `i`
/// alone: a longer run starts with the images of a shorter one, on any number of threads. `count` is at least 0.
LabelledImages proceduralDigits(int count, std::uint64_t seed);

}  // namespace zwei
