// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/train/trainer.h"

#include <gtest/gtest.h>

#include <ATen/Parallel.h>

#include <cmath>
#include <functional>
#include <thread>

#include "models/nn/inference_engine.h"
#include "tests/support/small_dataset.h"

namespace zwei {
namespace {

/// Keeps what a run tells, and does what a test asks at each batch.
struct Recorder : TrainingObserver {
    void onProgress(const TrainingProgress& progress) override {
        progresses.push_back(progress);
        if (atProgress) atProgress(progress);
    }
    void onEpoch(const EpochStatistics& epoch) override { epochs.push_back(epoch); }
    void onWeights(const WeightsPtr& published) override {
        weights.push_back(published);
        if (atWeights) atWeights();
    }
    void onPaused() override {
        ++pauses;
        if (atPause) atPause();
    }

    std::function<void(const TrainingProgress&)> atProgress;
    std::function<void()> atPause;
    std::function<void()> atWeights;
    std::vector<TrainingProgress> progresses;
    std::vector<EpochStatistics> epochs;
    std::vector<WeightsPtr> weights;
    int pauses = 0;
};

TrainingJob smallJob(const Recipe& recipe = test::smallRecipe()) {
    static const auto data = test::smallDataset(1000, 200);
    return {recipe, data, Device::Cpu, 1};
}

TrainingOutcome mustTrain(const TrainingJob& job, Recorder& recorder) {
    RunControl control(job.recipe.beta);
    auto outcome = train(job, control, recorder);
    EXPECT_TRUE(outcome.has_value()) << outcome.error();
    return *outcome;
}

TEST(Trainer, TheLossFallsAndEveryEpochIsTold) {
    auto recipe = test::smallRecipe();
    recipe.epochs = 4;
    Recorder recorder;
    const auto outcome = mustTrain(smallJob(recipe), recorder);
    ASSERT_EQ(recorder.epochs.size(), 4u);
    EXPECT_EQ(outcome.reason, StopReason::Completed);
    EXPECT_LT(recorder.epochs.back().test.negElbo(), recorder.epochs.front().test.negElbo());
    EXPECT_LT(recorder.epochs.back().test.negElbo(), 250);
    EXPECT_GT(recorder.epochs.back().test.kl, 0.1);
    EXPECT_EQ(recorder.progresses.back().step, 40);
    EXPECT_EQ(outcome.weights->step, 40);
}

TEST(Trainer, WhoAsksForWeightsAtEachProgressIsNotToldOfEachBatch) {
    auto recipe = test::smallRecipe();
    recipe.epochs = 30;
    const auto job = smallJob(recipe);
    RunControl control(recipe.beta);
    Recorder recorder;
    recorder.atProgress = [&](const TrainingProgress&) { control.requestWeights(); };
    ASSERT_TRUE(train(job, control, recorder).has_value());
    constexpr std::size_t kBatches = 300;
    EXPECT_LT(recorder.progresses.size(), kBatches / 2);
    EXPECT_LT(recorder.weights.size(), kBatches / 2 + 31) << "at the start and after each epoch as well";
    EXPECT_GT(recorder.weights.size(), 31u);
}

TEST(Trainer, TheSameSeedGivesTheSameLossesBitForBit) {
    Recorder first, second, other;
    mustTrain(smallJob(), first);
    mustTrain(smallJob(), second);
    auto recipe = test::smallRecipe();
    recipe.seed = 2;
    mustTrain(smallJob(recipe), other);
    ASSERT_EQ(first.epochs.size(), second.epochs.size());
    for (std::size_t i = 0; i < first.epochs.size(); ++i) {
        EXPECT_EQ(first.epochs[i].train.negElbo(), second.epochs[i].train.negElbo());
        EXPECT_EQ(first.epochs[i].test.kl, second.epochs[i].test.kl);
    }
    EXPECT_EQ(first.weights.back()->values, second.weights.back()->values);
    EXPECT_NE(first.epochs[0].train.negElbo(), other.epochs[0].train.negElbo());
}

TEST(Trainer, ARunStartsFromTheInitialWeights) {
    Recorder recorder;
    mustTrain(smallJob(), recorder);
    const auto initial = initialWeights(test::smallRecipe(), *smallJob().data);
    ASSERT_TRUE(initial.has_value());
    EXPECT_EQ(recorder.weights.front()->values, (*initial)->values);
    EXPECT_EQ(recorder.weights.front()->step, 0);
}

TEST(Trainer, AStopEndsItWithTheWeightsOfThatBatch) {
    RunControl control;
    Recorder recorder;
    recorder.atProgress = [&](const TrainingProgress&) { control.requestStop(); };
    const auto outcome = train(smallJob(), control, recorder);
    ASSERT_TRUE(outcome.has_value());
    EXPECT_EQ(outcome->reason, StopReason::Stopped);
    EXPECT_LT(outcome->weights->step, 20);
    EXPECT_GE(outcome->weights->step, 1);
}

TEST(Trainer, StepsDoOneBatchEachAndAStopWakesAPause) {
    RunControl control(1, /*startPaused=*/true);
    Recorder recorder;
    std::vector<std::int64_t> steps;
    recorder.atPause = [&] {
        steps.push_back(recorder.progresses.back().step);
        if (steps.size() < 4)
            control.requestStep();
        else
            control.requestStop();
    };
    const auto outcome = train(smallJob(), control, recorder);
    ASSERT_TRUE(outcome.has_value());
    EXPECT_EQ(steps, (std::vector<std::int64_t>{0, 1, 2, 3}));
    EXPECT_EQ(outcome->reason, StopReason::Stopped);
    EXPECT_EQ(outcome->weights->step, 3);
}

TEST(Trainer, AnyNumberOfThreadsLearnsTheSameToTheBit) {
    for (const auto bottleneck : {Bottleneck::Gaussian, Bottleneck::Plain, Bottleneck::Conditional}) {
        auto recipe = test::smallRecipe();
        recipe.bottleneck = bottleneck;
        recipe.batch = 120;  // and 40 in the last of an epoch
        auto job = smallJob(recipe);
        Recorder whole;
        mustTrain(job, whole);
        job.threads = 3;
        Recorder parted;
        mustTrain(job, parted);
        at::set_num_threads(1);
        ASSERT_EQ(whole.epochs.size(), parted.epochs.size());
        for (std::size_t i = 0; i < whole.epochs.size(); ++i) {
            const double one = whole.epochs[i].train.negElbo();  // a sum of the threads' sums
            EXPECT_NEAR(one, parted.epochs[i].train.negElbo(), 1e-6 * one);
        }
        EXPECT_EQ(whole.weights.back()->values, parted.weights.back()->values);
    }
}

TEST(Trainer, WeightsCanBeAskedForDuringAPause) {
    RunControl control(1, /*startPaused=*/true);
    Recorder recorder;
    recorder.atPause = [&] { control.requestWeights(); };
    recorder.atWeights = [&] {
        if (recorder.weights.size() == 2) control.requestWeights();
        if (recorder.weights.size() == 3) control.requestStop();
    };
    ASSERT_TRUE(train(smallJob(), control, recorder).has_value());
    EXPECT_EQ(recorder.weights.size(), 3u);
    EXPECT_EQ(recorder.pauses, 1);  // looking at the weights is no new pause
}

TEST(Trainer, APausedRunGoesOnAsIfItHadNot) {
    Recorder straight;
    mustTrain(smallJob(), straight);
    RunControl control;
    Recorder halted;
    halted.atProgress = [&](const TrainingProgress& progress) {
        if (progress.step == 1) control.requestPause();
    };
    halted.atPause = [&] { control.requestResume(); };
    ASSERT_TRUE(train(smallJob(), control, halted).has_value());
    EXPECT_EQ(halted.pauses, 1);
    EXPECT_EQ(straight.epochs.back().test.negElbo(), halted.epochs.back().test.negElbo());
}

TEST(Trainer, BetaTakesEffectDuringARun) {
    auto recipe = test::smallRecipe();
    recipe.epochs = 3;
    Recorder gentle;
    const auto kept = mustTrain(smallJob(recipe), gentle);
    RunControl control;
    Recorder strict;
    strict.atProgress = [&](const TrainingProgress&) { control.setBeta(50); };
    ASSERT_TRUE(train(smallJob(recipe), control, strict).has_value());
    EXPECT_LT(strict.epochs.back().test.kl, 0.5 * kept.history.back().test.kl);
}

TEST(Trainer, EarlyStopKeepsTheBestWeights) {
    auto recipe = test::smallRecipe();
    recipe.learningRate = 1e-9;  // nothing gets better but by chance
    recipe.schedule = Schedule::Constant;
    recipe.epochs = 500;
    recipe.patience = 2;
    Recorder recorder;
    const auto outcome = mustTrain(smallJob(recipe), recorder);
    EXPECT_EQ(outcome.reason, StopReason::EarlyStopped);
    EXPECT_LT(recorder.epochs.size(), 500u);
    EXPECT_EQ(outcome.history.size(), recorder.epochs.size() - 2);  // the figures are those of the weights
    EXPECT_EQ(outcome.weights->step % static_cast<std::int64_t>(outcome.history.size()), 0);
}

TEST(Trainer, ALossThatIsNotFiniteEndsTheRunAndKeepsTheLastGoodWeights) {
    auto recipe = test::smallRecipe();
    recipe.learningRate = 1e6;
    recipe.schedule = Schedule::Constant;
    Recorder recorder;
    const auto outcome = mustTrain(smallJob(recipe), recorder);
    EXPECT_EQ(outcome.reason, StopReason::Diverged);
    EXPECT_NE(outcome.message.find("learning rate"), std::string::npos);
    for (const float value : outcome.weights->values) ASSERT_TRUE(std::isfinite(value));
}

TEST(Trainer, ABatchLargerThanTheDataIsTheWholeData) {
    auto recipe = test::smallRecipe();
    recipe.batch = 100000;
    Recorder recorder;
    EXPECT_EQ(mustTrain(smallJob(recipe), recorder).weights->step, 2);
}

TEST(Trainer, TheConvolutionalBackboneLearns) {
    auto recipe = test::smallRecipe();
    recipe.backbone = Backbone::Convolutional;
    recipe.epochs = 3;
    Recorder recorder;
    mustTrain(smallJob(recipe), recorder);
    EXPECT_LT(recorder.epochs.back().test.negElbo(), recorder.epochs.front().test.negElbo());
}

TEST(Trainer, WhatCannotBeTrainedSaysWhy) {
    RunControl control;
    Recorder recorder;
    auto recipe = test::smallRecipe();
    recipe.hidden = {0};
    EXPECT_FALSE(train(smallJob(recipe), control, recorder).has_value());
    auto testOnly = std::make_shared<Dataset>(*test::smallDataset(10, 10));
    testOnly->train = {};
    const auto outcome = train({test::smallRecipe(), testOnly, Device::Cpu, 1}, control, recorder);
    ASSERT_FALSE(outcome.has_value());
    EXPECT_NE(outcome.error().find("nothing to train on"), std::string::npos);
}

TEST(InferenceEngine, EncodesTheSameInPiecesAndAtOnce) {
    const auto data = smallJob().data;
    const auto weights = initialWeights(test::smallRecipe(), *data);
    auto engine = InferenceEngine::create(test::smallRecipe(), **weights, Device::Cpu);
    ASSERT_TRUE(engine.has_value());
    const auto whole = engine->encode(data->test.images);
    const auto part = engine->encode(data->test.images, {}, 150, 20);
    ASSERT_EQ(part.mu.size(), 40u);
    for (std::size_t i = 0; i < part.mu.size(); ++i) EXPECT_NEAR(part.mu[i], whole.mu[300 + i], 1e-5);
    EXPECT_EQ(engine->decode(part.mu).count, 20);
    EXPECT_EQ(engine->reconstruct(data->test.images).pixels.size(), data->test.images.pixels.size());
}

}  // namespace
}  // namespace zwei
