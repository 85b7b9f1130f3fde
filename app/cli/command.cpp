// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"

#include <QString>
#include <algorithm>
#include <cstdio>

#include "app/cli/folder_data.h"
#include "models/io/whole_file.h"
#include "models/nn/inference_engine.h"
#include "models/runtime/environment.h"

namespace zwei::cli {
namespace {

/// A path, or a folder right here, unless it is a data set's name.
bool isImageFolder(const std::string& name, const std::vector<std::filesystem::path>& folders) {
    std::error_code error;
    if (name.find('/') == std::string::npos && !std::filesystem::is_directory(name, error)) return false;
    const auto known = findDatasets(folders);
    return std::none_of(known.begin(), known.end(), [lower = QString::fromStdString(name).toLower()](const auto& set) {
        return QString::fromStdString(set.name) == lower;
    });
}

}  // namespace

void Machine::addDataDir(CLI::App& command) {
    command.add_option("--data-dir", dataDir, "Folder of data sets, searched before ZWEI_DATA_DIR and the user's own");
}

void Machine::addCompute(CLI::App& command) {
    command.add_option("--threads", threads, "Threads that train and measure; 0 takes OMP_NUM_THREADS, or one a processor")
        ->check(CLI::Range(0, 1024))
        ->capture_default_str();
    command.add_option("--device", device, "What computes: auto, cpu or cuda")
        ->check(CLI::IsMember({"auto", "cpu", "cuda"}))
        ->capture_default_str();
}

Result<Device> Machine::prepare() const {
    const int used = threads > 0 ? threads : defaultThreads();
    setInferenceThreads(used, used);
    return resolveDevice(deviceNamed(device).value_or(Device::Auto));
}

Result<DatasetPtr> Machine::dataset(const std::string& name) const {
    const auto folders = dataFolders(dataDir);
    return isImageFolder(name, folders) ? readFolderData(name) : loadDataset(name, folders);
}

std::string printable(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
    return text;
}

int fail(const Sentence& sentence, ExitStatus status) {
    std::fprintf(stderr, "zwei-cli: %s\n", printable(sentence).c_str());
    return status;
}

Result<void> writeText(const std::filesystem::path& file, const std::string& text) {
    return writeWholeFile(file, {text.begin(), text.end()});
}

}  // namespace zwei::cli
