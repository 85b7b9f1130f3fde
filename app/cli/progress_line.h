// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "models/types/metrics.h"

namespace zwei::cli {

/// Tells of a run on standard error: a bar that moves on a terminal; elsewhere, a plain line an epoch of training.
class ProgressLine {
public:
    ProgressLine();
    void show(const TrainingProgress& progress);
    void show(const EpochStatistics& epoch, int epochs);
    /// Of work that is not training, such as `measuring`; the share is in [0, 1].
    void show(const char* what, double share);
    /// A text that changes, and a bar; the share is in [0, 1].
    void showText(const std::string& text, double share);
    /// Takes the bar away.
    void clear();

private:
    bool m_isTerminal;
    int m_percent = -1;  ///< that the bar of such work shows
};

}  // namespace zwei::cli
