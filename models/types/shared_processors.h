// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>

namespace zwei {

/// Who works for a person who waits, and whether a training goes on besides. The threads that share each step of a
/// training wait for the slowest: when another one takes the processor of one of them for some milliseconds, all lose
/// that time. So a training leaves a processor to each of the others while they work, and they take no second one while
/// it goes on. For any thread.
class SharedProcessors {
private:
    friend class ProcessorUse;

    int forTraining(int all) const { return std::max(1, all - m_others); }
    int forOthers(int all) const { return m_trainings > 0 ? 1 : all; }

    std::atomic<int> m_others = 0;
    std::atomic<int> m_trainings = 0;
};

/// Somebody's work, which counts while it is under way.
class ProcessorUse {
public:
    enum class By { Training, Other };

    /// Without `processors` it shares them with nobody.
    ProcessorUse(std::shared_ptr<SharedProcessors> processors, By user)
        : m_processors(std::move(processors)), m_user(user) {}
    ~ProcessorUse() { setWorking(false); }
    ProcessorUse(const ProcessorUse&) = delete;
    ProcessorUse& operator=(const ProcessorUse&) = delete;

    void setWorking(bool works) {
        if (!m_processors || works == m_works) return;
        m_works = works;
        (m_user == By::Training ? m_processors->m_trainings : m_processors->m_others) += works ? 1 : -1;
    }

    /// How many of so many processors its user may take now.
    int threadsOf(int all) const {
        if (!m_processors) return all;
        return m_user == By::Training ? m_processors->forTraining(all) : m_processors->forOthers(all);
    }

private:
    std::shared_ptr<SharedProcessors> m_processors;
    By m_user;
    bool m_works = false;
};

}  // namespace zwei
