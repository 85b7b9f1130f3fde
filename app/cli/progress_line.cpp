// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/progress_line.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "widgets/drawing/numerals.h"

namespace zwei::cli {
namespace {

std::string bar(double share) {
    constexpr int kWidth = 30;
    std::string text;
    for (int i = 0; i < kWidth; ++i) text += i < static_cast<int>(kWidth * share) ? "━" : "─";
    return text;
}

}  // namespace

ProgressLine::ProgressLine() : m_isTerminal(::isatty(STDERR_FILENO) == 1) {}

void ProgressLine::show(const TrainingProgress& progress) {
    if (!m_isTerminal || progress.batches == 0) return;
    const double epochs = progress.epoch + static_cast<double>(progress.batch) / progress.batches;
    clear();
    std::fprintf(stderr, "epoch %d of %d %s %.0f images/s, %s left", std::min(progress.epoch + 1, progress.epochs),
                 progress.epochs, bar(epochs / progress.epochs).c_str(), progress.imagesPerSecond,
                 durationText(progress.secondsLeft).toStdString().c_str());
    std::fflush(stderr);
}

void ProgressLine::show(const EpochStatistics& epoch, int epochs) {
    clear();
    std::fprintf(stderr,
                 "epoch %*d of %d   test -ELBO %7.2f = reconstruction %7.2f + KL %5.2f   train %7.2f   %.0f images/s\n",
                 epochs > 99 ? 3 : 2, epoch.epoch, epochs, epoch.test.negElbo(), epoch.test.reconstruction,
                 epoch.test.kl, epoch.train.negElbo(), epoch.imagesPerSecond);
}

void ProgressLine::show(const char* what, double share) {
    const int percent = static_cast<int>(100 * share);
    if (!m_isTerminal || percent == m_percent) return;
    m_percent = percent;
    clear();
    std::fprintf(stderr, "%s %s %d %%", what, bar(share).c_str(), percent);
    std::fflush(stderr);
}

void ProgressLine::showText(const std::string& text, double share) {
    if (!m_isTerminal) return;
    clear();
    std::fprintf(stderr, "%s %s", bar(share).c_str(), text.c_str());
    std::fflush(stderr);
}

void ProgressLine::clear() {
    if (m_isTerminal) std::fputs("\r\033[K", stderr);
}

}  // namespace zwei::cli
