// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/train/trainer.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "models/eval/embedding_quality.h"
#include "models/eval/network_elbo.h"
#include "models/nn/autoencoder.h"
#include "models/nn/recipe_check.h"
#include "models/runtime/environment.h"
#include "models/runtime/torch_device.h"
#include "models/train/learner.h"
#include "models/train/linear_fit.h"
#include "models/train/schedule.h"
#include "models/train/team_size.h"

namespace zwei {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kProgressInterval = std::chrono::milliseconds(1000 / 12);
// Where somebody asks for weights, the progress comes with them: a window that is woken for each apart takes a
// processor for a step more often.
constexpr auto kProgressBetweenWeights = std::chrono::milliseconds(500);
constexpr int kValidationShare = 12;  // early stop holds out one image in so many: 5,000 of MNIST

/// [784] in [0, 1]
torch::Tensor meanImage(const LabelledImages& images) {
    return examplesOf(images, false).images.mean(0, /*keepdim=*/false, torch::kFloat32).div_(255);
}

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

double priorDistance(Autoencoder& network, const Recipe& recipe, const Examples& examples) {
    const auto codes = networkCodes(network, recipe, examples).contiguous();
    return slicedWasserstein({codes.data_ptr<float>(), static_cast<std::size_t>(codes.numel())}, recipe.latentSize);
}

/// One run, from its first batch to its last.
class Run {
public:
    Run(const TrainingJob& job, torch::Device device, RunControl& control, TrainingObserver& observer);
    /// Goes to where another run was. Throws where that is a run of another network.
    void restore(const TrainingState& state);
    TrainingOutcome go();

private:
    enum class Verdict { Continue, Stop, Diverged, NoBetter };

    Verdict runEpoch();
    int threadsNow();
    RunControl::Next awaitBatch();
    RunControl::Next awaitTurn();
    void report();
    Verdict endEpoch();
    bool isNoBetter();
    /// Null where it is not finite any more, which the next batch will tell.
    TrainingStatePtr state();
    TrainingOutcome outcome(Verdict verdict);

    const TrainingJob& m_job;
    const Recipe& m_recipe;
    RunControl& m_control;
    TrainingObserver& m_observer;
    torch::Device m_device;
    int m_threads = at::get_num_threads();
    TeamSize m_team{m_threads};
    ProcessorUse m_use;
    bool m_hasPublished = false;  // weights, since the last batch, to others on these processors

    Examples m_train;
    Examples m_validation;  // empty without early stop
    Examples m_test;
    at::Generator m_shuffle;
    std::vector<std::uint8_t> m_shuffleBefore;  // this epoch's order was drawn from it
    Autoencoder m_network;
    Learner m_learner;

