// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/folder_data.h"

#include <algorithm>
#include <cstdio>

#include "app/cli/command.h"
#include "app/cli/quiet_standard_error.h"
#include "app/session/image_folder.h"

namespace zwei::cli {
namespace {

constexpr std::size_t kMostListed = 10;

Result<ImageFolder> readQuietly(const std::string& folder) {
    const QuietStandardError quiet;
    const bool isTerminal = ::isatty(quiet.kept()) == 1;
    auto read = readImageFolder(QString::fromStdString(folder), [&](int done, int total) {
        if (isTerminal) ::dprintf(quiet.kept(), "\r\033[Kreading %d of %d files", done, total);
        return true;
    });
    if (isTerminal) ::dprintf(quiet.kept(), "\r\033[K");
    return read;
}

void tell(const std::string& line) { std::fprintf(stderr, "%s\n", printable(line).c_str()); }

void tellOf(const std::string& folder, const ImageFolder& read) {
    const auto& [dataset, unreadable, classNames, note] = read;
    const auto classes = classNames.size();
    tell(folder + ": " + std::to_string(dataset->train.images.count) + " images for training and " +
         std::to_string(dataset->test.images.count) + " for testing, " +
         (classes == 0 ? "unlabelled" : std::to_string(classes) + (classes == 1 ? " class" : " classes")));
    if (!note.isEmpty()) tell(note.toStdString());
    if (unreadable.empty()) return;
    tell(std::to_string(unreadable.size()) + " could not be read:");
    for (std::size_t i = 0; i < std::min(kMostListed, unreadable.size()); ++i)
        tell("  " + unreadable[i].file.toStdString() + ": " + unreadable[i].why.toStdString());
    if (unreadable.size() > kMostListed) tell("  and " + std::to_string(unreadable.size() - kMostListed) + " more");
}

}  // namespace

Result<DatasetPtr> readFolderData(const std::string& folder) {
    const auto read = readQuietly(folder);
    if (!read) return failure(read.error());
    tellOf(folder, *read);
    return read->dataset;
}

}  // namespace zwei::cli
