// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/types/metrics.h"

namespace zwei::cli {

/// Tells of a run on standard error: a bar that moves on a terminal, a plain line an epoch elsewhere.
class ProgressLine {
public:
    ProgressLine();
    void show(const TrainingProgress& progress);
    void show(const EpochStatistics& epoch, int epochs);

private:
    void clear();
    bool m_isTerminal;
};

}  // namespace zwei::cli
