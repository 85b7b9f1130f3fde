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

constexpr double kWorkOfThread = 4'000'000;  // multiplications that are worth a thread

/// `first` is why many inputs of the first of them are 0.
std::vector<LearningLayer> layersOf(std::vector<std::size_t> widths, Zeros first, std::optional<Activation> last,
                                    Activation activation, const kernels::ParameterMemory* parameters) {
    const auto below = activation == Activation::ReLU ? Zeros::ReLU : Zeros::None;
    std::vector<LearningLayer> layers;
    for (std::size_t i = 0; i + 1 < widths.size(); ++i)
        layers.emplace_back(widths[i], widths[i + 1], i + 2 < widths.size() ? activation : last, i > 0 ? below : first,
                            parameters[2 * i], parameters[2 * i + 1]);
    return layers;
}

}  // namespace

class DenseStep::Work {
public:
    Work(const Recipe& recipe, const std::vector<kernels::ParameterMemory>& parameters);

    ElboTerms learn(const DenseBatch& batch, double beta, const kernels::AdamStep& step, int threads);

private:
    /// What the members say of their parts.
    struct alignas(64) Part {
        double loss = 0;
        double kl = 0;
        Scratch scratch;
    };

    void resize(const DenseBatch& batch, int threads);
    int threadsWorth(int threads) const;
    void stepWith(Member& member);
    void takeInputs(Member& member);
    void gather(kernels::Range images);
    void layNumbers(kernels::Range images);
    /// Are the inputs taken as the greys that they are?
    bool areGreys() const { return m_batch.greys && m_labelSize == 0; }
    static void takeSparseInputs(Member& member, LearningLayer& layer);
    void forward(Member& member);
    void findLoss(Member& member);
    template <typename Value>
    double lossOf(kernels::Range columns, const Value* targets);
    void backward(Member& member);
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
    std::vector<std::uint8_t> m_greys;  // [batch, 784]
    std::vector<float> m_pixels;        // of them
    PaddedRows m_labelled;              // the inputs and their labels, where the encoder is given these
    std::vector<Part> m_parts;
};

DenseStep::Work::Work(const Recipe& recipe, const std::vector<kernels::ParameterMemory>& parameters)
    : m_recipe(recipe), m_labelSize(takesLabels(recipe) ? kClasses : 0) {
    const auto hidden = std::vector<std::size_t>(recipe.hidden.begin(), recipe.hidden.end());
    const auto latentSize = static_cast<std::size_t>(recipe.latentSize);
    std::vector<std::size_t> widths{kImagePixels + m_labelSize};
    widths.insert(widths.end(), hidden.begin(), hidden.end());
    m_encoder = layersOf(widths, Zeros::Background, recipe.activation, recipe.activation, parameters.data());
    const auto code = parameters.begin() + static_cast<std::ptrdiff_t>(2 * hidden.size());
    const auto decoder = code + (isVariational(recipe) ? 4 : 2);
    m_code.emplace(hidden.back(), latentSize, m_labelSize, std::vector(code, decoder));
    widths = {latentSize + m_labelSize};
    widths.insert(widths.end(), hidden.rbegin(), hidden.rend());
    widths.push_back(kImagePixels);
    m_decoder = layersOf(widths, Zeros::None, std::nullopt, recipe.activation, &*decoder);
    for (const auto* half : {&m_encoder, &m_decoder})
        for (const auto& layer : *half) m_parameterCount += layer.inputs() * layer.outputs();
}

ElboTerms DenseStep::Work::learn(const DenseBatch& batch, double beta, const kernels::AdamStep& step, int threads) {
    resize(batch, threads);
    m_batch = batch;
    if (batch.greys) m_batch.inputs = m_pixels.data();
    auto& sparse = m_encoder.front().sparseInputs();
    if (areGreys())
        sparse.setSource(m_greys.data(), kImagePixels);
    else
        sparse.setSource(inputs().data, inputs().down);
    m_beta = beta;
    m_step = step;
    m_code->begin();
    const std::size_t loops = 3 * (m_encoder.size() + m_decoder.size());  // forward, back, and the weights
    Member::run(threadsWorth(threads), loops, [this](Member& member) { stepWith(member); });
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
    for (auto& part : m_parts) part.loss = part.kl = 0;
    if (batch.size == m_batch.size) return;
    for (auto* half : {&m_encoder, &m_decoder})
        for (std::size_t at = 0; at < half->size(); ++at) {
            auto& layer = (*half)[at];
            layer.resize(batch.size);
            if (at == 0) continue;
            const auto& below = (*half)[at - 1].values();
            layer.sparseInputs().setSource(below.data(), below.stride());
        }
    m_code->resize(batch.size);
    m_greys.resize(batch.size * kImagePixels);
    m_pixels.resize(batch.size * kImagePixels);
    if (m_labelSize > 0) m_labelled.resize(batch.size, m_encoder.front().inputs());
}

void DenseStep::Work::stepWith(Member& member) {
    takeInputs(member);
    forward(member);
    findLoss(member);
    backward(member);
}

Matrix DenseStep::Work::inputs() const {
    return m_labelSize > 0 ? m_labelled.matrix() : Matrix{m_batch.inputs, kImagePixels, 1};
}

