// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "models/types/image.h"

namespace zwei {

/// Posteriors q(z|x) = N(mu, diag exp(logVar)) of images, one after the other: two tensors [count, dimensions].
struct Codes {
    int count = 0;
    int dimensions = 0;
    std::vector<float> mu;
    std::vector<float> logVar;

    std::span<const float> mean(int index) const {
        const auto width = static_cast<std::size_t>(dimensions);
        return std::span(mu).subspan(static_cast<std::size_t>(index) * width, width);
    }
};

using CodesPtr = std::shared_ptr<const Codes>;

/// A rectangle of the latent plane, z1 to the right and z2 upwards.
struct LatentRect {
    double left = -3;
    double bottom = -3;
    double right = 3;
    double top = 3;

    double width() const { return right - left; }
    double height() const { return top - bottom; }
    bool operator==(const LatentRect&) const = default;
};

/// How the tiles of a latent grid divide its rectangle: evenly, or so that each holds the same share of the prior.
enum class GridSpacing { Even, GaussianQuantiles };

/// What a view of the latent grid wants decoded: `side` x `side` points, the centres of the tiles of `area`.
struct GridRequest {
    int side = 20;
    LatentRect area;
    GridSpacing spacing = GridSpacing::Even;

    bool operator==(const GridRequest&) const = default;
};

/// Decoded images over the plane: row 0 is the top row (largest z2), column 0 the left one.
struct GridSnapshot {
    GridRequest request;
    ImageBatch tiles;  ///< side * side images
};

/// Images beside what the model makes of them; all three hold as many images.
struct ReconstructionSnapshot {
    ImageBatch inputs;
    ImageBatch outputs;
    ImageBatch differences;    ///< absolute
    std::vector<int> indices;  ///< of the images in the test set
};

/// What the model says of one point of the latent space.
struct PointSnapshot {
    std::vector<double> z;
    ImageBatch decoded;        ///< one image
    std::vector<int> nearest;  ///< indices of the test images whose mu is nearest, nearest first; empty without codes
};

}  // namespace zwei
