// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>
#include <filesystem>
#include <memory>

#include "models/types/result.h"

namespace zwei {

/// What has arrived of a file so far, beside the place of the whole one: `<file>.part`. It survives the process, and
/// the next one goes on with it. One process at a time has it: the kernel's lock on it goes with the process, however
/// that ends. Failures name the file.
class PartFile {
public:
    /// Makes the folder and the part where there are none. Fails where another process has the part.
    [[nodiscard]] static Result<std::shared_ptr<PartFile>> open(const std::filesystem::path& target);
    /// Leaves the part behind, unless it is empty.
    ~PartFile();
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;

    const std::filesystem::path& path() const { return m_path; }
    qint64 size() const { return m_size; }

    /// What there was room for stays.
    [[nodiscard]] Result<void> append(QByteArrayView bytes);
    [[nodiscard]] Result<void> clear();
    /// Makes it the whole file: synced, then renamed, in place of what was there. For any thread.
    [[nodiscard]] Result<void> commit();

private:
    PartFile(std::filesystem::path target, std::filesystem::path path, int handle, qint64 size)
        : m_target(std::move(target)), m_path(std::move(path)), m_handle(handle), m_size(size) {}

    std::filesystem::path m_target;
    std::filesystem::path m_path;
    int m_handle;
    qint64 m_size;
    bool m_isCommitted = false;
};

}  // namespace zwei
