// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

namespace zwei {

/// Wishes of one thread to another: those that are not yet taken are changed in place, so that of one kind the latest
/// wins. `Wishes` is a value that is empty when it is new.
template <typename Wishes>
class Mailbox {
public:
    using Clock = std::chrono::steady_clock;

    /// change(wishes)
    template <typename Change>
    void change(const Change& change) {
        const std::lock_guard lock(m_mutex);
        change(m_wishes);
        m_isChanged = true;
        m_changed.notify_one();
    }

    /// Waits for wishes, but not beyond `latest`, and takes all there are.
    Wishes take(std::optional<Clock::time_point> latest = std::nullopt) {
        std::unique_lock lock(m_mutex);
        const auto isChanged = [this] { return m_isChanged; };
        if (latest)
            m_changed.wait_until(lock, *latest, isChanged);
        else
            m_changed.wait(lock, isChanged);
        m_isChanged = false;
        return std::exchange(m_wishes, Wishes());
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    Wishes m_wishes;
    bool m_isChanged = false;
};

}  // namespace zwei
