// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <cassert>
#include <cstddef>
#include <span>
#include <vector>

#include "models/kernels/range.h"
#include "models/train/own_processors.h"

namespace zwei {

/// One of the threads that do a piece of work together, from OpenMP's pool, which LibTorch uses as well.
class Member {
    /// How many parts of a member's share somebody has begun.
    struct alignas(64) Begun {
        std::atomic<std::size_t> parts = 0;
    };

public:
    /// work(member) in so many threads at once, or in fewer where there are no more. It must not throw, and calls
    /// `share` no more than `loops` times.
    template <typename Work>
    static void run(int threads, std::size_t loops, const Work& work) {
        OwnProcessors processors;
        std::vector<Begun> begun(loops * static_cast<std::size_t>(threads));
#pragma omp parallel num_threads(threads)
        {
            processors.come();
            Member member(omp_get_thread_num(), omp_get_num_threads(), begun);
            work(member);
        }
    }

    std::size_t index() const { return m_index; }
    std::size_t count() const { return m_count; }

    /// Its part of what is to be done, a multiple of `unit` but for the last.
    kernels::Range shareOf(std::size_t extent, std::size_t unit = 1) const {
        return kernels::evenPart(extent, unit, m_index, m_count);
    }

    /// So many parts or a few more, of which each member has as many as the others.
    std::size_t multipleOfCount(std::size_t parts) const {
        return std::max<std::size_t>(1, (parts + m_count - 1) / m_count) * m_count;
    }

    /// work(part) for each of so many parts. Each member begins with those of its own share, which its caches know, and
    /// then takes of the others' what they have not begun: nobody waits long for one that is slow, be it a lesser
    /// processor or one that somebody else needs as well. All members call it alike, and meet before they use what came
    /// of it.
    template <typename Work>
    void share(std::size_t parts, const Work& work) {
        assert(m_begun.size() >= m_count);
        for (std::size_t i = 0; i < m_count; ++i) {
            const std::size_t owner = (m_index + i) % m_count;
            const auto own = kernels::evenPart(parts, 1, owner, m_count);
            const auto next = [&] { return own.first + m_begun[owner].parts.fetch_add(1, std::memory_order_relaxed); };
            for (auto part = next(); part < own.end; part = next()) work(part);
        }
        m_begun = m_begun.subspan(m_count);
    }

    /// Waits for all others.
    void meet() const {
#pragma omp barrier
    }

private:
    Member(int index, int count, std::span<Begun> begun)
        : m_index(static_cast<std::size_t>(index)), m_count(static_cast<std::size_t>(count)), m_begun(begun) {}

    std::size_t m_index;
    std::size_t m_count;
    std::span<Begun> m_begun;  // of each member, in the loop that is shared next and those after it
};

}  // namespace zwei
