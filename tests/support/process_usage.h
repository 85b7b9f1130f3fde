// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <malloc.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace zwei::test {

/// Of this process: what /proc/self/status says, in megabytes.
inline double memory(const char* field) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.rfind(field, 0) == 0) return std::strtod(line.c_str() + std::string(field).size() + 1, nullptr) / 1024;
    return 0;
}

/// What was asked of the allocator and not given back, in megabytes: what a leak adds to. The pages that hold it stay
/// with the process for longer, since what lies in them comes and goes in another order each time.
inline double memoryInUse() {
    const auto all = mallinfo2();
    return static_cast<double>(all.uordblks + all.hblkhd) / (1 << 20);
}

/// Open files, sockets and the like of this process.
inline int openHandles() {
    const std::filesystem::directory_iterator handles("/proc/self/fd");
    return static_cast<int>(std::distance(begin(handles), end(handles)));
}

}  // namespace zwei::test
