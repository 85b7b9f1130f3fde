// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "models/io/model_file.h"
#include "models/io/safetensors.h"
#include "models/io/whole_file.h"
#include "models/train/trainer.h"
#include "models/types/presets.h"
#include "tests/support/small_dataset.h"
#include "tests/support/temporary_folder.h"

namespace zwei {
namespace {

const DatasetPtr& data() {
    static const auto made = test::smallDataset(500, 100);
    return made;
}

Recipe smallPreset(const char* id, int epochs = 4) {
    auto recipe = *presetRecipe(id);
    if (!recipe.hidden.empty()) recipe.hidden = {24, 16};
    if (recipe.backbone == Backbone::Convolutional)
        recipe.channels = recipe.bottleneck == Bottleneck::Skip ? std::vector{4, 6, 8} : std::vector{6, 4};
    recipe.batch = 100;
    recipe.epochs = epochs;
    return recipe;
}

TrainingJob jobOf(const Recipe& recipe, TrainingStatePtr from = nullptr) {
    return {recipe, data(), Device::Cpu, 1, std::move(from)};
}

TrainingOutcome mustTrain(const TrainingJob& job) {
    RunControl control(job.recipe.beta);
    TrainingObserver observer;
    auto outcome = train(job, control, observer);
    EXPECT_TRUE(outcome.has_value()) << outcome.error();
    return *outcome;
}

/// Does so many batches, gives its state and stops.
class Interrupted : public TrainingObserver {
public:
    static TrainingStatePtr after(int batches, const TrainingJob& job) {
        RunControl control(job.recipe.beta, /*startPaused=*/true);
        for (int batch = 0; batch < batches; ++batch) control.requestStep();
        Interrupted observer(control);
        EXPECT_TRUE(train(job, control, observer).has_value());
        return observer.m_state;
    }
    void onPaused() override { m_control.requestState(); }
    void onState(const TrainingStatePtr& state) override {
        m_state = state;
        m_control.requestStop();
    }

private:
    explicit Interrupted(RunControl& control) : m_control(control) {}