/// Its images, as sparse rows where all of them may be worth it, or else as numbers.
void DenseStep::Work::takeInputs(Member& member) {
    const auto own = SparseInputs::rowsOf(member, m_batch.size);
    auto& sparse = m_encoder.front().sparseInputs();
    if (m_batch.greys) gather(own);
    if (!areGreys()) layNumbers(own);
    if (sparse.mayPay()) sparse.takeRows(member);
    member.meet();
    if (sparse.pays() || !areGreys()) return;
    layNumbers(own);
    member.meet();
}

/// From where they lie in the set, each in another place that no cache knows yet.
void DenseStep::Work::gather(kernels::Range images) {
    constexpr std::size_t kAhead = 4;
    constexpr std::size_t kLine = 64;
    const auto at = [this](std::size_t image) { return m_batch.greys + m_batch.images[image] * kImagePixels; };
    for (std::size_t image = images.first; image < images.end; ++image) {
        if (image + kAhead < images.end)
            for (std::size_t i = 0; i < kImagePixels; i += kLine) __builtin_prefetch(at(image + kAhead) + i);
        std::copy_n(at(image), kImagePixels, m_greys.data() + image * kImagePixels);
    }
}

/// The inputs as numbers, and their labels behind them where the encoder is given these.
void DenseStep::Work::layNumbers(kernels::Range images) {
    for (std::size_t image = images.first; image < images.end; ++image) {
        float* const row = m_labelSize > 0 ? m_labelled.row(image) : m_pixels.data() + image * kImagePixels;
        if (m_batch.greys)
            kernels::fractionsOfGreys(m_greys.data() + image * kImagePixels, row, kImagePixels);
        else if (m_labelSize > 0)
            std::copy_n(m_batch.inputs + image * kImagePixels, kImagePixels, row);
        for (std::size_t label = 0; label < m_labelSize; ++label)
            row[kImagePixels + label] = m_batch.labels[image] == static_cast<std::int64_t>(label) ? 1.F : 0.F;
    }
}

void DenseStep::Work::forward(Member& member) {
    for (std::size_t at = 0; at < m_encoder.size(); ++at) {
        if (at > 0) takeSparseInputs(member, m_encoder[at]);
        m_encoder[at].forward(member, belowEncoder(at));
        member.meet();
    }
    m_parts[member.index()].kl = m_code->forward(member, m_encoder.back().values(), m_batch.noise, m_batch.labels);
    member.meet();
    for (std::size_t at = 0; at + 1 < m_decoder.size(); ++at) {
        takeSparseInputs(member, m_decoder[at]);
        m_decoder[at].forward(member, belowDecoder(at));
        member.meet();
    }
}

/// The inputs of `layer`, where it may pay to leave out their zeros.
void DenseStep::Work::takeSparseInputs(Member& member, LearningLayer& layer) {
    if (!layer.sparseInputs().mayPay()) return;
    layer.sparseInputs().takeRows(member);
    member.meet();
}

/// What comes out, and its gradient.
void DenseStep::Work::findLoss(Member& member) {
    auto& last = m_decoder.back();
    auto& loss = m_parts[member.index()].loss;
    takeSparseInputs(member, last);
    last.forward(member, belowDecoder(m_decoder.size() - 1), [&](kernels::Range columns) {
        loss += m_batch.greys ? lossOf(columns, m_greys.data()) : lossOf(columns, m_batch.targets);
        last.passActivation(columns);
    });
    member.meet();
}

template <typename Value>
double DenseStep::Work::lossOf(kernels::Range columns, const Value* targets) {
    auto& last = m_decoder.back();
    const kernels::Outputs own{m_batch.size, columns.size(), last.values().data() + columns.first,
                               last.gradient().data() + columns.first, last.values().stride()};
    const kernels::Targets<Value> truth{targets + columns.first, kImagePixels};
    const float scale = 1.F / static_cast<float>(m_batch.size);
    return m_recipe.reconstruction == Reconstruction::Bernoulli ? kernels::crossEntropy(own, truth, scale)
                                                                : kernels::squaredError(own, truth, scale);
}

/// The weights of a layer move once nobody needs them any more for the way back, while the layer below is passed.
void DenseStep::Work::backward(Member& member) {
    auto& scratch = m_parts[member.index()].scratch;
    const auto updateDecoder = [&](std::size_t at) {
        if (at < m_decoder.size()) m_decoder[at].update(member, belowDecoder(at), m_step, scratch);
    };
    for (std::size_t at = m_decoder.size() - 1; at > 0; --at) {
        m_decoder[at].passBack(member, m_decoder[at - 1], scratch);
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
        m_encoder[at].passBack(member, m_encoder[at - 1], scratch);
        member.meet();
        m_encoder[at].update(member, belowEncoder(at), m_step, scratch);
    }
    m_encoder.front().update(member, inputs(), m_step, scratch);
}

bool DenseStep::suits(const Recipe& recipe) {
    return recipe.backbone == Backbone::Dense && recipe.bottleneck != Bottleneck::Adversarial;
}

DenseStep::DenseStep(const Recipe& recipe, const std::vector<kernels::ParameterMemory>& parameters)
    : m_work(std::make_unique<Work>(recipe, parameters)) {}

DenseStep::~DenseStep() = default;

ElboTerms DenseStep::learn(const DenseBatch& batch, double beta, const kernels::AdamStep& step, int threads) {
    return m_work->learn(batch, beta, step, threads);
}

}  // namespace zwei
