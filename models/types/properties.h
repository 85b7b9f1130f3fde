// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "models/types/snapshot.h"

namespace zwei {

/// The three properties of an autoencoder that the lesson names, measured on a model: it is data-specific, it is lossy,
/// and it needs no labels (for which there is nothing to measure).
struct PropertiesSnapshot {
    std::string data;                 ///< the test images that the model is meant for,
    std::vector<double> errors;       ///< and the mean squared error of each
    std::string otherData;            ///< a second data set; empty where there is none on this machine
    std::vector<double> otherErrors;  ///< and the error of each of its test images
    ReconstructionSnapshot other;     ///< a few of those

    /// One point of a curve: how much is lost at a size of the code, as mean squared error on the test images.
    struct LossAtSize {
        int codeSize;
        double mse;
    };
    std::vector<LossAtSize> linear;  ///< of principal components, ascending in size
    int codeSize = 0;                ///< of the model; 0 where it has no code
    double mse = 0;                  ///< of the model, on the test images
    double psnr = 0;                 ///< dB
};

}  // namespace zwei
