// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/image_files.h"

#include <algorithm>
#include <cstdio>
#include <set>

#include "app/cli/command.h"
#include "app/cli/progress_line.h"
#include "app/cli/quiet_standard_error.h"
#include "app/session/image_conversion.h"

namespace zwei::cli {
namespace {

namespace fs = std::filesystem;

struct Failed {
    std::string file;
    Sentence why;
};

/// The files, and in place of a folder what lies in it, by name.
std::vector<std::string> filesOf(const std::vector<std::string>& named, std::vector<Failed>& failed) {
    std::vector<std::string> files;
    for (const auto& name : named) {
        std::error_code error;
        if (!fs::is_directory(name, error)) {
            files.push_back(name);
            continue;
        }
        std::vector<std::string> inside;
        for (fs::directory_iterator entry(name, error), end; !error && entry != end; entry.increment(error))
            if (entry->is_regular_file(error)) inside.push_back(entry->path().string());
        if (error) failed.push_back({name, "the folder cannot be read (" + error.message() + ")."});
        if (!error && inside.empty()) failed.push_back({name, "there is no file in the folder."});
        std::sort(inside.begin(), inside.end());
        files.insert(files.end(), inside.begin(), inside.end());
    }
    return files;
}

/// The name without its ending; with a number behind it where it is taken.
std::string ownStem(const std::string& file, std::set<std::string>& taken) {
    const auto stem = fs::path(file).stem().string();
    for (int number = 1;; ++number)
        if (const auto own = number == 1 ? stem : stem + "-" + std::to_string(number); taken.insert(own).second)
            return own;
}

Result<ReadImage> readQuietly(const std::string& file) {
    const QuietStandardError quiet;
    return readImage(QString::fromStdString(file));
}

int tellOf(const std::vector<Failed>& failed, std::size_t files) {
    if (failed.empty()) return kDone;
    if (failed.size() == 1 && files <= 1) return fail(failed[0].file + ": " + failed[0].why);
    std::fprintf(stderr, "zwei-cli: %zu of %zu failed:\n", failed.size(), std::max(files, failed.size()));
    for (const auto& [file, why] : failed)
        std::fprintf(stderr, "  %s: %s\n", printable(file).c_str(), printable(why).c_str());
    return kFailed;
}

}  // namespace

void ImageFiles::add(CLI::App& command) {
    command.add_option("images", m_named, "Image files, or folders of them")->required();
    command.add_option("--out", m_out, "Folder to write to; it is made where there is none")->required();
}

Result<void> ImageFiles::makeFolder() const {
    std::error_code error;
    fs::create_directories(m_out, error);
    if (error) return failure(m_out.string() + ": the folder cannot be made (" + error.message() + ").");
    return {};
}

int ImageFiles::forEach(const Work& work) const {
    std::vector<Failed> failed;
    const auto files = filesOf(m_named, failed);
    std::set<std::string> taken;
    ProgressLine progress;
    for (std::size_t i = 0; i < files.size(); ++i) {
        progress.show("working on the images", static_cast<double>(i) / static_cast<double>(files.size()));
        const auto read = readQuietly(files[i]);
        if (read && read->frames > 1) {
            progress.clear();
            std::fprintf(stderr, "%s: the first of %d pictures is taken.\n", printable(files[i]).c_str(), read->frames);
        }
        const auto done =
            read ? work(read->image, files[i], m_out / ownStem(files[i], taken)) : Result<void>(failure(read.error()));
        if (!done) failed.push_back({files[i], done.error()});
    }
    progress.clear();
    return tellOf(failed, files.size());
}

}  // namespace zwei::cli
