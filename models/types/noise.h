// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace zwei {

enum class NoiseKind {
    Gaussian,       ///< additive, of standard deviation `level`, then clipped to [0, 1]
    SaltAndPepper,  ///< a share `level` of the pixels becomes paper or ink, as a coin says
    Blocks,         ///< a share `level` of the squares of 7 x 7 pixels becomes paper
};

/// What is done to a clean image: the one description for training, for the live view and for what a person adds.
struct Noise {
    NoiseKind kind = NoiseKind::Gaussian;
    double level = 0.4;
    double mean = 0;  ///< of Gaussian noise; above 0 it brightens the paper too

    bool operator==(const Noise&) const = default;
};

}  // namespace zwei
