// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>

namespace zwei {

/// With how many threads the steps of a training are fastest. All of them, as long as they have their processors for
/// themselves; but threads that share each step wait for the slowest, and where other programs want the processors as
/// well, fewer do more. So when steps take much longer than they did, a half of them is tried for a few steps, or a
/// fourth, ...; and later on twice as many again.
class TeamSize {
public:
    explicit TeamSize(int most) : m_most(most), m_size(most) {}

    /// For the next step, of which `free` may take part now.
    int next(int free) const;
    /// What a step with so many took.
    void took(int threads, double seconds);

private:
    void tookUsual(double seconds);
    void beginTrial(int size);
    void judgeTrial();

    int m_most;
    int m_size;
    double m_usual = 0;               // seconds of a step, smoothed; 0: of none yet
    std::map<int, double> m_fastest;  // step of each size
    int m_wait = 16;                  // steps before the next trial is thought of
    int m_patience = 32;              // steps after a trial that was in vain

    int m_part = 2;  // of the size is tried where it is slow: a half, then a fourth, ...
    int m_trialSize = 0;
    int m_trialLeft = 0;  // steps
    double m_trialSeconds = 0;
};

}  // namespace zwei
