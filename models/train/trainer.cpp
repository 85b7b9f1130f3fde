// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/train/trainer.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "models/eval/elbo.h"
#include "models/nn/autoencoder.h"
#include "models/nn/losses.h"
#include "models/nn/recipe_check.h"
#include "models/runtime/environment.h"
#include "models/runtime/torch_device.h"
#include "models/train/schedule.h"

namespace zwei {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kProgressInterval = std::chrono::milliseconds(1000 / 30);
constexpr int kValidationShare = 12;  // early stop holds out one image in so many: 5,000 of MNIST

// The run's streams of random numbers: one never moves another.
enum Stream : std::uint64_t { kShuffle = 1, kNoise = 2 };

at::Generator generatorFor(std::uint64_t seed, Stream stream) {
    return at::make_generator<at::CPUGeneratorImpl>(seed * 0x9e3779b97f4a7c15u + stream);
}

torch::Tensor pixelTensor(const ImageBatch& images) {
    auto* pixels = const_cast<std::uint8_t*>(images.pixels.data());  // from_blob takes no const; nobody writes
    return torch::from_blob(pixels, {images.count, kImagePixels}, torch::kUInt8);
}

/// [784] in [0, 1]
torch::Tensor meanImage(const torch::Tensor& images) { return images.to(torch::kFloat32).mean(0).div_(255); }

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Adds up the terms of batches of unequal size.
class MeanTerms {
public:
    void add(const ElboTerms& terms, double images) {
        m_sum.reconstruction += images * terms.reconstruction;
        m_sum.kl += images * terms.kl;
        m_images += images;
    }
    ElboTerms mean() const { return {m_sum.reconstruction / m_images, m_sum.kl / m_images}; }

private:
    ElboTerms m_sum;
    double m_images = 0;
};

/// One run, from its first batch to its last.
class Run {
public:
    Run(const TrainingJob& job, torch::Device device, RunControl& control, TrainingObserver& observer);
    TrainingOutcome go();

private:
    enum class Verdict { Continue, Stop, Diverged, NoBetter };

    Verdict runEpoch();
    RunControl::Next awaitBatch();
    ElboTerms trainBatch(const torch::Tensor& indices);
    void report(bool always);
    Verdict endEpoch(const ElboTerms& trainTerms);
    bool isNoBetter();
    TrainingOutcome outcome(Verdict verdict);

    const Recipe& m_recipe;
    RunControl& m_control;
    TrainingObserver& m_observer;
    torch::Device m_device;

    torch::Tensor m_train;       // [N, 784] uint8
    torch::Tensor m_validation;  // the same, empty without early stop
    torch::Tensor m_test;
    at::Generator m_shuffle;
    at::Generator m_noise;
    Autoencoder m_network;
    torch::optim::Adam m_adam;

