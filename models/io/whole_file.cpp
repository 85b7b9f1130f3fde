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

/// A new file beside the target, with a name that no other process and no person has taken.
struct Aside {
    fs::path target;  ///< behind a symbolic link
    fs::path file;
    int handle = -1;
};

Result<Aside> openAside(const fs::path& file) {
    if (file.empty()) return failure("There is no file name to write to.");
    std::error_code error;
    Aside aside;
    aside.target = fs::is_symlink(file, error) ? fs::weakly_canonical(file, error) : file;
    if (fs::is_directory(aside.target, error)) return fault(file, "this is a folder, not a file");
    if (fs::exists(aside.target, error) && !fs::is_regular_file(aside.target, error))
        return fault(file, "this is not a plain file");
    for (int attempt = 0; attempt < 100; ++attempt) {
        aside.file = aside.target.string() + "." + std::to_string(::getpid()) + "-" + std::to_string(attempt) + ".part";
        aside.handle = ::open(aside.file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (aside.handle >= 0) return aside;
        if (errno != EEXIST) break;
    }
    return unwritable(file, errno);
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

Result<void> writeWholeFile(const fs::path& file, const std::vector<std::uint8_t>& bytes) {
    const auto aside = openAside(file);
    if (!aside) return failure(aside.error());
    int error = writeAll(aside->handle, bytes);
    if (::close(aside->handle) != 0 && error == 0) error = errno;
    if (error == 0 && ::rename(aside->file.c_str(), aside->target.c_str()) != 0) error = errno;
    if (error == 0) return {};
    ::unlink(aside->file.c_str());
    return unwritable(file, error);
}

Result<void> checkWritable(const fs::path& file) {
    const auto aside = openAside(file);
    if (!aside) return failure(aside.error());
    ::close(aside->handle);
    ::unlink(aside->file.c_str());
    return {};
}

}  // namespace zwei
