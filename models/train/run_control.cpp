// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/train/run_control.h"

namespace zwei {

void RunControl::requestPause() {
    const std::lock_guard lock(m_mutex);
    m_paused = true;
    m_steps = 0;
    m_isPauseTold = false;
}

void RunControl::requestResume() {
    const std::lock_guard lock(m_mutex);
    m_paused = false;
    m_isPauseTold = false;
    m_changed.notify_all();
}

void RunControl::requestStop() {
    const std::lock_guard lock(m_mutex);
    m_stop = true;
    m_changed.notify_all();
}

void RunControl::requestStep() {
    const std::lock_guard lock(m_mutex);
    m_paused = true;
    ++m_steps;
    m_isPauseTold = false;
    m_changed.notify_all();
}

void RunControl::requestWeights() {
    const std::lock_guard lock(m_mutex);
    m_weightsWanted = true;
    m_changed.notify_all();
}

void RunControl::requestState() {
    const std::lock_guard lock(m_mutex);
    m_stateWanted = true;
    m_changed.notify_all();
}

bool RunControl::isPaused() const {
    const std::lock_guard lock(m_mutex);
    return m_paused && m_steps == 0;
}

RunControl::Next RunControl::next(const std::function<void()>& onPause) {
    std::unique_lock lock(m_mutex);
    const auto isIdle = [this] { return m_paused && m_steps == 0 && !m_stop && !m_weightsWanted && !m_stateWanted; };
    while (isIdle()) {
        if (m_isPauseTold) {
            m_changed.wait(lock);
            continue;
        }
        m_isPauseTold = true;
        lock.unlock();
        onPause();
        lock.lock();
    }
    if (m_stop) return Next::Stop;
    if (m_weightsWanted) {
        m_weightsWanted = false;
        return Next::PublishWeights;
    }
    if (m_stateWanted) {
        m_stateWanted = false;
        return Next::CaptureState;
    }
    if (m_every > 0 && m_batches == m_every) {
        m_batches = 0;
        return Next::PublishWeights;
    }
    ++m_batches;
    if (m_paused) --m_steps;
    return Next::Batch;
}

}  // namespace zwei
