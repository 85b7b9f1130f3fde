// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "models/types/figures.h"
#include "models/types/image.h"
#include "models/types/page.h"

namespace zwei {

// What the bench for images shows: a page, its digits, what takes noise off them, enlarges them, and where they lie in
// the latent space.

/// What of an image is looked at.
enum class Framing {
    Digits,    ///< each digit that is found on it, or that somebody framed
    OneDigit,  ///< all ink on it, as one digit
    AsIs,      ///< the whole image, made 28 x 28
};

/// Who makes clean images of noisy ones.
enum class Restorer {
    Denoiser,    ///< the one that ships with the program
    Model,       ///< the model in force
    Components,  ///< principal components of the data set in force
    Median,      ///< of 3 x 3 pixels
};

/// What one of them makes of all images.
struct Restored {
    Restorer by = Restorer::Denoiser;
    ImageBatch images;
    std::optional<ImageQuality> quality;  ///< mean over the images; only where the clean ones are known
};

/// The digits of a page, with noise on them where somebody wanted some, and without it again.
struct RestoredDigits {
    ImageBatch digits;
    ImageBatch noisy;  ///< empty: no noise was added, and the digits themselves are what is restored
    std::optional<ImageQuality> noisyQuality;
    std::vector<Restored> restored;

    const ImageBatch& inputs() const { return noisy.count > 0 ? noisy : digits; }
};

/// One digit made small and large again, all [1, 28, 28]; the original is what they are measured against.
struct Enlargement {
    int factor = 2;
    ImageBatch small;  ///< [1, 28 / factor, 28 / factor]
    ImageBatch bicubic, lanczos, network;
    ImageQuality bicubicQuality, lanczosQuality, networkQuality;
};

struct EnlargedDigit {
    ImageBatch digit;                   ///< one image
    std::vector<Enlargement> enlarged;  ///< twice and four times
};

/// A step of a search in the latent space: a code, and how well what it decodes to reconstructs the image.
struct CodeStep {
    std::vector<double> z;
    double error = 0;  ///< the model's own reconstruction loss, in nats an image
};

/// How one digit lies in the latent space of the model in force.
struct LatentWay {
    std::vector<double> clean, noisy, denoised;  ///< mu of each; empty where there is none
    std::vector<double> deviations;              ///< of the posterior of what was encoded; empty without a distribution
    std::vector<CodeStep> steps;  ///< from the encoder's answer, downhill in the error of what was encoded
    bool isOver = false;          ///< the search has come to its end, or was stopped
    ImageBatch encoded;           ///< the image whose way this is: the noisy one where there is noise
    ImageBatch nearest;           ///< training images, by their pixels, nearest first; empty until they are found
    std::vector<std::uint8_t> nearestLabels;  ///< empty where they have none
    ImageBatch decoded;                       ///< what the first step, and the last one so far, decode to
    std::optional<int> inClass,
        outClass;  ///< by the nearest test images in pixels: of the image, and of `decoded`'s last
};

}  // namespace zwei
