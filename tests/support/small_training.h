// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include "models/data/dataset.h"
#include "models/train/trainer.h"
#include "models/types/recipe.h"

namespace zwei::test {

/// A whole run on one thread.
inline TrainingOutcome trainedOn(const DatasetPtr& data, const Recipe& recipe) {
    RunControl control(recipe.beta);
    TrainingObserver observer;
    auto outcome = train({recipe, data, Device::Cpu, 1}, control, observer);
    EXPECT_TRUE(outcome.has_value()) << outcome.error();
    EXPECT_EQ(outcome->reason, StopReason::Completed);
    return *outcome;
}

}  // namespace zwei::test
