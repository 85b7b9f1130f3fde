// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "models/data/dataset.h"
#include "models/io/model_file.h"
#include "models/runtime/device.h"
#include "models/types/result.h"

namespace zwei::cli {

enum ExitStatus { kDone = 0, kFailed = 1, kBadArguments = 2 };

/// What a subcommand does once its arguments are parsed.
using Action = std::function<int()>;

/// A subcommand: it adds itself to the program, and sets `chosen` when it is the one that was asked for.
using AddCommand = void (*)(CLI::App& program, Action& chosen);

void addTrain(CLI::App& program, Action& chosen);
void addEval(CLI::App& program, Action& chosen);
void addGrid(CLI::App& program, Action& chosen);
void addScatter(CLI::App& program, Action& chosen);
void addEncode(CLI::App& program, Action& chosen);
void addDecode(CLI::App& program, Action& chosen);
void addDemo(CLI::App& program, Action& chosen);
void addDoctor(CLI::App& program, Action& chosen);

// ---- What several subcommands share ----

/// `--data-dir`, `--threads`, `--device`: where the data is and what computes.
struct Machine {
    std::optional<std::filesystem::path> dataDir;
    int threads = 0;  ///< 0: what suits this machine
    std::string device = "auto";

    void addDataDir(CLI::App& command);
    void addCompute(CLI::App& command);
    /// Sets the threads of this thread, and names the device.
    [[nodiscard]] Result<Device> prepare() const;
    [[nodiscard]] Result<DatasetPtr> dataset(const std::string& name) const;
};

/// Prints the sentence on standard error and returns the exit status.
int fail(const Sentence& sentence, ExitStatus status = kFailed);

/// Whether `file` can be written, found out before hours of work: nothing that is there is touched.
[[nodiscard]] Result<void> checkWritable(const std::filesystem::path& file);

/// Writes a text whole or not at all.
[[nodiscard]] Result<void> writeText(const std::filesystem::path& file, const std::string& text);

}  // namespace zwei::cli
