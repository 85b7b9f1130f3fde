// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <charconv>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

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
void addReconstruct(CLI::App& program, Action& chosen);
void addDream(CLI::App& program, Action& chosen);
void addNormalise(CLI::App& program, Action& chosen);
void addDenoise(CLI::App& program, Action& chosen);
void addUpscale(CLI::App& program, Action& chosen);
void addData(CLI::App& program, Action& chosen);
void addExport(CLI::App& program, Action& chosen);
void addDemo(CLI::App& program, Action& chosen);
void addDoctor(CLI::App& program, Action& chosen);

// ---- What several subcommands share ----

/// What `--data` takes, see `Machine::dataset`.
inline constexpr const char* kDataHelp = "Data set: mnist, kmnist, digits (embedded), ..., or a folder of images";

/// `--data-dir`, `--threads`, `--device`: where the data is and what computes.
struct Machine {
    std::optional<std::filesystem::path> dataDir;
    int threads = 0;  ///< 0: what suits this machine
    std::string device = "auto";

    void addDataDir(CLI::App& command);
    void addCompute(CLI::App& command);
    /// Sets the threads of this thread, and names the device.
    [[nodiscard]] Result<Device> prepare() const;
    /// The data set of that name, or else the images in that folder: a path, or a folder right here.
    [[nodiscard]] Result<DatasetPtr> dataset(const std::string& name) const;
};

/// The text as one line that cannot steer the terminal: it may hold a file's name, or what a file says.
std::string printable(std::string text);

/// Prints the sentence on standard error and returns the exit status.
int fail(const Sentence& sentence, ExitStatus status = kFailed);

/// Numbers with commas between them and nothing else; fails with a sentence that names `option`.
template <typename Number>
[[nodiscard]] Result<std::vector<Number>> parseNumbers(const std::string& text, const char* option) {
    std::vector<Number> numbers;
    const char* at = text.data();
    const char* const end = at + text.size();
    for (;;) {
        Number number{};
        const auto [after, error] = std::from_chars(at, end, number);
        if (error != std::errc() || (after != end && *after != ','))
            return failure(std::string(option) + " takes numbers with commas between them, not \"" + text + "\".");
        numbers.push_back(number);
        if (after == end) return numbers;
        at = after + 1;
    }
}

/// Writes a text whole or not at all.
[[nodiscard]] Result<void> writeText(const std::filesystem::path& file, const std::string& text);

}  // namespace zwei::cli
