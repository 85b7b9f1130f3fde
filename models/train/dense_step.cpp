// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/train/dense_step.h"

#include <cmath>
#include <numbers>
#include <optional>

#include "models/kernels/cross_entropy.h"
#include "models/kernels/grey.h"
#include "models/kernels/squared_error.h"
#include "models/train/learning_code.h"
#include "models/types/image.h"

namespace zwei {
namespace {

using kernels::Matrix;
using kernels::SparseRows;

constexpr double kWorkOfThread = 4'000'000;  // multiplications that are worth a thread

std::vector<LearningLayer> layersOf(std::vector<std::size_t> widths, std::optional<Activation> last,
                                    Activation activation, const ParameterMemory* parameters) {
    std::vector<LearningLayer> layers;
    for (std::size_t i = 0; i + 1 < widths.size(); ++i)
        layers.emplace_back(widths[i], widths[i + 1], i + 2 < widths.size() ? activation : last, parameters[2 * i],
                            parameters[2 * i + 1]);
    return layers;
}

}  // namespace

class DenseStep::Work {
public:
    Work(const Recipe& recipe, const std::vector<ParameterMemory>& parameters);

    ElboTerms learn(const DenseBatch& batch, double beta, const kernels::AdamStep& step, int threads);

private:
    /// What the members say of their parts.
    struct alignas(64) Part {
        std::size_t inked = 0;
        double loss = 0;
        double kl = 0;
        Scratch scratch;
    };

    void resize(const DenseBatch& batch, int threads);
    int threadsWorth(int threads) const;
    void stepWith(const Member& member);
    void takeInputs(const Member& member);
    void forward(const Member& member);
    void findLoss(const Member& member);
    void backward(const Member& member);
    Matrix inputs() const;
    /// Below layer `at` of the encoder, or of the decoder.
    Matrix belowEncoder(std::size_t at) const { return at > 0 ? m_encoder[at - 1].values().matrix() : inputs(); }
    Matrix belowDecoder(std::size_t at) const {
        return at > 0 ? m_decoder[at - 1].values().matrix() : m_code->values();
    }

    Recipe m_recipe;
    std::vector<LearningLayer> m_encoder;
    std::optional<LearningCode> m_code;
    std::vector<LearningLayer> m_decoder;
    std::size_t m_labelSize;
    std::size_t m_parameterCount = 0;

