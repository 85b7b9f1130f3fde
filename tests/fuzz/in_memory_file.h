// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "tests/fuzz/reader.h"

namespace zwei::fuzz {

/// A plain file that lies on no disk.
class InMemoryFile {
public:
    InMemoryFile(const std::uint8_t* data, std::size_t size) : m_handle(::memfd_create("fuzz", 0)) {
        require(::write(m_handle, data, size) == static_cast<ssize_t>(size), "There is no room for a file in memory.");
    }
    ~InMemoryFile() { ::close(m_handle); }
    InMemoryFile(const InMemoryFile&) = delete;
    InMemoryFile& operator=(const InMemoryFile&) = delete;

    std::string path() const { return "/proc/self/fd/" + std::to_string(m_handle); }

private:
    int m_handle;
};

}  // namespace zwei::fuzz
