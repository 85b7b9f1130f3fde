// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "models/types/noise.h"

namespace zwei {

// The axes on which every system of the lesson is one choice. Their names in the command line, the settings and a
// model file are in models/io/recipe_json.h.

enum class Input {
    Clean,
    Noisy,  ///< denoising: fresh noise every batch, the clean image to be found
    Small,  ///< super-resolution: averaged over squares of `factor` pixels, the full image to be found
};
enum class Bottleneck {
    Plain,
    Gaussian,     ///< with the KL to N(0, I): a variational autoencoder
    Conditional,  ///< the same, given the label
    Adversarial,  ///< a plain code, pushed onto N(0, I) by a discriminator
    Skip,         ///< a feature map with skip connections around it: no code to look at
};
enum class Backbone {
    Dense,
    Convolutional,
    Linear,  ///< principal component analysis: fitted, not trained
};
enum class Resampling {
    Pooling,  ///< max-pooling down, repeated pixels up, as in the lesson
    Strided,  ///< strided convolutions down, sub-pixel convolutions up (Shi et al., 2016)
};
enum class Activation { ReLU, GELU };
enum class Reconstruction {
    Bernoulli,  ///< cross-entropy to the grey value
    Gaussian,   ///< variance 1/2, so that a squared error counts as one nat
};
enum class Targets {
    Grey,
    Binarised,  ///< drawn anew from Bernoulli(pixel) each time an image is seen (Burda et al., 2016)
};
enum class Schedule { Constant, OneCycle };

/// All that decides what is learnt, but the data: a plain value, which the settings edit, the command line parses and
/// a model file stores. One function builds the network from it (`buildAutoencoder`).
struct Recipe {
    Input input = Input::Clean;
    NoiseKind noise = NoiseKind::Gaussian;  ///< noisy: what kind,
    double noiseLeast = 0;                  ///< of a level that is drawn for each image between this
    double noiseMost = 0.8;                 ///< and this
    double noiseMean = 0;
    int factor = 2;  ///< small: 2 or 4

    Bottleneck bottleneck = Bottleneck::Gaussian;
    int latentSize = 2;
    double beta = 1.0;  ///< weight of the KL in the loss; 1 is the evidence lower bound

    Backbone backbone = Backbone::Dense;
    std::vector<int> hidden = {256, 256, 256};  ///< widths of the encoder's dense layers, mirrored in the decoder
    std::vector<int> channels = {16, 8,
                                 8};  ///< convolutional: of the stages before them, each of which halves the image
    Resampling resampling = Resampling::Pooling;
    Activation activation = Activation::GELU;

    Reconstruction reconstruction = Reconstruction::Bernoulli;
    Targets targets = Targets::Grey;

    double learningRate = 3e-3;  ///< of Adam; the peak where the schedule has one
    Schedule schedule = Schedule::OneCycle;
    int batch = 256;
    int epochs = 20;
    int patience = 0;  ///< stop after so many epochs without a better validation loss; 0 never does
    std::uint64_t seed = 1;

    bool operator==(const Recipe&) const = default;
};

/// Is there a code that can be mapped, moved through and decoded?
inline bool hasCode(const Recipe& recipe) { return recipe.bottleneck != Bottleneck::Skip; }

/// Is a code a distribution, with a log variance and a KL?
inline bool isVariational(const Recipe& recipe) {
    return recipe.bottleneck == Bottleneck::Gaussian || recipe.bottleneck == Bottleneck::Conditional;
}

/// Do encoder and decoder want to know the label?
inline bool takesLabels(const Recipe& recipe) { return recipe.bottleneck == Bottleneck::Conditional; }

/// Is N(0, I) what the codes are meant to follow?
inline bool hasPrior(const Recipe& recipe) {
    return isVariational(recipe) || recipe.bottleneck == Bottleneck::Adversarial;
}

/// What must be equal for weights of one recipe to fit the network of the other.
inline bool sameNetwork(const Recipe& a, const Recipe& b) {
    if (a.backbone != b.backbone || a.bottleneck != b.bottleneck || a.latentSize != b.latentSize) return false;
    if (a.backbone == Backbone::Linear) return true;
    const bool sameLayers = a.hidden == b.hidden && a.activation == b.activation;
    return sameLayers && (a.backbone == Backbone::Dense || (a.channels == b.channels && a.resampling == b.resampling));
}

}  // namespace zwei
