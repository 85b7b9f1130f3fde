// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "models/types/page.h"

namespace zwei {

/// What a person decides; what is left open is found.
struct NormaliserChoices {
    std::optional<InkTone> tone;
    std::optional<std::vector<Box>> boxes;  ///< each within the page, in the order of the result
};

/// Makes 28 x 28 images as MNIST's of the digits on a page: its paper is taken away with shades and shadows, its digits
/// are found, and each is fitted into 20 x 20 pixels and centred by its mass. A page of nothing has no boxes. For any
/// thread.
NormalisedPage normalise(const Page& page, const NormaliserChoices& choices = {});

}  // namespace zwei
