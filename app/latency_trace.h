// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QFile>
#include <QObject>
#include <QTimer>
#include <vector>

#include "models/types/snapshot.h"

namespace zwei {

class MainWindow;

/// How long a person waits for this window, as a file of JSON lines: `{"at": s, "what": name, "ms": milliseconds}`.
///
/// - `ready`: from the start of the process until a window with a trained model and its map has been painted;
/// - `away`: how long the GUI thread was away from its event loop, by a heartbeat, where that is 8 ms or more;
/// - `decoded`: from the input that moved the cursor until the image decoded at its point was painted, or, for a move
///   that was overtaken, that of a later point.
///
/// The last lines, written as it ends, hold the count, the median, the 99th percentile and the most of the last two.
class LatencyTrace : public QObject {
    Q_OBJECT

public:
    /// Milliseconds of one kind, in the order in which they came.
    using Delays = std::vector<double>;

    struct Summary {
        std::size_t count = 0;
        double median = 0;
        double percentile99 = 0;
        double most = 0;
    };

    /// Of the window, which must outlive it. With an empty file name it only keeps what it measures.
    LatencyTrace(MainWindow& window, const QString& file);
    ~LatencyTrace() override;

    /// False where the file cannot be written.
    bool isOpen() const { return !m_wantsFile || m_file.isOpen(); }

    const Delays& away() const { return m_away; }
    const Delays& decoded() const { return m_decoded; }
    bool isReady() const { return m_isReady; }
    void forget();

    static Summary summaryOf(Delays delays);

    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    double now() const { return static_cast<double>(m_clock.nsecsElapsed()) / 1e6; }
    void beat();
    void cursorMoved(const std::vector<double>& position);
    void painted();
    void write(const char* what, double milliseconds);
    void writeSummary(const char* what, const Delays& delays);

    struct Move {
        std::vector<double> position;
        double at;
    };

    MainWindow& m_window;
    bool m_wantsFile;
    QFile m_file;
    QElapsedTimer m_clock;
    QTimer m_heart;
    double m_lastBeat = 0;
    double m_input = 0;              // when the last event of a person came
    std::vector<Move> m_unanswered;  // moves of the cursor, oldest first
    std::vector<double> m_answered;  // when the moves were made whose image waits to be painted
    bool m_hasMap = false;
    bool m_isReady = false;
    Delays m_away;
    Delays m_decoded;
};

}  // namespace zwei