    DenseBatch m_batch{};
    double m_beta = 1;
    kernels::AdamStep m_step{};
    std::vector<float> m_pixels;             // [batch, 784] of grey images
    PaddedRows m_labelled;                   // the inputs and their labels, where the encoder is given these
    std::optional<SparseRows> m_rows;        // the inputs, where most of them are 0
    std::optional<SparseRows> m_transposed;  // and the same the other way round
    bool m_isSparse = false;
    std::vector<Part> m_parts;
};

DenseStep::Work::Work(const Recipe& recipe, const std::vector<ParameterMemory>& parameters)
    : m_recipe(recipe), m_labelSize(takesLabels(recipe) ? kClasses : 0) {
    const auto hidden = std::vector<std::size_t>(recipe.hidden.begin(), recipe.hidden.end());
    const auto latentSize = static_cast<std::size_t>(recipe.latentSize);
    std::vector<std::size_t> widths{kImagePixels + m_labelSize};
    widths.insert(widths.end(), hidden.begin(), hidden.end());
    m_encoder = layersOf(widths, recipe.activation, recipe.activation, parameters.data());
    const auto code = parameters.begin() + static_cast<std::ptrdiff_t>(2 * hidden.size());
    const auto decoder = code + (isVariational(recipe) ? 4 : 2);
    m_code.emplace(hidden.back(), latentSize, m_labelSize, std::vector(code, decoder));
    widths = {latentSize + m_labelSize};
    widths.insert(widths.end(), hidden.rbegin(), hidden.rend());
    widths.push_back(kImagePixels);
    m_decoder = layersOf(widths, std::nullopt, recipe.activation, &*decoder);
    for (const auto* half : {&m_encoder, &m_decoder})
        for (const auto& layer : *half) m_parameterCount += layer.inputs() * layer.outputs();
}

ElboTerms DenseStep::Work::learn(const DenseBatch& batch, double beta, const kernels::AdamStep& step, int threads) {
    resize(batch, threads);
    m_batch = batch;
    if (batch.greys) m_batch.inputs = m_batch.targets = m_pixels.data();
    m_beta = beta;
    m_step = step;
    m_code->begin();
    Member::run(threadsWorth(threads), [this](const Member& member) { stepWith(member); });
    ElboTerms sum;
    for (const auto& part : m_parts) {
        sum.reconstruction += part.loss;
        sum.kl += part.kl;
    }
    const auto images = static_cast<double>(batch.size);
    sum.reconstruction /= images;
    sum.kl /= images;
    // The normaliser of a Gaussian of variance 1/2, as in `reconstructionLoss`.
    if (m_recipe.reconstruction == Reconstruction::Gaussian)
        sum.reconstruction += 0.5 * kImagePixels * std::log(std::numbers::pi);
    return sum;
}

int DenseStep::Work::threadsWorth(int threads) const {
    const double worth = 3.0 * static_cast<double>(m_parameterCount * m_batch.size) / kWorkOfThread;
    return static_cast<int>(std::clamp(worth, 1.0, static_cast<double>(threads)));
}

void DenseStep::Work::resize(const DenseBatch& batch, int threads) {
    m_parts.resize(static_cast<std::size_t>(threads));
    for (auto& part : m_parts) part.inked = 0, part.loss = part.kl = 0;
    if (batch.size == m_batch.size) return;
    m_isSparse = false;
    for (auto* half : {&m_encoder, &m_decoder})
        for (auto& layer : *half) layer.resize(batch.size);
    m_code->resize(batch.size);
    m_pixels.resize(batch.size * kImagePixels);
    const std::size_t inputs = m_encoder.front().inputs();
    if (m_labelSize > 0) m_labelled.resize(batch.size, inputs);
    m_rows.reset();
    m_transposed.reset();
    if (!SparseRows::mayPay(batch.size, inputs) || !m_encoder.front().liesInputByInput()) return;
    m_rows.emplace(batch.size, inputs);
    m_transposed.emplace(inputs, batch.size);
}

void DenseStep::Work::stepWith(const Member& member) {
    takeInputs(member);
    forward(member);
    findLoss(member);
    backward(member);
}

Matrix DenseStep::Work::inputs() const {
    return m_labelSize > 0 ? m_labelled.matrix() : Matrix{m_batch.inputs, kImagePixels, 1};
}

/// Its images as numbers, with their labels; and all as sparse rows where that is worth it.
void DenseStep::Work::takeInputs(const Member& member) {
    const auto [first, end] = member.shareOf(m_batch.size);
    const std::size_t start = first * kImagePixels;
    const std::size_t count = (end - first) * kImagePixels;
    if (m_batch.greys) kernels::fractionsOfGreys(m_batch.greys + start, m_pixels.data() + start, count);
    if (m_labelSize > 0)
        for (std::size_t image = first; image < end; ++image) {
            auto* row = m_labelled.row(image);
            std::copy_n(m_batch.inputs + image * kImagePixels, kImagePixels, row);
            for (std::size_t label = 0; label < m_labelSize; ++label)
                row[kImagePixels + label] = m_batch.labels[image] == static_cast<std::int64_t>(label) ? 1.F : 0.F;
        }
    if (m_rows) m_parts[member.index()].inked = kernels::countNonZero(m_batch.inputs + start, count);
    member.meet();
    if (!m_rows) return;
    std::size_t inked = 0;
    for (const auto& part : m_parts) inked += part.inked;
    const bool isSparse = SparseRows::pays(inked, m_batch.size * kImagePixels);
    if (member.index() == 0) m_isSparse = isSparse;
    if (isSparse) {
        const auto blocks = member.shareOf(m_rows->blocks());
        for (auto block = blocks.first; block < blocks.end; ++block)
            m_rows->compress(inputs().data, inputs().down, block);
    }
    member.meet();
}

void DenseStep::Work::forward(const Member& member) {
    for (std::size_t at = 0; at < m_encoder.size(); ++at) {
        if (at == 0 && m_isSparse) {
            m_encoder[0].forward(member, *m_rows);
            const auto blocks = member.shareOf(m_transposed->blocks());
            for (auto block = blocks.first; block < blocks.end; ++block) m_transposed->transpose(*m_rows, block);
        } else {
            m_encoder[at].forward(member, belowEncoder(at));
        }
        member.meet();
    }
    m_parts[member.index()].kl = m_code->forward(member, m_encoder.back().values(), m_batch.noise, m_batch.labels);
    member.meet();
    for (std::size_t at = 0; at < m_decoder.size(); ++at) {
        m_decoder[at].forward(member, belowDecoder(at));
        if (at + 1 < m_decoder.size()) member.meet();
    }
}

/// Of its columns of what came out, and their gradient.
void DenseStep::Work::findLoss(const Member& member) {
    auto& last = m_decoder.back();
    const auto [first, end] = LearningLayer::columnsOf(member, last.outputs());
    const auto loss =
        m_recipe.reconstruction == Reconstruction::Bernoulli ? kernels::crossEntropy : kernels::squaredError;
    const kernels::Outputs own{m_batch.size,
                               end - first,
                               last.values().data() + first,
                               last.gradient().data() + first,
                               last.values().stride(),
                               m_batch.targets + first,
                               kImagePixels};
    m_parts[member.index()].loss = loss(own, 1.F / static_cast<float>(m_batch.size));
    last.passActivation(member);
    member.meet();
}

/// The weights of a layer move once nobody needs them any more for the way back, while the layer below is passed.
void DenseStep::Work::backward(const Member& member) {
    auto& scratch = m_parts[member.index()].scratch;
    const auto updateDecoder = [&](std::size_t at) {
        if (at < m_decoder.size()) m_decoder[at].update(member, belowDecoder(at), m_step, scratch);
    };
    for (std::size_t at = m_decoder.size() - 1; at > 0; --at) {
        m_decoder[at].passBack(member, m_decoder[at - 1]);
        updateDecoder(at + 1);
        member.meet();
    }
    m_code->passBack(member, m_decoder.front(), m_batch.noise, m_beta);
    updateDecoder(1);
    member.meet();
    m_code->passBack(member, m_encoder.back());
    updateDecoder(0);
    member.meet();
    m_code->update(member, m_encoder.back().values(), m_step, scratch);
    for (std::size_t at = m_encoder.size() - 1; at > 0; --at) {
        m_encoder[at].passBack(member, m_encoder[at - 1]);
        member.meet();
        m_encoder[at].update(member, belowEncoder(at), m_step, scratch);
    }
    if (m_isSparse)
        m_encoder.front().update(member, *m_transposed, m_step, scratch);
    else
        m_encoder.front().update(member, inputs(), m_step, scratch);
}

bool DenseStep::suits(const Recipe& recipe) {
    return recipe.backbone == Backbone::Dense && recipe.bottleneck != Bottleneck::Adversarial;
}

DenseStep::DenseStep(const Recipe& recipe, const std::vector<ParameterMemory>& parameters)
    : m_work(std::make_unique<Work>(recipe, parameters)) {}

DenseStep::~DenseStep() = default;

ElboTerms DenseStep::learn(const DenseBatch& batch, double beta, const kernels::AdamStep& step, int threads) {
    return m_work->learn(batch, beta, step, threads);
}

}  // namespace zwei
