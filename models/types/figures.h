// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/types/metrics.h"

namespace zwei {

/// How near images come to their originals; means over images, with grey values in [0, 1].
struct ImageQuality {
    double mse = 0;
    /// Peak signal-to-noise ratio in dB: -10 log10(MSE). An image that is equal to its original counts as half a grey
    /// level off (MSE (0.5 / 255)^2, 54.2 dB): what its quantisation may hide.
    double psnr = 0;
    double ssim = 0;  ///< structural similarity, 1 for equal images
};

/// What came of one degraded test set: by doing nothing, by filters that have learnt nothing, and by the model.
struct RestorationFigures {
    struct Row {
        std::string method;  ///< `input`, `median 3x3`, `bicubic`, `Lanczos`, `model`
        ImageQuality quality;
        std::optional<double> bernoulli;  ///< cross-entropy in nats a pixel, of the model only
    };
    std::string input;  ///< such as `gaussian 0.5` or `2x`
    std::vector<Row> rows;
};

/// Everything that is measured of a model on a test set. Nothing stands for what a model does not have (a KL without a
/// distribution), what the data lack (labels), or what was not asked for.
struct Figures {
    std::string data;
    int images = 0;

    ElboTerms elbo;                       ///< grey targets, 1 sample, fixed seed; nats an image
    std::vector<double> klByDimension;    ///< variational: nats an image, adding up to the KL
    std::optional<int> activeDimensions;  ///< variational: those whose mu varies by more than 0.01 (Burda et al., 2016)
    std::optional<ElboTerms> binarisedElbo;  ///< variational: of images drawn once from Bernoulli(pixel)
    std::optional<double> logLikelihood;     ///< importance-weighted, of the same binarised images; nats an image
    int samples = 0;                         ///< that it was computed with,
    int likelihoodImages = 0;                ///< and on how many images

    std::optional<double> accuracy1, accuracy5;  ///< nearest neighbours: training codes, scored on test codes; [0, 1]
    std::optional<double> trustworthiness;       ///< of 5 neighbours, in [0, 1]
    std::optional<double> priorDistance;         ///< sliced Wasserstein distance of the (sampled) codes to N(0, I)

    ImageQuality reconstruction;  ///< of what comes out, by the mean of the code, against the clean images
    double bernoulli = 0;         ///< cross-entropy of the same, in nats a pixel
    double bernoulliFloor = 0;    ///< the least it can be on these images, in nats a pixel

    std::vector<RestorationFigures> restorations;  ///< noisy and small input only
};

}  // namespace zwei
