// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "models/types/image.h"

namespace zwei {

/// A picture of any size as it came: grey [height, width], row by row, 0 black and 255 white.
struct Page {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> grey;
};

/// The same in colour: [height, width, 3], red, green and blue.
struct ColourPage {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> rgb;
};

/// The pixels [x, x + width) x [y, y + height) of a page.
struct Box {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;

    bool operator==(const Box&) const = default;
};

/// What ink is beside its paper.
enum class InkTone { Dark, Light };

/// What of a page is what of an image of 28 x 28.
struct Fit {
    Box page;   ///< may reach beyond it
    Box image;  ///< within the 28 x 28

    bool operator==(const Fit&) const = default;
};

/// A page made MNIST-like, step by step.
struct NormalisedPage {
    InkTone tone = InkTone::Dark;
    double scale = 1;        ///< pixels of the page to one of `ink`
    ImageBatch ink;          ///< one image: how much ink there is, without the paper
    std::vector<Box> boxes;  ///< of the digits on the page, in reading order
    ImageBatch digits;       ///< [boxes, 28, 28]
    std::vector<Fit> fits;   ///< one a digit
};

}  // namespace zwei
