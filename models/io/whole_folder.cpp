// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/io/whole_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "models/io/whole_file.h"

namespace zwei {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Sentence> unwritable(const fs::path& folder, const std::string& why) {
    return failure(folder.string() + ": the folder cannot be written (" + why + ").");
}

/// A new folder with a name that nobody has taken; it goes with this, and what is in it.
class Aside {
public:
    explicit Aside(const fs::path& in) {
        for (int attempt = 0; attempt < 100 && !m_isMade; ++attempt) {
            m_folder = in / (".zwei-" + std::to_string(::getpid()) + "-" + std::to_string(attempt));
            m_isMade = ::mkdir(m_folder.c_str(), 0777) == 0;
            m_error = errno;
            if (m_error != EEXIST) break;
        }
    }
    ~Aside() {
        std::error_code ignored;
        if (m_isMade) fs::remove_all(m_folder, ignored);
    }
    Aside(const Aside&) = delete;
    Aside& operator=(const Aside&) = delete;

    bool isMade() const { return m_isMade; }
    std::string error() const { return std::strerror(m_error); }
    const fs::path& folder() const { return m_folder; }
    void release() { m_isMade = false; }

private:
    fs::path m_folder;
    bool m_isMade = false;
    int m_error = 0;
};

}  // namespace

Result<void> checkFolder(const fs::path& folder, const std::vector<std::string>& names, bool mayReplace) {
    std::error_code error;
    if (folder.empty()) return failure("There is no folder to write to.");
    if (fs::exists(folder, error) && !fs::is_directory(folder, error))
        return failure(folder.string() + ": this is a file, not a folder.");
    for (const auto& name : names) {
        const auto file = folder / name;
        if (!fs::exists(fs::symlink_status(file, error))) continue;
        if (!mayReplace) return failure(file.string() + " exists already; choose another folder, or remove it first.");
        if (!fs::is_regular_file(fs::symlink_status(file, error)))
            return failure(file.string() + ": this is not a plain file.");
    }
    return {};
}

Result<void> writeWholeFolder(const fs::path& folder, const std::vector<NamedBytes>& files, bool mayReplace) {
    std::vector<std::string> names;
    names.reserve(files.size());
    for (const auto& file : files) names.push_back(file.name);
    if (auto place = checkFolder(folder, names, mayReplace); !place) return place;
    const auto target = (folder / "").parent_path();  // without a slash at its end
    const auto above = target.has_parent_path() ? target.parent_path() : fs::path(".");
    std::error_code error;
    const bool isNew = !fs::exists(target, error);
    if (isNew) fs::create_directories(above, error);
    if (error) return unwritable(folder, error.message());
    Aside aside(isNew ? above : target);
    if (!aside.isMade()) return unwritable(folder, aside.error());
    for (const auto& [name, bytes] : files)
        if (auto written = writeWholeFile(aside.folder() / name, bytes); !written) return written;
    if (isNew) {
        fs::rename(aside.folder(), target, error);
        if (error) return unwritable(folder, error.message());
        aside.release();
        return {};
    }
    for (const auto& name : names) {
        fs::rename(aside.folder() / name, target / name, error);
        if (error) return unwritable(folder, error.message());
    }
    return {};
}

}  // namespace zwei
