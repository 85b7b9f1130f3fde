// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/train/own_processors.h"

#ifdef __linux__
#include <sched.h>
#endif

namespace zwei {

bool OwnProcessors::take(std::size_t processor) {
    const auto bit = std::uint64_t{1} << (processor % kWord);
    return (m_taken[processor / kWord].fetch_or(bit, std::memory_order_relaxed) & bit) == 0;
}

#ifdef __linux__

void OwnProcessors::come() {
    const int here = ::sched_getcpu();
    if (here >= 0 && static_cast<std::size_t>(here) < kMost && !take(static_cast<std::size_t>(here))) moveToAnother();
}

/// Bound to it for a moment only: what happens later is the system's business again.
void OwnProcessors::moveToAnother() {
    cpu_set_t allowed;
    static_assert(kMost == CPU_SETSIZE);
    if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
    for (std::size_t processor = 0; processor < kMost; ++processor) {
        if (!CPU_ISSET(processor, &allowed) || !take(processor)) continue;
        cpu_set_t only;
        CPU_ZERO(&only);
        CPU_SET(processor, &only);
        ::sched_setaffinity(0, sizeof only, &only);
        ::sched_setaffinity(0, sizeof allowed, &allowed);
        return;
    }
}

#else

void OwnProcessors::come() {}
void OwnProcessors::moveToAnother() {}

#endif

}  // namespace zwei
