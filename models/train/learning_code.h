// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "models/kernels/adam.h"
#include "models/train/learning_layer.h"

namespace zwei {

/// The middle of a dense autoencoder in training: the layers `mu` and, where the code is a distribution, `log_var`, a
/// sample z of it, and the label beside it where the decoder is given one. Values lie component by component, [n,
/// batch], since there are few of them. Each member of a team does its images, or its columns of what is below.
class LearningCode {
public:
    /// `features` come in; mu's weight and bias, and then log_var's.
    LearningCode(std::size_t features, std::size_t latentSize, std::size_t labelSize,
                 std::vector<kernels::ParameterMemory> parameters);

    void resize(std::size_t batch);
    /// Before a step, for one thread: takes the weights as they are.
    void begin();

    /// Its images' part of z from the features [batch, features]. Noise [batch, latentSize], or null; labels [batch],
    /// or null. Returns the sum of the KLs of these images.
    double forward(const Member& member, const PaddedRows& features, const float* noise, const std::int64_t* labels);
    /// z, and the label as ones and zeros: [batch, latentSize + labelSize]
    kernels::Matrix values() const { return m_values.matrix().transposed(); }

    /// Its images' part of the gradient by mu and log_var, from that by the values of the layer above.
    void passBack(const Member& member, const LearningLayer& above, const float* noise, double beta);
    /// Its columns of the gradient by the values of `below`.
    void passBack(const Member& member, LearningLayer& below) const;
    void update(const Member& member, const PaddedRows& features, const kernels::AdamStep& step, Scratch& scratch);

private:
    bool isDistribution() const { return m_parameters.size() > 2; }
    double sample(std::size_t image, const float* noise);

    std::size_t m_features;
    std::size_t m_latentSize;
    std::size_t m_labelSize;
    std::vector<kernels::ParameterMemory> m_parameters;
    std::size_t m_batch = 0;
    std::vector<float> m_weight;  // [n, features]: mu's rows, and then log_var's
    std::vector<float> m_bias;    // [n]
    PaddedRows m_posterior;       // [n, batch]
    PaddedRows m_values;          // [latentSize + labelSize, batch]
    PaddedRows m_deviation;       // [latentSize, batch]
    PaddedRows m_valueGradient;   // [latentSize, batch]
    PaddedRows m_gradient;        // [n, batch]
};

}  // namespace zwei