    RunControl& m_control;
    TrainingStatePtr m_state;
};

/// What another process would read of it.
TrainingStatePtr throughAFile(const TrainingStatePtr& state, const WeightsPtr& model) {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "run.safetensors";
    const Model saved{state->recipe, model, state->dataset, state->history, nullptr, {}, state};
    EXPECT_TRUE(saveModel(file, saved).has_value());
    const auto loaded = loadModel(file);
    EXPECT_TRUE(loaded.has_value()) << loaded.error();
    EXPECT_EQ(loaded->weights->values, model->values);
    EXPECT_EQ(loaded->weights->step, model->step);
    return loaded->state;
}

void expectSameRun(const TrainingOutcome& one, const TrainingOutcome& other) {
    EXPECT_EQ(one.reason, other.reason);
    EXPECT_EQ(one.weights->values, other.weights->values);
    EXPECT_EQ(one.weights->step, other.weights->step);
    ASSERT_EQ(one.history.size(), other.history.size());
    for (std::size_t i = 0; i < one.history.size(); ++i) {
        EXPECT_EQ(one.history[i].epoch, other.history[i].epoch);
        EXPECT_EQ(one.history[i].train.reconstruction, other.history[i].train.reconstruction);
        EXPECT_EQ(one.history[i].train.kl, other.history[i].train.kl);
        EXPECT_EQ(one.history[i].test.negElbo(), other.history[i].test.negElbo());
        ASSERT_EQ(one.history[i].adversary.has_value(), other.history[i].adversary.has_value());
        if (!one.history[i].adversary) continue;
        EXPECT_EQ(one.history[i].adversary->discriminator, other.history[i].adversary->discriminator);
        EXPECT_EQ(one.history[i].adversary->accuracy, other.history[i].adversary->accuracy);
        EXPECT_EQ(one.history[i].priorDistance, other.history[i].priorDistance);
    }
}

TEST(Resume, EverySystemGoesOnFromAFileAsIfItHadNeverStopped) {
    for (const auto* id : {"vae", "vae-best", "conv-vae", "cvae", "ae", "aae", "denoise", "superres-2x"}) {
        SCOPED_TRACE(id);
        const auto recipe = smallPreset(id);
        const auto whole = mustTrain(jobOf(recipe));
        // Within the first epoch, at the end of one, and within a later one.
        for (const int batches : {3, 10, 17}) {
            SCOPED_TRACE(batches);
            const auto state = Interrupted::after(batches, jobOf(recipe));
            ASSERT_TRUE(state);
            EXPECT_EQ(state->weights->step, batches);
            expectSameRun(whole, mustTrain(jobOf(recipe, throughAFile(state, state->weights))));
        }
    }
}

TEST(Resume, FiveEpochsAndFiveMoreAreTen) {
    auto recipe = smallPreset("vae", 10);
    recipe.schedule = Schedule::Constant;
    recipe.learningRate = 1e-3;
    const auto whole = mustTrain(jobOf(recipe));
    auto half = recipe;
    half.epochs = 5;
    const auto first = mustTrain(jobOf(half));
    expectSameRun(whole, mustTrain(jobOf(recipe, throughAFile(first.state, first.weights))));
}

TEST(Resume, ARunMayBeInterruptedManyTimes) {
    const auto recipe = smallPreset("vae");
    const auto whole = mustTrain(jobOf(recipe));
    TrainingStatePtr state;
    for (int time = 0; time < 6; ++time) {
        state = Interrupted::after(3, jobOf(recipe, state));
        ASSERT_TRUE(state);
        state = throughAFile(state, state->weights);
    }
    expectSameRun(whole, mustTrain(jobOf(recipe, state)));
}

TEST(Resume, AnEarlyStopCountsOnAndGoesBackToTheBestWeights) {
    auto recipe = smallPreset("vae", 60);
    recipe.schedule = Schedule::Constant;
    recipe.learningRate = 2e-2;
    recipe.patience = 2;
    const auto whole = mustTrain(jobOf(recipe));
    ASSERT_EQ(whole.reason, StopReason::EarlyStopped);
    const auto epochs = static_cast<int>(whole.history.size());
    // 459 images in batches of 100; one epoch beyond the best, so that the best weights are not the last ones.
    const auto state = Interrupted::after(5 * (epochs + 1) + 2, jobOf(recipe));
    ASSERT_TRUE(state);
    EXPECT_NE(state->best->values, state->weights->values);
    expectSameRun(whole, mustTrain(jobOf(recipe, throughAFile(state, state->weights))));
    expectSameRun(whole, mustTrain(jobOf(recipe, throughAFile(state, state->best))));
}

TEST(Resume, ARunThatWasStoppedKeepsTheBatchesBeyondItsLastEpoch) {
    const auto recipe = smallPreset("vae");
    RunControl control(1, /*startPaused=*/true);
    for (int batch = 0; batch < 7; ++batch) control.requestStep();
    struct Stopping : TrainingObserver {
        explicit Stopping(RunControl& asked) : control(asked) {}
        void onPaused() override { control.requestStop(); }
        RunControl& control;
    } observer(control);
    const auto stopped = train(jobOf(recipe), control, observer);
    ASSERT_TRUE(stopped.has_value());
    EXPECT_EQ(stopped->weights->step, 5);
    ASSERT_TRUE(stopped->state);
    EXPECT_EQ(stopped->state->weights->step, 7);
    expectSameRun(mustTrain(jobOf(recipe)), mustTrain(jobOf(recipe, throughAFile(stopped->state, stopped->weights))));
}

TEST(Resume, WhatCannotGoOnSaysWhy) {
    const auto recipe = smallPreset("vae");
    const auto state = Interrupted::after(3, jobOf(recipe));
    const auto sentence = [&](const Recipe& asked, const DatasetPtr& images) {
        RunControl control;
        TrainingObserver observer;
        const auto outcome = train({asked, images, Device::Cpu, 1, state}, control, observer);
        return outcome ? std::string() : outcome.error();
    };
    auto other = recipe;
    other.seed = 7;
    EXPECT_NE(sentence(other, data()).find("recipe that it began with"), std::string::npos);
    EXPECT_NE(sentence(recipe, test::smallDataset(501, 100)).find("other images"), std::string::npos);
    const auto done = mustTrain(jobOf(recipe)).state;
    RunControl control;
    TrainingObserver observer;
    const auto outcome = train(jobOf(recipe, done), control, observer);
    ASSERT_FALSE(outcome.has_value());
    EXPECT_NE(outcome.error().find("4 epochs already"), std::string::npos);
}

/// Each tensor left out, of another length or of another type; each number of another kind.
TEST(Resume, ADamagedStateIsRefusedAndNeverCrashes) {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "run.safetensors";
    const auto state = Interrupted::after(7, jobOf(smallPreset("aae")));
    const Model model{state->recipe, state->weights, state->dataset, state->history, nullptr, {}, state};
    ASSERT_TRUE(saveModel(file, model).has_value());
    const auto whole = *parseSafetensors(*readWholeFile(file));
    int damages = 0;
    const auto isRefused = [&](const Safetensors& content) {
        ++damages;
        const auto loaded = parseModel(serialiseSafetensors(content), "file");
        if (!loaded) return loaded.error().find("training") != std::string::npos;
        RunControl control;
        TrainingObserver observer;
        return !train(jobOf(loaded->recipe, loaded->state), control, observer).has_value();
    };
    for (const auto& [name, tensor] : whole.tensors) {
        if (!name.starts_with("training.")) continue;
        SCOPED_TRACE(name);
        auto missing = whole;
        missing.tensors.erase(name);
        if (name != "training.best") {
            EXPECT_TRUE(isRefused(missing));
        }
        auto shorter = whole;
        auto& part = shorter.tensors[name];
        part.shape = {part.shape[0] - 1};
        part.bytes.resize(part.bytes.size() * static_cast<std::size_t>(part.shape[0]) / (part.shape[0] + 1));
        EXPECT_TRUE(isRefused(shorter));
    }
    for (const char* from : {"\"epoch\":1", "\"batch\":2", "\"adam_steps\":7", "\"step\":7", "\"fingerprint\":"}) {
        SCOPED_TRACE(from);
        auto changed = whole;
        auto& text = changed.metadata["training"];
        const auto at = text.find(from);
        ASSERT_NE(at, std::string::npos) << text;
        text.replace(at, std::string(from).size(), std::string(from, std::string(from).find(':')) + ":-3,\"x\":");
        EXPECT_TRUE(isRefused(changed));
    }
    EXPECT_GT(damages, 15);
}

}  // namespace
}  // namespace zwei
