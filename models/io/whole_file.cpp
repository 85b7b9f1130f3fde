// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/io/whole_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace zwei {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMostFile = std::uintmax_t{1} << 33;

tl::unexpected<Sentence> fault(const fs::path& file, const std::string& what) {
    return failure(file.string() + ": " + what + ".");
}

tl::unexpected<Sentence> unwritable(const fs::path& file, int error) {
    return fault(file, "the file cannot be written (" + std::string(std::strerror(error)) + ")");
}

/// A new file for the target's folder. It has no name there while it is written, so that a process that is killed
/// leaves nothing behind; on a file system that has only files with names, it has one from the start.
struct Aside {
    fs::path target;  ///< behind a symbolic link
    int handle = -1;
    fs::path name;  ///< that no other process and no person has taken; empty while there is none
};

/// Until `take` takes a name: 0, or what went wrong.
template <typename Take>
int takeName(Aside& aside, Take take) {
    for (int attempt = 0; attempt < 100; ++attempt) {
        const fs::path name =
            aside.target.string() + "." + std::to_string(::getpid()) + "-" + std::to_string(attempt) + ".part";
        if (take(name.c_str())) {
            aside.name = name;
            return 0;
        }
        if (errno != EEXIST) break;
    }
    return errno;
}

int openNameless(const fs::path& folder) {
#ifdef O_TMPFILE
    return ::open(folder.empty() ? "." : folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
#else
    return -1;
#endif
}

Result<Aside> openAside(const fs::path& file, bool mayBeNameless) {
    if (file.empty()) return failure("There is no file name to write to.");
    std::error_code error;
    Aside aside;
    aside.target = fs::is_symlink(file, error) ? fs::weakly_canonical(file, error) : file;
    if (fs::is_directory(aside.target, error)) return fault(file, "this is a folder, not a file");
    if (fs::exists(aside.target, error) && !fs::is_regular_file(aside.target, error))
        return fault(file, "this is not a plain file");
    if (mayBeNameless) aside.handle = openNameless(aside.target.parent_path());
    if (aside.handle >= 0) return aside;
    const int refused = takeName(aside, [&](const char* name) {
        aside.handle = ::open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        return aside.handle >= 0;
    });
    if (refused) return unwritable(file, refused);
    return aside;
}

/// Gives what is written its place: 0, or what went wrong.
int putInPlace(Aside& aside) {
    if (aside.name.empty()) {
        const auto open = "/proc/self/fd/" + std::to_string(aside.handle);
        const int refused = takeName(aside, [&](const char* name) {
            return ::linkat(AT_FDCWD, open.c_str(), AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0;
        });
        if (refused) return refused;
    }
    if (::rename(aside.name.c_str(), aside.target.c_str()) != 0) return errno;
    aside.name.clear();
    syncFolder(aside.target.parent_path());
    return 0;
}

/// What has no place by now is gone.
void discard(const Aside& aside) {
    ::close(aside.handle);
    if (!aside.name.empty()) ::unlink(aside.name.c_str());
}

/// 0, or what went wrong.
int writeAll(int handle, const std::vector<std::uint8_t>& bytes) {
    for (std::size_t done = 0; done < bytes.size();) {
        const auto wrote = ::write(handle, bytes.data() + done, bytes.size() - done);
        if (wrote < 0 && errno != EINTR) return errno;
        if (wrote > 0) done += static_cast<std::size_t>(wrote);
    }
    return ::fsync(handle) == 0 ? 0 : errno;
}

}  // namespace

Result<std::vector<std::uint8_t>> readWholeFile(const fs::path& file) {
    std::error_code error;
    if (!fs::exists(file, error)) return fault(file, "there is no such file");
    if (!fs::is_regular_file(file, error)) return fault(file, "this is not a file");
    const auto size = fs::file_size(file, error);
    if (error || size > kMostFile) return fault(file, "the file is too large to be a model");
    std::vector<std::uint8_t> bytes(size);
    std::ifstream stream(file, std::ios::binary);
    if (!stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size)))
        return fault(file, "the file cannot be read");
    return bytes;
}

void syncFolder(const fs::path& folder) {
    const int handle = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0) return;
    ::fsync(handle);
    ::close(handle);
}

Result<void> writeWholeFile(const fs::path& file, const std::vector<std::uint8_t>& bytes) {
    int error = 0;
    // Once more with a name from the start, where the system does not give one afterwards.
    for (const bool mayBeNameless : {true, false}) {
        auto aside = openAside(file, mayBeNameless);
        if (!aside) return failure(aside.error());
        const bool hasName = !aside->name.empty();
        error = writeAll(aside->handle, bytes);
        if (error == 0) error = putInPlace(*aside);
        discard(*aside);
        if (error == 0) return {};
        if (hasName) break;
    }
    return unwritable(file, error);
}

Result<void> checkWritable(const fs::path& file) {
    const auto aside = openAside(file, false);  // the name may be what will not do
    if (!aside) return failure(aside.error());
    discard(*aside);
    return {};
}

}  // namespace zwei
