// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/command.h"
#include "models/nn/inference_engine.h"

namespace zwei::cli {

/// The model file that a subcommand looks at, ready to encode and decode.
struct ModelSource {
    std::filesystem::path file;
    Machine machine;

    void add(CLI::App& command);
};

/// `--model`, in place of one that ships with the program.
struct OptionalModel {
    std::filesystem::path file;
    Machine machine;

    void add(CLI::App& command);
};

struct OpenModel {
    Model model;
    InferenceEngine engine;
    Device device;
};

[[nodiscard]] Result<OpenModel> openModel(const ModelSource& source);

/// The file that was given, or else the model of that name that ships with the program.
[[nodiscard]] Result<OpenModel> openModel(const OptionalModel& source, const std::string& shipped);

/// The same, of a model that has a code to look at.
[[nodiscard]] Result<OpenModel> openModelWithCode(const ModelSource& source);

/// The codes of test images as the model is fed them; fails where it asks for labels and there are none.
[[nodiscard]] Result<Codes> encodeTestImages(OpenModel& opened, const LabelledImages& test);

/// Fails where a model is given the label of each image and these have none.
[[nodiscard]] Result<void> checkLabels(const Recipe& recipe, const LabelledImages& images);

/// `--label`, for models that are given one.
void addLabel(CLI::App& command, int& label);

}  // namespace zwei::cli
