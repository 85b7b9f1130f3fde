// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/train/learning_code.h"

#include <cmath>
#include <numeric>

namespace zwei {

LearningCode::LearningCode(std::size_t features, std::size_t latentSize, std::size_t labelSize,
                           std::vector<kernels::ParameterMemory> parameters)
    : m_features(features),
      m_latentSize(latentSize),
      m_labelSize(labelSize),
      m_parameters(std::move(parameters)),
      m_weight(features * latentSize * m_parameters.size() / 2),
      m_bias(latentSize * m_parameters.size() / 2) {}

void LearningCode::resize(std::size_t batch) {
    m_batch = batch;
    m_posterior.resize(m_bias.size(), batch);
    m_gradient.resize(m_bias.size(), batch);
    m_values.resize(m_latentSize + m_labelSize, batch);
    m_valueGradient.resize(m_latentSize, batch);
    m_deviation.resize(m_latentSize, batch);
}

void LearningCode::begin() {
    const std::size_t weights = m_latentSize * m_features;
    for (std::size_t layer = 0; layer < m_parameters.size() / 2; ++layer) {
        std::copy_n(m_parameters[2 * layer].values, weights, m_weight.data() + layer * weights);
        std::copy_n(m_parameters[2 * layer + 1].values, m_latentSize, m_bias.data() + layer * m_latentSize);
    }
}

double LearningCode::forward(const Member& member, const PaddedRows& features, const float* noise,
                             const std::int64_t* labels) {
    const auto [first, end] = member.shareOf(m_batch, 16);
    kernels::multiplyVectors({m_weight.data(), m_features, 1}, features.matrix().transposed().from(0, first),
                             {m_bias.size(), end - first, m_features}, m_posterior.data() + first,
                             m_posterior.stride());
    double kl = 0;
    for (std::size_t image = first; image < end; ++image) {
        for (std::size_t i = 0; i < m_bias.size(); ++i) m_posterior.row(i)[image] += m_bias[i];
        kl += sample(image, noise);
        for (std::size_t label = 0; label < m_labelSize; ++label)
            m_values.row(m_latentSize + label)[image] = labels[image] == static_cast<std::int64_t>(label) ? 1.F : 0.F;
    }
    return kl;
}

/// z = mu + sigma noise; the closed form of the KL is equation 10 of Kingma and Welling (2014).
double LearningCode::sample(std::size_t image, const float* noise) {
    double kl = 0;
    for (std::size_t i = 0; i < m_latentSize; ++i) {
        const float mu = m_posterior.row(i)[image];
        float& z = m_values.row(i)[image];
        z = mu;
        if (!isDistribution()) continue;
        const float logVar = m_posterior.row(m_latentSize + i)[image];
        const float deviation = std::exp(0.5F * logVar);
        m_deviation.row(i)[image] = deviation;
        z += deviation * noise[image * m_latentSize + i];
        kl -= 0.5 * static_cast<double>(1 + logVar - mu * mu - deviation * deviation);
    }
    return kl;
}

void LearningCode::passBack(const Member& member, const LearningLayer& above, const float* noise, double beta) {
    const auto [first, end] = member.shareOf(m_batch, 16);
    const auto& gradient = above.gradient();
    kernels::multiplyVectors(above.weight().transposed(), gradient.matrix().transposed().from(0, first),
                             {m_latentSize, end - first, above.outputs()}, m_valueGradient.data() + first,
                             m_valueGradient.stride());
    const float pull = static_cast<float>(beta / static_cast<double>(m_batch));
    for (std::size_t i = 0; i < m_latentSize; ++i)
        for (std::size_t image = first; image < end; ++image) {
            const float byZ = m_valueGradient.row(i)[image];
            m_gradient.row(i)[image] = byZ;
            if (!isDistribution()) continue;
            const float deviation = m_deviation.row(i)[image];
            m_gradient.row(i)[image] += pull * m_posterior.row(i)[image];
            m_gradient.row(m_latentSize + i)[image] =
                0.5F * byZ * noise[image * m_latentSize + i] * deviation + 0.5F * pull * (deviation * deviation - 1);
        }
}

void LearningCode::passBack(const Member& member, LearningLayer& below) const {
    const auto columns = LearningLayer::columnsOf(member, m_features);
    kernels::multiplyVectors(m_gradient.matrix().transposed(), {m_weight.data() + columns.first, m_features, 1},
                             {m_batch, columns.size(), m_bias.size()}, below.gradient().data() + columns.first,
                             below.gradient().stride());
    below.passActivation(columns);
}

void LearningCode::update(const Member& member, const PaddedRows& features, const kernels::AdamStep& step,
                          Scratch& scratch) {
    const auto columns = LearningLayer::columnsOf(member, m_features);
    scratch.resize(m_bias.size() * columns.size());
    kernels::multiplyVectors(m_gradient.matrix(), features.matrix().from(0, columns.first),
                             {m_bias.size(), columns.size(), m_batch}, scratch.data(), columns.size());
    for (std::size_t layer = 0; layer < m_parameters.size() / 2; ++layer) {
        const std::size_t row = layer * m_latentSize;
        adamOfRows(m_parameters[2 * layer], m_features, 0, m_latentSize, columns, scratch.data() + row * columns.size(),
                   step);
        if (member.index() > 0) continue;
        for (std::size_t i = 0; i < m_latentSize; ++i) {
            const float* of = m_gradient.row(row + i);
            const float sum = std::accumulate(of, of + m_batch, 0.F);
            adamOfRows(m_parameters[2 * layer + 1], m_latentSize, 0, 1, {i, i + 1}, &sum, step);
        }
    }
}

}  // namespace zwei
