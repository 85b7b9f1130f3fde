// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

/// Each harness of this folder has one: what it does with the bytes of a file, which must neither crash nor ask for
/// memory out of proportion. `libFuzzer` makes up the bytes, or `replay.cpp` takes them from files.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace zwei::fuzz {

inline std::vector<std::uint8_t> bytesOf(const std::uint8_t* data, std::size_t size) { return {data, data + size}; }

/// Holds in every build, unlike an assertion.
inline void require(bool condition, const char* what) {
    if (condition) return;
    std::fprintf(stderr, "%s\n", what);
    std::abort();
}

/// What operator new has given and not yet got back, at its highest since the last `restart`.
class Memory {
public:
    static void restart();
    /// Bytes above those at the restart.
    static std::size_t peak();
};

/// Runs `read` and holds it to `factor` bytes for each of the file's, and `constant` more.
template <typename Read>
void readWithin(std::size_t factor, std::size_t constant, std::size_t size, const Read& read) {
    Memory::restart();
    read();
    require(Memory::peak() <= factor * size + constant, "The reader asks for memory out of proportion to the file.");
}

}  // namespace zwei::fuzz
