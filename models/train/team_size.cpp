// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/train/team_size.h"

#include <algorithm>

namespace zwei {
namespace {

constexpr int kTrial = 4;         // steps
constexpr double kSlow = 1.6;     // times the fastest step: somebody else is there
constexpr double kBetter = 0.85;  // of the usual time: worth a change
constexpr double kSmoothing = 1.0 / 8;
constexpr int kFewSteps = 32;     // between two trials
constexpr int kManySteps = 1024;  // where they are always in vain

}  // namespace

int TeamSize::next(int free) const { return std::clamp(m_trialLeft > 0 ? m_trialSize : m_size, 1, std::max(1, free)); }

void TeamSize::took(int threads, double seconds) {
    if (m_trialLeft > 0) {
        if (threads != m_trialSize) return;
        m_trialSeconds += seconds;
        if (--m_trialLeft == 0) judgeTrial();
    } else if (threads == m_size) {
        tookUsual(seconds);
    }
}

void TeamSize::tookUsual(double seconds) {
    m_usual = m_usual > 0 ? m_usual + kSmoothing * (seconds - m_usual) : seconds;
    const auto fastest = m_fastest.try_emplace(m_size, seconds).first;
    fastest->second = std::min(fastest->second, seconds);
    if (--m_wait > 0) return;
    if (m_size > 1 && m_usual > kSlow * fastest->second)
        beginTrial(std::max(1, m_size / m_part));
    else if (m_size < m_most)
        beginTrial(std::min(2 * m_size, m_most));
}

void TeamSize::beginTrial(int size) {
    m_trialSize = size;
    m_trialLeft = kTrial;
    m_trialSeconds = 0;
}

void TeamSize::judgeTrial() {
    const double usual = m_trialSeconds / kTrial;
    const bool isBetter = usual < kBetter * m_usual;
    m_patience = isBetter ? kFewSteps : std::min(2 * m_patience, kManySteps);
    m_wait = m_patience;
    m_part = isBetter || m_trialSize == 1 ? 2 : 2 * m_part;
    if (!isBetter) return;
    m_size = m_trialSize;
    m_usual = usual;
}

}  // namespace zwei
