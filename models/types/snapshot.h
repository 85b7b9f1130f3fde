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
    int label = 0;              ///< conditional: of which class the tiles are
    bool hasRowALabel = false;  ///< conditional: a row a class from 0 at the top, z1 along it, at the cursor's height

    /// Tiles from top to bottom; `side` is how many there are from left to right.
    int rows() const { return hasRowALabel ? kClasses : side; }

    bool operator==(const GridRequest&) const = default;
};

/// Decoded images over the plane: row 0 is the top row (largest z2), column 0 the left one.
struct GridSnapshot {
    GridRequest request;
    ImageBatch tiles;  ///< rows * side images
};

/// Images beside what the model makes of them; all hold as many images.
struct ReconstructionSnapshot {
    ImageBatch inputs;
    ImageBatch outputs;
    ImageBatch differences;    ///< absolute, between what came out and the clean image
    std::vector<int> indices;  ///< of the images in the test set
    ImageBatch originals;      ///< the clean images, where the inputs are not these; else empty
    double psnr = 0;           ///< mean over these images in dB, of the outputs against the clean images,
    double inputPsnr = 0;      ///< and of the inputs, where they are not clean
};

/// Images that were never there: what the decoder makes of points drawn from the prior.
struct DreamSnapshot {
    ImageBatch images;
    std::vector<std::vector<double>> codes;  ///< one an image
    std::vector<std::uint8_t> labels;        ///< conditional: one an image; else empty
    bool isFromPrior = true;  ///< false: the model has no prior, and the points follow a Gaussian fitted to its codes
};

/// What the model says of one point of the latent space.
struct PointSnapshot {
    std::vector<double> z;
    ImageBatch decoded;        ///< one image
    ImageBatch jittered;       ///< what comes of the point with noise on it; empty where no noise was asked for
    std::vector<int> nearest;  ///< indices of the test images whose mu is nearest, nearest first; empty without codes
};

}  // namespace zwei
