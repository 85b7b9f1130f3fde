// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <omp.h>

#include <algorithm>
#include <cstddef>

#include "models/kernels/range.h"
#include "models/train/own_processors.h"

namespace zwei {

/// One of the threads that do a piece of work together, from OpenMP's pool, which LibTorch uses as well.
class Member {
public:
    /// work(member) in so many threads at once, or in fewer where there are no more. It must not throw.
    template <typename Work>
    static void run(int threads, const Work& work) {
        OwnProcessors processors;
#pragma omp parallel num_threads(threads)
        {
            processors.come();
            work(Member(omp_get_thread_num(), omp_get_num_threads()));
        }
    }

    std::size_t index() const { return m_index; }
    std::size_t count() const { return m_count; }

    /// Its part of what is to be done, a multiple of `unit` but for the last.
    kernels::Range shareOf(std::size_t extent, std::size_t unit = 1) const {
        const std::size_t units = (extent + unit - 1) / unit;
        return {std::min(extent, units * m_index / m_count * unit),
                std::min(extent, units * (m_index + 1) / m_count * unit)};
    }

    /// Waits for all others.
    void meet() const {
#pragma omp barrier
    }

private:
    Member(int index, int count) : m_index(static_cast<std::size_t>(index)), m_count(static_cast<std::size_t>(count)) {}

    std::size_t m_index;
    std::size_t m_count;
};

}  // namespace zwei
