// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/part_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "models/io/whole_file.h"

namespace zwei {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Sentence> unwritable(const fs::path& file, int error) {
    if (error == ENOSPC || error == EDQUOT || error == EFBIG)
        return failure(file.string() + ": there is no room for it on the disk (" + std::strerror(error) +
                       "); make some and try again, what has arrived is kept.");
    return failure(file.string() + ": the file cannot be written (" + std::strerror(error) + ").");
}

/// Whether the name still means the file that is open: another process may have renamed or removed it meanwhile.
bool isStillThere(int handle, const fs::path& path) {
    struct stat opened {
    }, named{};
    return ::fstat(handle, &opened) == 0 && ::stat(path.c_str(), &named) == 0 && opened.st_dev == named.st_dev &&
           opened.st_ino == named.st_ino;
}

}  // namespace

Result<std::shared_ptr<PartFile>> PartFile::open(const fs::path& file) {
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    if (error)
        return failure(file.parent_path().string() + ": the folder cannot be made (" + std::strerror(error.value()) +
                       ").");
    const auto target = fs::is_symlink(file, error) ? fs::weakly_canonical(file, error) : file;
    const fs::path path = target.string() + ".part";
    for (int attempt = 0; attempt < 100; ++attempt) {
        // Not blocking: the name may be a pipe's.
        const int handle =
            ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666);
        if (handle < 0) return unwritable(path, errno);
        struct stat status {};
        const bool isPlain = ::fstat(handle, &status) == 0 && S_ISREG(status.st_mode);
        const int fault = isPlain ? (::flock(handle, LOCK_EX | LOCK_NB) == 0 ? 0 : errno) : EINVAL;
        if (fault == 0 && isStillThere(handle, path) && ::fstat(handle, &status) == 0)
            return std::shared_ptr<PartFile>(new PartFile(target, path, handle, status.st_size));
        ::close(handle);
        if (fault == EWOULDBLOCK)
            return failure(path.string() + ": another Zwei is fetching this file; wait for it, or cancel it there.");
        if (fault != 0) return unwritable(path, fault);
    }
    return unwritable(path, EBUSY);
}

PartFile::~PartFile() {
    if (!m_isCommitted && m_size == 0) ::unlink(m_path.c_str());
    ::close(m_handle);
}

Result<void> PartFile::append(QByteArrayView bytes) {
    while (!bytes.isEmpty()) {
        const auto wrote = ::write(m_handle, bytes.data(), static_cast<std::size_t>(bytes.size()));
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return unwritable(m_path, errno);
        m_size += wrote;
        bytes = bytes.sliced(wrote);
    }
    return {};
}

Result<void> PartFile::clear() {
    if (::ftruncate(m_handle, 0) != 0) return unwritable(m_path, errno);
    m_size = 0;
    return {};
}

Result<void> PartFile::commit() {
    if (::fsync(m_handle) != 0) return unwritable(m_path, errno);
    if (::rename(m_path.c_str(), m_target.c_str()) != 0) return unwritable(m_target, errno);
    m_isCommitted = true;
    syncFolder(m_target.parent_path());
    return {};
}

}  // namespace zwei
