// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace zwei {

// The axes on which every system of the lesson is one choice. Their names in the command line, the settings and a
// model file are in models/io/recipe_json.h.

enum class Input { Clean };
enum class Bottleneck { Gaussian };
enum class Backbone { Dense, Convolutional };
enum class Activation { ReLU, GELU };
enum class Reconstruction {
    Bernoulli,  ///< cross-entropy to the grey value
    Gaussian,   ///< variance 1/2, so that a squared error counts as one nat
};
enum class Schedule { Constant, OneCycle };

/// All that decides what is learnt, but the data: a plain value, which the settings edit, the command line parses and
/// a model file stores. One function builds the network from it (`buildAutoencoder`).
struct Recipe {
    Input input = Input::Clean;

    Bottleneck bottleneck = Bottleneck::Gaussian;
    int latentSize = 2;
    double beta = 1.0;  ///< weight of the KL in the loss; 1 is the evidence lower bound

    Backbone backbone = Backbone::Dense;
    std::vector<int> hidden = {512, 256};    ///< dense: widths of the encoder, mirrored in the decoder
    std::vector<int> channels = {16, 8, 8};  ///< convolutional: of the encoder's stages, each of which halves the image
    Activation activation = Activation::GELU;

    Reconstruction reconstruction = Reconstruction::Bernoulli;

    double learningRate = 3e-3;  ///< of Adam; the peak where the schedule has one
    Schedule schedule = Schedule::OneCycle;
    int batch = 256;
    int epochs = 20;
    int patience = 0;  ///< stop after so many epochs without a better validation -ELBO; 0 never does
    std::uint64_t seed = 1;

    bool operator==(const Recipe&) const = default;
};

/// What must be equal for weights of one recipe to fit the network of the other.
inline bool sameNetwork(const Recipe& a, const Recipe& b) {
    const bool sameBackbone =
        a.backbone == b.backbone && (a.backbone == Backbone::Dense ? a.hidden == b.hidden : a.channels == b.channels);
    return sameBackbone && a.bottleneck == b.bottleneck && a.latentSize == b.latentSize && a.activation == b.activation;
}

}  // namespace zwei
