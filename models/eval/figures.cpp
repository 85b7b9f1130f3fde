// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/eval/figures.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <array>
#include <set>
#include <sstream>

#include "models/data/image_filters.h"
#include "models/eval/embedding_quality.h"
#include "models/eval/image_quality.h"
#include "models/eval/likelihood.h"
#include "models/eval/network_elbo.h"
#include "models/eval/trustworthiness.h"
#include "models/io/recipe_json.h"
#include "models/nn/inference_engine.h"
#include "models/nn/losses.h"
#include "models/runtime/torch_device.h"
#include "models/types/reconstruction.h"

namespace zwei {
namespace {

constexpr std::uint64_t kSeed = 20150901;
constexpr int kChunk = 500;            // images at once
constexpr double kActive = 0.01;       // variance of a dimension's mu (Burda et al., 2016)
constexpr int kTrusted = 10000;        // images whose distances to each other are taken
constexpr int kTrustedNeighbours = 5;  // an image
constexpr const char* kStopped = "Measuring was stopped.";
constexpr double kLikelihoodFrom = 0.1;  // the share of the work that comes before the log-likelihood

CodesPtr codesOf(const torch::Tensor& mu, std::int64_t count) {
    const auto values = mu.slice(0, 0, count).contiguous();
    const auto* data = values.data_ptr<float>();
    return std::make_shared<Codes>(
        Codes{static_cast<int>(values.size(0)), static_cast<int>(values.size(1)), {data, data + values.numel()}, {}});
}

CodesPtr codesOf(const torch::Tensor& mu) { return codesOf(mu, mu.size(0)); }

bool isFinite(const Posterior& posterior) {
    const auto hasFinite = [](const torch::Tensor& values) {
        return !values.defined() || values.isfinite().all().item<bool>();
    };
    return hasFinite(posterior.mu) && hasFinite(posterior.logVar);
}

/// The usual levels, where the recipe's range has them; otherwise its least, its middle and its most.
std::set<double> testedLevels(const Recipe& recipe) {
    std::set<double> levels;
    for (const double level :
         recipe.noise == NoiseKind::Gaussian ? std::array{0.3, 0.4, 0.5} : std::array{0.1, 0.3, 0.5})
        if (level >= recipe.noiseLeast && level <= recipe.noiseMost) levels.insert(level);
    if (!levels.empty()) return levels;
    return {recipe.noiseLeast, (recipe.noiseLeast + recipe.noiseMost) / 2, recipe.noiseMost};
}

std::string noiseName(const Noise& noise) {
    std::ostringstream name;
    name << wordOf(noise.kind) << ' ' << noise.level;
    if (noise.kind == NoiseKind::Gaussian && noise.mean != 0) name << ", mean " << noise.mean;
    return name.str();
}

/// What comes out for inputs, and its cross-entropy to the clean images in nats a pixel.
struct Outputs {
    ImageBatch images;
    double bernoulli = 0;
};

/// One model on one data set. Each step fills in what it measures.
class Measurement {
public:
    Measurement(const Recipe& recipe, const Dataset& data, const FigureOptions& options, FigureProgress progress,
                InferenceEngine engine, Autoencoder network, const torch::Device& device);
    Result<Figures> measure();

private:
    // Steps: those that a recipe or the data have nothing for do nothing.
    Result<void> measureElbo();
    Result<void> measureReconstruction();
    Result<void> measureRestorations();
    Result<void> measureAccuracies();
    Result<void> measureTrustworthiness();
    Result<void> measurePriorDistance();
    Result<void> measureLikelihood();

    bool hasLikelihood() const;
    Result<void> tell(double share) const;
    Result<Posterior> posteriorOf(const LabelledImages& images);
    Outputs outputsFor(const ImageBatch& inputs);
    RestorationFigures denoised(const Noise& noise);
    RestorationFigures enlarged();