    TrainingProgress m_progress;
    std::int64_t m_steps = 0;   // of the whole run
    double m_trainSeconds = 0;  // spent on batches: no pause, no evaluation
    std::int64_t m_imagesDone = 0;
    Clock::time_point m_lastReport{};
    std::vector<EpochStatistics> m_history;
    WeightsPtr m_lastGood;
    double m_bestValidation = std::numeric_limits<double>::infinity();
    int m_epochsSinceBest = 0;
};

torch::optim::AdamOptions adamOptions(double learningRate) {
    return torch::optim::AdamOptions(learningRate).betas({0.9, 0.99});
}

Run::Run(const TrainingJob& job, torch::Device device, RunControl& control, TrainingObserver& observer)
    : m_recipe(job.recipe),
      m_control(control),
      m_observer(observer),
      m_device(device),
      m_shuffle(generatorFor(job.recipe.seed, kShuffle)),
      m_noise(generatorFor(job.recipe.seed, kNoise)),
      m_network(buildAutoencoder(job.recipe, meanImage(pixelTensor(job.data->train.images)))),
      m_adam((m_network->to(device), m_network->parameters()), adamOptions(job.recipe.learningRate)) {
    const auto all = pixelTensor(job.data->train.images).to(device);
    const auto held = m_recipe.patience > 0 ? (all.size(0) + kValidationShare - 2) / kValidationShare : 0;
    m_train = all.slice(0, 0, all.size(0) - held);
    m_validation = all.slice(0, all.size(0) - held);
    m_test = pixelTensor(job.data->test.images).to(device);

    m_progress.epochs = m_recipe.epochs;
    m_progress.batches = static_cast<int>((m_train.size(0) + m_recipe.batch - 1) / m_recipe.batch);
    m_steps = std::int64_t{m_progress.batches} * m_recipe.epochs;
    m_lastGood = captureWeights(m_network, 0);
}

TrainingOutcome Run::go() {
    m_observer.onWeights(m_lastGood);
    for (m_progress.epoch = 0; m_progress.epoch < m_recipe.epochs; ++m_progress.epoch)
        if (const auto verdict = runEpoch(); verdict != Verdict::Continue) return outcome(verdict);
    report(true);
    return outcome(Verdict::Continue);
}

Run::Verdict Run::runEpoch() {
    const auto order = torch::randperm(m_train.size(0), m_shuffle).to(m_device);
    MeanTerms terms;
    for (m_progress.batch = 0; m_progress.batch < m_progress.batches; ++m_progress.batch) {
        if (awaitBatch() == RunControl::Next::Stop) return Verdict::Stop;
        const auto start = Clock::now();
        const auto indices =
            order.slice(0, std::int64_t{m_progress.batch} * m_recipe.batch,
                        std::min<std::int64_t>(m_train.size(0), std::int64_t{m_progress.batch + 1} * m_recipe.batch));
        m_progress.batchTerms = trainBatch(indices);
        if (!std::isfinite(m_progress.batchTerms.negElbo())) return Verdict::Diverged;
        terms.add(m_progress.batchTerms, static_cast<double>(indices.size(0)));
        m_imagesDone += indices.size(0);
        m_trainSeconds += secondsSince(start);
        ++m_progress.step;
        report(false);
    }
    return endEpoch(terms.mean());
}

RunControl::Next Run::awaitBatch() {
    for (;;) {
        const auto next = m_control.next([this] {
            report(true);
            m_observer.onPaused();
        });
        if (next != RunControl::Next::PublishWeights) return next;
        m_observer.onWeights(captureWeights(m_network, m_progress.step));
    }
}

ElboTerms Run::trainBatch(const torch::Tensor& indices) {
    for (auto& group : m_adam.param_groups())
        group.options().set_lr(learningRateAt(m_recipe.schedule, m_recipe.learningRate, m_progress.step, m_steps));
    const auto images = m_train.index_select(0, indices).to(torch::kFloat32).div_(255);
    const auto posterior = m_network->encode(images);
    const auto noise = torch::randn(posterior.mu.sizes(), m_noise).to(m_device);
    const auto reconstruction =
        reconstructionLoss(m_recipe.reconstruction, m_network->decode(posterior.sample(noise)), images);
    const auto kl = gaussianKl(posterior);
    m_adam.zero_grad();
    (reconstruction + m_control.beta() * kl).backward();
    m_adam.step();
    return {reconstruction.item<double>(), kl.item<double>()};
}

void Run::report(bool always) {
    const auto now = Clock::now();
    if (!always && now - m_lastReport < kProgressInterval) return;
    m_lastReport = now;
    if (m_trainSeconds > 0) {
        m_progress.imagesPerSecond = static_cast<double>(m_imagesDone) / m_trainSeconds;
        m_progress.secondsLeft =
            m_trainSeconds / static_cast<double>(m_progress.step) * static_cast<double>(m_steps - m_progress.step);
    }
    m_observer.onProgress(m_progress);
}

Run::Verdict Run::endEpoch(const ElboTerms& trainTerms) {
    EpochStatistics statistics;
    statistics.epoch = m_progress.epoch + 1;
    statistics.train = trainTerms;
    statistics.test = networkElbo(m_network, m_recipe.reconstruction, m_test);
    statistics.seconds = m_trainSeconds;
    statistics.imagesPerSecond = static_cast<double>(m_imagesDone) / m_trainSeconds;
    if (!std::isfinite(statistics.test.negElbo())) return Verdict::Diverged;
    m_history.push_back(statistics);
    const bool stop = isNoBetter();
    const auto weights = captureWeights(m_network, m_progress.step);
    if (m_epochsSinceBest == 0) m_lastGood = weights;
    m_observer.onEpoch(statistics);
    m_observer.onWeights(weights);
    return stop ? Verdict::NoBetter : Verdict::Continue;
}

/// Looks at the images that were held out; without early stop every epoch counts as the best.
bool Run::isNoBetter() {
    if (m_validation.size(0) == 0) return false;
    const double now = networkElbo(m_network, m_recipe.reconstruction, m_validation).negElbo();
    m_epochsSinceBest = now < m_bestValidation ? 0 : m_epochsSinceBest + 1;
    m_bestValidation = std::min(m_bestValidation, now);
    return m_epochsSinceBest >= m_recipe.patience;
}

TrainingOutcome Run::outcome(Verdict verdict) {
    TrainingOutcome outcome;
    outcome.history.assign(m_history.begin(), m_history.end() - m_epochsSinceBest);
    outcome.weights = m_lastGood;
    outcome.imagesPerSecond = m_trainSeconds > 0 ? static_cast<double>(m_imagesDone) / m_trainSeconds : 0;
    switch (verdict) {
        case Verdict::Continue:
            outcome.reason = StopReason::Completed;
            break;
        case Verdict::NoBetter:
            outcome.reason = StopReason::EarlyStopped;
            break;
        case Verdict::Stop:
            outcome.reason = StopReason::Stopped;
            if (m_history.empty()) outcome.weights = captureWeights(m_network, m_progress.step);
            break;
        case Verdict::Diverged:
            outcome.reason = StopReason::Diverged;
            outcome.message = "The loss is no longer a finite number in epoch " + std::to_string(m_progress.epoch + 1) +
                              "; try a smaller learning rate.";
            break;
    }
    return outcome;
}

}  // namespace

Result<TrainingOutcome> train(const TrainingJob& job, RunControl& control, TrainingObserver& observer) {
    if (auto fault = recipeFault(job.recipe)) return failure(*fault);
    if (job.data->train.images.count == 0)
        return failure("The data set " + job.data->name + " has test images only, and nothing to train on.");
    try {
        const auto device = resolveDevice(job.device);
        if (!device) return failure(device.error());
        at::set_num_threads(job.threads > 0 ? job.threads : defaultThreads());
        return Run(job, torchDevice(*device), control, observer).go();
    } catch (const std::exception& error) {
        const std::string what = error.what();
        return failure("The training could not go on: " + what.substr(0, what.find('\n')));
    }
}

Result<WeightsPtr> initialWeights(const Recipe& recipe, const Dataset& data) {
    if (auto fault = recipeFault(recipe)) return failure(*fault);
    if (data.train.images.count == 0)
        return failure("The data set " + data.name + " has test images only, and nothing to train on.");
    try {
        return captureWeights(buildAutoencoder(recipe, meanImage(pixelTensor(data.train.images))), 0);
    } catch (const std::exception& error) {
        const std::string what = error.what();
        return failure("The network could not be made: " + what.substr(0, what.find('\n')));
    }
}

}  // namespace zwei
