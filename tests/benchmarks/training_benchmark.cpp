// SPDX-License-Identifier: GPL-3.0-or-later
//
// What of the training's speed is no matter of a whole run: how soon there is a recognisable map, and how an epoch's
// time grows with the data and with the width. Prints JSON; scripts/bench makes a table of it.
//
//   training_benchmark first-map | growth | epochs N      with MNIST from ZWEI_DATA_DIR

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <thread>
#include <vector>

#include "app/launcher/program.h"
#include "models/data/dataset.h"
#include "models/eval/embedding_quality.h"
#include "models/nn/inference_engine.h"
#include "models/train/trainer.h"

namespace {

using namespace zwei;
using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

[[noreturn]] void fail(const Sentence& sentence) {
    std::fprintf(stderr, "%s\n", sentence.c_str());
    std::exit(EXIT_FAILURE);
}

DatasetPtr mnist() {
    const auto data = loadDataset("mnist", dataFolders(std::nullopt));
    if (!data) fail(data.error());
    return *data;
}

TrainingOutcome run(const TrainingJob& job, RunControl& control, TrainingObserver& observer) {
    const auto outcome = train(job, control, observer);
    if (!outcome) fail(outcome.error());
    return *outcome;
}

// ---- How soon there is a map ----

struct Moment {
    double seconds;
    WeightsPtr weights;
};

/// Asks for the weights again and again in a run's first seconds, from beside it as a window does.
struct Camera : TrainingObserver {
    explicit Camera(RunControl& control) : m_control(control) {
        fetchMemory();
        m_start = Clock::now();
        m_asks = std::jthread([this] { ask(); });
    }

    void onWeights(const WeightsPtr& weights) override { moments.push_back({secondsSince(m_start), weights}); }

    std::vector<Moment> moments;

private:
    static constexpr auto kBetween = std::chrono::milliseconds(80);
    static constexpr double kLongest = 6;

    /// As much as all the weights will take: the run would wait for it, which it never does in a window, where only the
    /// newest are kept. (Some virtual machines take 30 ms to find memory for one moment.)
    static void fetchMemory() {
        constexpr std::size_t kWeights = 1'000'000;
        constexpr auto kMoments = static_cast<std::size_t>(kLongest * std::chrono::seconds(1) / kBetween);
        std::vector<std::vector<float>>(kMoments, std::vector<float>(kWeights, 1.F));
    }

    void ask() {
        for (; secondsSince(m_start) < kLongest; std::this_thread::sleep_for(kBetween)) m_control.requestWeights();
        m_control.requestStop();
    }

    RunControl& m_control;
    Clock::time_point m_start;
    std::jthread m_asks;
};

double accuracy(const Recipe& recipe, const Weights& weights, const Dataset& data) {
    auto engine = InferenceEngine::create(recipe, weights);
    if (!engine) fail(engine.error());
    const auto reference = std::make_shared<const Codes>(engine->encode(data.train.images));
    return neighbourAccuracy(reference, data.train.labels, engine->encode(data.test.images), data.test.labels, 5);
}

/// The first moment from which a map is told by its 5 nearest neighbours three times in five.
void measureFirstMap() {
    constexpr double kRecognisable = 0.6;
    const auto data = mnist();
    const Recipe recipe;
    RunControl control(recipe.beta);
    Camera camera(control);
    run({recipe, data}, control, camera);
    auto first = camera.moments.begin();
    auto end = camera.moments.end();
    while (first != end) {  // it only gets better, so that halving finds it
        const auto middle = first + (end - first) / 2;
        if (accuracy(recipe, *middle->weights, *data) >= kRecognisable)
            end = middle;
        else
            first = middle + 1;
    }
    if (end == camera.moments.end()) fail("No map was recognisable within 6 seconds.");
    std::printf("{\"seconds\": %.3f}\n", end->seconds);
}

// ---- How an epoch grows ----

/// One epoch settles the caches; then two stretches of so many are measured, and the faster one counts.
double epochSeconds(const DatasetPtr& data, int width, int stretch = 1) {
    Recipe recipe;
    recipe.hidden = {width};
    recipe.activation = Activation::ReLU;
    recipe.batch = 128;
    recipe.epochs = 1 + 2 * stretch;
    RunControl control(recipe.beta);
    TrainingObserver observer;
    const auto history = run({recipe, data}, control, observer).history;
    const double middle = history[static_cast<std::size_t>(stretch)].seconds;
    return std::min(middle - history.front().seconds, history.back().seconds - middle) / stretch;
}

DatasetPtr part(const Dataset& data, int images) {
    auto made = std::make_shared<Dataset>(data);
    made->train.images.count = images;
    made->train.images.pixels.resize(static_cast<std::size_t>(images) * made->train.images.imageSize());
    made->train.labels.resize(static_cast<std::size_t>(images));
    made->test.images.count = 500;  // not what is measured
    made->test.images.pixels.resize(500 * made->test.images.imageSize());
    made->test.labels.resize(500);
    return made;
}

struct Growth {
    int size;
    double seconds;
};

/// Of each size the fastest of some rounds, so that an hour of the machine's neighbours is not one size's alone.
template <typename Seconds>
std::vector<Growth> overRounds(const std::vector<int>& sizes, const Seconds& seconds) {
    constexpr int kRounds = 3;
    std::vector<Growth> growth;
    for (const int size : sizes) growth.push_back({size, seconds(size)});
    for (int round = 1; round < kRounds; ++round)
        for (auto& [size, best] : growth) best = std::min(best, seconds(size));
    return growth;
}

void print(const char* name, const std::vector<Growth>& growth) {
    std::printf("\"%s\": [", name);
    for (const auto& [size, seconds] : growth)
        std::printf("%s[%d, %.4f]", size == growth.front().size ? "" : ", ", size, seconds);
    std::printf("]");
}

void measureGrowth() {
    const auto data = mnist();
    const auto quarter = part(*data, 15000);
    // Stretches of as many images each: a short one would be the more likely to meet no neighbour at all.
    const auto byData = overRounds({7500, 15000, 30000, 60000},
                                   [&](int images) { return epochSeconds(part(*data, images), 512, 60000 / images); });
    const auto byWidth = overRounds({128, 256, 512, 1024}, [&](int width) { return epochSeconds(quarter, width); });
    std::printf("{");
    print("data", byData);
    std::printf(", ");
    print("width", byWidth);
    std::printf("}\n");
}

// ---- A whole run ----

/// Of the default recipe with nobody watching.
void measureEpochs(int epochs) {
    const auto data = mnist();
    Recipe recipe;
    recipe.epochs = epochs;
    RunControl control(recipe.beta);
    TrainingObserver observer;
    const auto start = Clock::now();
    const auto outcome = run({recipe, data}, control, observer);
    std::printf("{\"seconds\": %.3f, \"images_per_second\": %.0f}\n", secondsSince(start), outcome.imagesPerSecond);
}

}  // namespace

int zweiMain(int argc, char** argv) {
    const std::string_view what = argc >= 2 ? argv[1] : "";
    if (what == "first-map")
        measureFirstMap();
    else if (what == "growth")
        measureGrowth();
    else if (what == "epochs" && argc == 3)
        measureEpochs(std::max(1, std::atoi(argv[2])));
    else
        fail("Say first-map, growth or epochs N.");
    return EXIT_SUCCESS;
}