    const Recipe& m_recipe;
    const Dataset& m_data;
    const FigureOptions& m_options;
    FigureProgress m_progress;
    InferenceEngine m_engine;  // makes the inputs
    Autoencoder m_network;
    torch::Device m_device;
    Examples m_test;
    torch::Tensor m_mu;  // [N, latentSize] of the test images, on the processor; undefined where there is no code
    Figures m_figures;
};

Measurement::Measurement(const Recipe& recipe, const Dataset& data, const FigureOptions& options,
                         FigureProgress progress, InferenceEngine engine, Autoencoder network,
                         const torch::Device& device)
    : m_recipe(recipe),
      m_data(data),
      m_options(options),
      m_progress(std::move(progress)),
      m_engine(std::move(engine)),
      m_network(std::move(network)),
      m_device(device),
      m_test(examplesOf(data.test, takesLabels(recipe)).to(device)) {}

Result<Figures> Measurement::measure() {
    using Step = Result<void> (Measurement::*)();
    static constexpr std::array<Step, 7> kSteps = {
        &Measurement::measureElbo,          &Measurement::measureReconstruction,  // all that is quick
        &Measurement::measureRestorations,  &Measurement::measureAccuracies,     &Measurement::measureTrustworthiness,
        &Measurement::measurePriorDistance, &Measurement::measureLikelihood};
    const std::size_t count = m_options.quick ? 2 : kSteps.size();
    const double steps = hasLikelihood() ? kLikelihoodFrom : 1;
    m_figures.data = m_data.name;
    m_figures.images = m_data.test.images.count;
    for (std::size_t step = 0; step < count; ++step) {
        const double share = steps * static_cast<double>(step) / static_cast<double>(count);
        if (auto told = tell(share); !told) return failure(told.error());
        if (auto done = (this->*kSteps[step])(); !done) return failure(done.error());
    }
    if (auto told = tell(1); !told) return failure(told.error());
    return m_figures;
}

bool Measurement::hasLikelihood() const {
    return !m_options.quick && isVariational(m_recipe) && m_recipe.reconstruction == Reconstruction::Bernoulli;
}

Result<void> Measurement::tell(double share) const {
    if (m_progress && !m_progress(share)) return failure(kStopped);
    return {};
}

Result<Posterior> Measurement::posteriorOf(const LabelledImages& images) {
    auto posterior = networkPosterior(m_network, m_recipe, examplesOf(images, takesLabels(m_recipe)).to(m_device));
    if (!isFinite(posterior)) return failure("The model's codes are not finite numbers.");
    return posterior;
}

Result<void> Measurement::measureElbo() {
    m_figures.elbo = networkElbo(m_network, m_recipe, m_test);
    if (!hasCode(m_recipe)) return {};
    const auto posterior = posteriorOf(m_data.test);
    if (!posterior) return failure(posterior.error());
    m_mu = posterior->mu;
    if (!isVariational(m_recipe)) return {};
    const auto mu = m_mu.to(torch::kFloat64);
    const auto logVar = posterior->logVar.to(torch::kFloat64);
    const auto kl = (-0.5 * (1 + logVar - mu.square() - logVar.exp())).mean(0).contiguous();
    m_figures.klByDimension.assign(kl.data_ptr<double>(), kl.data_ptr<double>() + kl.numel());
    m_figures.activeDimensions = (mu.var(0, /*unbiased=*/false) > kActive).sum().item<int>();
    return {};
}

Outputs Measurement::outputsFor(const ImageBatch& inputs) {
    Outputs outputs;
    std::vector<torch::Tensor> images;
    for (int first = 0; first < inputs.count; first += kChunk) {
        const int size = std::min(kChunk, inputs.count - first);
        const auto clean = m_test.slice(first, first + size);
        const auto logits = m_network->reconstruct(imageTensor(inputs, first, size).to(m_device), clean.labels);
        const auto loss = reconstructionLoss(Reconstruction::Bernoulli, logits, clean.pixels());
        outputs.bernoulli += loss.item<double>() * size / inputs.count / kImagePixels;
        images.push_back(torch::sigmoid(logits).cpu());
    }
    outputs.images = imageBatch(torch::cat(images));
    return outputs;
}

Result<void> Measurement::measureReconstruction() {
    const auto& clean = m_data.test.images;
    const auto outputs = outputsFor(m_engine.inputOf(clean, std::nullopt, kSeed));
    m_figures.reconstruction = imageQuality(outputs.images, clean);
    m_figures.bernoulli = outputs.bernoulli;
    m_figures.bernoulliFloor = bernoulliFloor(clean) / kImagePixels;
    return {};
}

RestorationFigures Measurement::denoised(const Noise& noise) {
    const auto& clean = m_data.test.images;
    const auto inputs = m_engine.inputOf(clean, noise, kSeed);
    const auto outputs = outputsFor(inputs);
    return {noiseName(noise),
            {{"input", imageQuality(inputs, clean), std::nullopt},
             {"median 3x3", imageQuality(medianFilter3x3(inputs), clean), std::nullopt},
             {"model", imageQuality(outputs.images, clean), outputs.bernoulli}}};
}

RestorationFigures Measurement::enlarged() {
    const auto& clean = m_data.test.images;
    const auto small = shrink(clean, m_recipe.factor);
    const auto filtered = [&](EnlargeFilter filter) {
        return imageQuality(enlarge(small, m_recipe.factor, filter), clean);
    };
    return {std::to_string(m_recipe.factor) + "x",
            {{"input", imageQuality(repeatPixels(small, m_recipe.factor), clean), std::nullopt},
             {"bicubic", filtered(EnlargeFilter::Bicubic), std::nullopt},
             {"Lanczos", filtered(EnlargeFilter::Lanczos), std::nullopt},
             {"model", m_figures.reconstruction, m_figures.bernoulli}}};
}

Result<void> Measurement::measureRestorations() {
    if (m_recipe.input == Input::Clean) return {};
    if (m_recipe.input == Input::Small) {
        m_figures.restorations = {enlarged()};
        return {};
    }
    for (const double level : testedLevels(m_recipe))
        m_figures.restorations.push_back(denoised({m_recipe.noise, level, m_recipe.noiseMean}));
    return {};
}

Result<void> Measurement::measureAccuracies() {
    const auto& train = m_data.train;
    const auto& test = m_data.test;
    if (!hasCode(m_recipe) || !train.isLabelled() || !test.isLabelled()) return {};
    const auto posterior = posteriorOf(train);
    if (!posterior) return failure(posterior.error());
    const auto reference = codesOf(posterior->mu);
    const auto queries = codesOf(m_mu);
    m_figures.accuracy1 = neighbourAccuracy(reference, train.labels, *queries, test.labels, 1);
    m_figures.accuracy5 = neighbourAccuracy(reference, train.labels, *queries, test.labels, 5);
    return {};
}

Result<void> Measurement::measureTrustworthiness() {
    const auto& images = m_data.test.images;
    const auto first = firstIndices(kTrusted, images.count);
    if (!hasCode(m_recipe) || std::ssize(first) <= 2 * kTrustedNeighbours) return {};
    m_figures.trustworthiness =
        trustworthiness(selectImages(images, first), codesOf(m_mu, std::ssize(first)), kTrustedNeighbours);
    return {};
}

Result<void> Measurement::measurePriorDistance() {
    if (!hasCode(m_recipe)) return {};
    const auto codes = codesOf(networkCodes(m_network, m_recipe, m_test));
    m_figures.priorDistance = slicedWasserstein(codes->mu, codes->dimensions);
    return {};
}

Result<void> Measurement::measureLikelihood() {
    if (!hasLikelihood()) return {};
    auto generator = at::make_generator<at::CPUGeneratorImpl>(kSeed);
    const auto drawn = torch::bernoulli(m_test.pixels().cpu(), generator).mul_(255).to(torch::kUInt8);
    const Examples binarised{drawn.to(m_device), m_test.labels};
    m_figures.binarisedElbo = networkElbo(m_network, m_recipe, binarised);
    const auto count = std::min<std::int64_t>(m_options.likelihoodImages, binarised.size());
    m_figures.logLikelihood = importanceWeightedLikelihood(
        m_network, m_recipe, binarised.slice(0, count), m_options.samples,
        [this](double share) { return tell(kLikelihoodFrom + (1 - kLikelihoodFrom) * share).has_value(); });
    if (!m_figures.logLikelihood) return failure(kStopped);
    m_figures.samples = m_options.samples;
    m_figures.likelihoodImages = static_cast<int>(count);
    return {};
}

}  // namespace

Result<Figures> measureFigures(const Recipe& recipe, const Weights& weights, const Dataset& data,
                               const FigureOptions& options, const FigureProgress& progress) {
    const torch::NoGradGuard noGrad;
    const auto device = resolveDevice(options.device);
    if (!device) return failure(device.error());
    if (takesLabels(recipe) && !data.test.isLabelled())
        return failure("This model is given the label of each image, and these images have none.");
    auto engine = InferenceEngine::create(recipe, weights, *device);
    if (!engine) return failure(engine.error());
    auto network = buildAutoencoder(recipe);
    if (const auto restored = restoreWeights(network, weights); !restored) return failure(restored.error());
    network->to(torchDevice(*device));
    return Measurement(recipe, data, options, progress, std::move(*engine), network, torchDevice(*device)).measure();
}

}  // namespace zwei
