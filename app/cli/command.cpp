// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"

#include <algorithm>
#include <cstdio>

#include "models/io/whole_file.h"
#include "models/nn/inference_engine.h"
#include "models/runtime/environment.h"

namespace zwei::cli {

void Machine::addDataDir(CLI::App& command) {
    command.add_option("--data-dir", dataDir, "Folder of data sets, searched before ZWEI_DATA_DIR and the user's own");
}

void Machine::addCompute(CLI::App& command) {
    command.add_option("--threads", threads, "Threads of LibTorch; 0 takes what suits this machine")
        ->check(CLI::Range(0, 1024))
        ->capture_default_str();
    command.add_option("--device", device, "What computes: auto, cpu or cuda")
        ->check(CLI::IsMember({"auto", "cpu", "cuda"}))
        ->capture_default_str();
}

Result<Device> Machine::prepare() const {
    setInferenceThreads(threads > 0 ? threads : defaultThreads());
    return resolveDevice(deviceNamed(device).value_or(Device::Auto));
}

Result<DatasetPtr> Machine::dataset(const std::string& name) const { return loadDataset(name, dataFolders(dataDir)); }

int fail(const Sentence& sentence, ExitStatus status) {
    // A file's name, or what a file says, must not write lines of its own or steer the terminal.
    std::string line = sentence;
    std::replace_if(
        line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
    std::fprintf(stderr, "zwei-cli: %s\n", line.c_str());
    return status;
}

Result<void> writeText(const std::filesystem::path& file, const std::string& text) {
    return writeWholeFile(file, {text.begin(), text.end()});
}

}  // namespace zwei::cli
