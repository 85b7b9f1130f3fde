// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace zwei {

/// Sees to it that no two threads of a team share a processor while another one has none of them. A system may wake a
/// thread beside the one that it is to work with, where its own processor is busy at that moment, and leave both there
/// for many steps, each waiting for the other, when the other processor has long been idle.
class OwnProcessors {
public:
    /// The calling thread comes to the team, and goes to another processor if one of the team is on its own already.
    void come();

private:
    static constexpr std::size_t kWord = 64;
    static constexpr std::size_t kMost = 1024;  // of those beyond nothing is known

    /// False where somebody of the team has it.
    bool take(std::size_t processor);
    void moveToAnother();

    std::array<std::atomic<std::uint64_t>, kMost / kWord> m_taken{};
};

}  // namespace zwei