    TrainingProgress m_progress;
    MeanTerms m_terms;          // of this epoch's batches
    std::int64_t m_steps = 0;   // of the whole run
    double m_trainSeconds = 0;  // spent on batches: no pause, no evaluation
    std::int64_t m_imagesDone = 0;
    Clock::time_point m_lastReport{};
    Clock::time_point m_nextReport{};
    std::vector<EpochStatistics> m_history;
    std::optional<std::uint32_t> m_fingerprint;  // of the data, once somebody asks
    WeightsPtr m_lastGood;
    double m_bestValidation = std::numeric_limits<double>::infinity();
    int m_epochsSinceBest = 0;
};

Run::Run(const TrainingJob& job, torch::Device device, RunControl& control, TrainingObserver& observer)
    : m_job(job),
      m_recipe(job.recipe),
      m_control(control),
      m_observer(observer),
      m_device(device),
      m_use(job.processors, ProcessorUse::By::Training),
      m_shuffle(generatorFor(job.recipe.seed, RandomStream::Shuffle)),
      m_network(buildAutoencoder(job.recipe, meanImage(job.data->train))),
      m_learner(m_recipe, (m_network->to(device), m_network), device) {
    const bool withLabels = takesLabels(m_recipe);
    const auto all = examplesOf(job.data->train, withLabels).to(device);
    const auto held = m_recipe.patience > 0 ? (all.size() + kValidationShare - 2) / kValidationShare : 0;
    m_train = all.slice(0, all.size() - held);
    m_validation = all.slice(all.size() - held, all.size());
    m_test = examplesOf(job.data->test, withLabels).to(device);

    m_progress.epochs = m_recipe.epochs;
    m_progress.batches = static_cast<int>((m_train.size() + m_recipe.batch - 1) / m_recipe.batch);
    m_steps = std::int64_t{m_progress.batches} * m_recipe.epochs;
    m_lastGood = captureWeights(m_network, 0);
    m_shuffleBefore = generatorState(m_shuffle);
}

void Run::restore(const TrainingState& state) {
    const auto restored = restoreWeights(m_network, *state.weights);
    if (!restored) throw std::invalid_argument(restored.error());
    if (state.batch >= m_progress.batches) throw std::invalid_argument("an epoch has fewer batches than were done.");
    m_learner.restore(state);
    setGeneratorState(m_shuffle, state.shuffle);
    m_shuffleBefore = state.shuffle;
    m_progress.epoch = state.epoch;
    m_progress.batch = state.batch;
    m_progress.step = state.weights->step;
    m_terms = state.terms;
    m_trainSeconds = state.seconds;
    m_imagesDone = state.images;
    m_history = state.history;
    m_lastGood = state.best;
    m_bestValidation = state.bestValidation;
    m_epochsSinceBest = state.epochsSinceBest;
}

TrainingStatePtr Run::state() {
    auto state = std::make_shared<TrainingState>();
    state->recipe = m_recipe;
    state->recipe.beta = m_control.beta();
    state->dataset = m_job.data->name;
    if (!m_fingerprint) m_fingerprint = fingerprintOf(*m_job.data);
    state->fingerprint = *m_fingerprint;
    state->weights = captureWeights(m_network, m_progress.step);
    m_learner.saveTo(*state);
    state->shuffle = m_shuffleBefore;
    state->epoch = m_progress.epoch;
    state->batch = m_progress.batch;
    state->terms = m_terms;
    state->seconds = m_trainSeconds;
    state->images = m_imagesDone;
    state->history = m_history;
    state->best = m_lastGood;
    state->bestValidation = m_bestValidation;
    state->epochsSinceBest = m_epochsSinceBest;
    const auto isFinite = [](const std::vector<float>& values) {
        return std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
    };
    const auto isFiniteState = [&](const OptimiserState& of) { return isFinite(of.first) && isFinite(of.second); };
    if (!isFinite(state->weights->values) || !isFiniteState(state->optimiser)) return nullptr;
    return state->discriminator && !isFiniteState(*state->discriminator) ? nullptr : state;
}

TrainingOutcome Run::go() {
    m_observer.onWeights(m_job.from ? m_job.from->weights : m_lastGood);
    while (m_progress.epoch < m_recipe.epochs)
        if (const auto verdict = runEpoch(); verdict != Verdict::Continue) return outcome(verdict);
    report();
    return outcome(Verdict::Continue);
}

/// The rest of it, where a run goes on within an epoch.
Run::Verdict Run::runEpoch() {
    const auto order = torch::randperm(m_train.size(), m_shuffle).to(m_device);
    for (; m_progress.batch < m_progress.batches; ++m_progress.batch) {
        if (awaitBatch() == RunControl::Next::Stop) return Verdict::Stop;
        const auto start = Clock::now();
        const auto indices =
            order.slice(0, std::int64_t{m_progress.batch} * m_recipe.batch,
                        std::min<std::int64_t>(m_train.size(), std::int64_t{m_progress.batch + 1} * m_recipe.batch));
        const double rate = learningRateAt(m_recipe.schedule, m_recipe.learningRate, m_progress.step, m_steps);
        const int threads = m_team.next(threadsNow());
        const auto batchTerms = m_learner.learn(m_train, indices, rate, m_control.beta(), threads);
        m_team.took(threads, secondsSince(start));
        m_progress.batchTerms = batchTerms.elbo;
        if (!std::isfinite(m_progress.batchTerms.negElbo())) return Verdict::Diverged;
        m_terms.add(batchTerms, static_cast<double>(indices.size(0)));
        m_imagesDone += indices.size(0);
        m_trainSeconds += secondsSince(start);
        ++m_progress.step;
        if (Clock::now() >= m_nextReport) report();
    }
    return endEpoch();
}

/// Who has just got weights is about to work on them.
int Run::threadsNow() {
    const int free = m_use.threadsOf(m_threads);
    return std::exchange(m_hasPublished, false) ? std::min(free, std::max(1, m_threads - 1)) : free;
}

RunControl::Next Run::awaitBatch() {
    for (;;) {
        const auto next = awaitTurn();
        if (next == RunControl::Next::CaptureState) {
            if (const auto now = state()) m_observer.onState(now);
            continue;
        }
        if (next != RunControl::Next::PublishWeights) return next;
        if (Clock::now() - m_lastReport >= kProgressInterval) report();
        m_nextReport = m_lastReport + kProgressBetweenWeights;
        m_hasPublished = m_job.processors != nullptr;
        m_observer.onWeights(captureWeights(m_network, m_progress.step));
    }
}

/// During a pause the processors are others', whatever is asked for meanwhile.
RunControl::Next Run::awaitTurn() {
    const auto next = m_control.next([this] {
        m_use.setWorking(false);
        report();
        m_observer.onPaused();
    });
    if (next == RunControl::Next::Batch) m_use.setWorking(true);
    return next;
}

void Run::report() {
    m_lastReport = Clock::now();
    m_nextReport = m_lastReport + kProgressInterval;
    if (m_trainSeconds > 0) {
        m_progress.imagesPerSecond = static_cast<double>(m_imagesDone) / m_trainSeconds;
        m_progress.secondsLeft =
            m_trainSeconds / static_cast<double>(m_progress.step) * static_cast<double>(m_steps - m_progress.step);
    }
    m_observer.onProgress(m_progress);
}

Run::Verdict Run::endEpoch() {
    EpochStatistics statistics;
    statistics.epoch = m_progress.epoch + 1;
    statistics.train = m_terms.mean.elbo;
    statistics.adversary = m_terms.mean.adversary;
    statistics.test = networkElbo(m_network, m_recipe, m_test);
    statistics.seconds = m_trainSeconds;
    statistics.imagesPerSecond = static_cast<double>(m_imagesDone) / m_trainSeconds;
    if (!std::isfinite(statistics.test.negElbo())) return Verdict::Diverged;
    if (statistics.adversary) statistics.priorDistance = priorDistance(m_network, m_recipe, m_test);
    m_history.push_back(statistics);
    ++m_progress.epoch;
    m_progress.batch = 0;
    m_terms = {};
    m_shuffleBefore = generatorState(m_shuffle);
    const bool stop = isNoBetter();
    const auto weights = captureWeights(m_network, m_progress.step);
    if (m_epochsSinceBest == 0) m_lastGood = weights;
    m_observer.onEpoch(statistics);
    m_observer.onWeights(weights);
    return stop ? Verdict::NoBetter : Verdict::Continue;
}

/// Looks at the images that were held out; without early stop every epoch counts as the best.
bool Run::isNoBetter() {
    if (m_validation.size() == 0) return false;
    const double now = networkElbo(m_network, m_recipe, m_validation).negElbo();
    m_epochsSinceBest = now < m_bestValidation ? 0 : m_epochsSinceBest + 1;
    m_bestValidation = std::min(m_bestValidation, now);
    return m_epochsSinceBest >= m_recipe.patience;
}

TrainingOutcome Run::outcome(Verdict verdict) {
    TrainingOutcome outcome;
    outcome.history.assign(m_history.begin(), m_history.end() - m_epochsSinceBest);
    outcome.weights = m_lastGood;
    if (verdict != Verdict::Diverged) outcome.state = state();
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

/// The linear baseline has nothing to train: its principal components are there at once, as the first epoch.
TrainingOutcome fitLinear(const TrainingJob& job, RunControl& control, TrainingObserver& observer) {
    const torch::NoGradGuard noGrad;
    auto network = buildAutoencoder(job.recipe, meanImage(job.data->train));
    TrainingOutcome outcome;
    outcome.weights = captureWeights(network, 0);
    observer.onWeights(outcome.weights);
    const auto start = Clock::now();
    const auto fitted = fitComponents(job.recipe, job.data->train);
    if (control.next([&observer] { observer.onPaused(); }) == RunControl::Next::Stop) {
        outcome.reason = StopReason::Stopped;
        return outcome;
    }
    outcome.weights = fitted;
    if (const auto restored = restoreWeights(network, *fitted); !restored) throw std::logic_error(restored.error());
    const auto images = examplesOf(job.data->train, false);

    EpochStatistics statistics;
    statistics.epoch = 1;
    statistics.seconds = secondsSince(start);
    statistics.imagesPerSecond = static_cast<double>(images.size()) / statistics.seconds;
    statistics.train = networkElbo(network, job.recipe, images);
    statistics.test = networkElbo(network, job.recipe, examplesOf(job.data->test, false));
    outcome.history = {statistics};
    outcome.imagesPerSecond = statistics.imagesPerSecond;
    observer.onEpoch(statistics);
    observer.onWeights(outcome.weights);
    return outcome;
}

std::optional<Sentence> resumeFault(const TrainingState& state, const TrainingJob& job) {
    if (!continues(state, job.recipe)) return "A run can only go on by the recipe that it began with.";
    if (state.fingerprint != fingerprintOf(*job.data))
        return "The run began with other images than those of " + job.data->name + " (it was trained on " +
               state.dataset + "), and can only go on with the same.";
    if (state.epoch >= job.recipe.epochs)
        return "The run has done " + std::to_string(state.epoch) + " epochs already; ask for more than that.";
    return std::nullopt;
}

std::optional<Sentence> jobFault(const Recipe& recipe, const Dataset& data) {
    if (auto fault = recipeFault(recipe)) return fault;
    if (data.train.images.count == 0)
        return "The data set " + data.name + " has test images only, and nothing to train on.";
    if (takesLabels(recipe) && !(data.train.isLabelled() && data.test.isLabelled()))
        return "A conditional model learns from labels, and the images of " + data.name + " have none.";
    return std::nullopt;
}

/// What LibTorch throws, as a sentence.
Sentence sentenceOf(const char* start, const std::exception& error) {
    const std::string what = error.what();
    return start + what.substr(0, what.find('\n'));
}

}  // namespace

Result<TrainingOutcome> train(const TrainingJob& job, RunControl& control, TrainingObserver& observer) {
    if (auto fault = jobFault(job.recipe, *job.data)) return failure(*fault);
    if (job.from)
        if (auto fault = resumeFault(*job.from, job)) return failure(*fault);
    try {
        const auto device = resolveDevice(job.device);
        if (!device) return failure(device.error());
        at::set_num_threads(job.threads > 0 ? job.threads : defaultThreads());
        if (job.recipe.backbone == Backbone::Linear) return fitLinear(job, control, observer);
        Run run(job, torchDevice(*device), control, observer);
        if (job.from) run.restore(*job.from);
        return run.go();
    } catch (const std::exception& error) {
        return failure(sentenceOf("The training could not go on: ", error));
    }
}

Result<WeightsPtr> initialWeights(const Recipe& recipe, const Dataset& data) {
    if (auto fault = jobFault(recipe, data)) return failure(*fault);
    try {
        return captureWeights(buildAutoencoder(recipe, meanImage(data.train)), 0);
    } catch (const std::exception& error) {
        return failure(sentenceOf("The network could not be made: ", error));
    }
}

}  // namespace zwei
