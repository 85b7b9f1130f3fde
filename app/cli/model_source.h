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

struct OpenModel {
    Model model;
    InferenceEngine engine;
    Device device;
};

[[nodiscard]] Result<OpenModel> openModel(const ModelSource& source);

}  // namespace zwei::cli
