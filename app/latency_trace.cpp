// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/latency_trace.h"

#include <unistd.h>

#include <QCoreApplication>
#include <QEvent>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <sstream>
#include <string>

#include "app/main_window.h"

namespace zwei {
namespace {

constexpr int kHeartbeat = 2;         // milliseconds
constexpr double kShortest = 8;       // milliseconds away that are worth a line
constexpr std::size_t kMoves = 1000;  // that may wait for an answer

bool isInput(QEvent::Type type) {
    switch (type) {
        case QEvent::MouseButtonPress:
        case QEvent::MouseButtonRelease:
        case QEvent::MouseMove:
        case QEvent::Wheel:
        case QEvent::KeyPress:
        case QEvent::TabletMove:
        case QEvent::TouchUpdate:
            return true;
        default:
            return false;
    }
}

/// Milliseconds since this process started, to the kernel's hundredth of a second.
double processAge() {
    std::ifstream status("/proc/self/stat");
    const std::string text((std::istreambuf_iterator<char>(status)), {});
    std::istringstream fields(text.substr(text.rfind(')') + 1));
    std::string field;
    for (int i = 0; i < 20; ++i) fields >> field;  // the 22nd of all, and the first two are before that
    timespec up{};
    clock_gettime(CLOCK_BOOTTIME, &up);
    const double started = std::strtod(field.c_str(), nullptr) / static_cast<double>(sysconf(_SC_CLK_TCK));
    return 1000 * (static_cast<double>(up.tv_sec) + static_cast<double>(up.tv_nsec) / 1e9 - started);
}

}  // namespace

LatencyTrace::LatencyTrace(MainWindow& window, const QString& file)
    : m_window(window), m_wantsFile(!file.isEmpty()), m_file(file) {
    if (m_wantsFile) m_file.open(QIODevice::WriteOnly | QIODevice::Truncate | QIODevice::Text);
    m_clock.start();
    m_heart.setTimerType(Qt::PreciseTimer);
    m_heart.callOnTimeout(this, &LatencyTrace::beat);
    m_heart.start(kHeartbeat);
    auto& session = window.session();
    connect(&session.cursor(), &LatentCursor::moved, this, &LatencyTrace::cursorMoved);
    connect(&session, &Session::pointReady, this, [this](const std::shared_ptr<const PointSnapshot>& point) {
        const auto same = std::find_if(m_unanswered.rbegin(), m_unanswered.rend(),
                                       [&point](const Move& move) { return move.position == point->z; });
        if (same == m_unanswered.rend()) return;
        for (auto move = m_unanswered.begin(); move != same.base(); ++move) m_answered.push_back(move->at);
        m_unanswered.erase(m_unanswered.begin(), same.base());
    });
    connect(&session, &Session::codesReady, this, [this] { m_hasMap = true; });
    QCoreApplication::instance()->installEventFilter(this);
}

LatencyTrace::~LatencyTrace() {
    writeSummary("away", m_away);
    writeSummary("decoded", m_decoded);
}

void LatencyTrace::forget() {
    m_away.clear();
    m_decoded.clear();
    m_unanswered.clear();
    m_answered.clear();
    m_lastBeat = now();
}

LatencyTrace::Summary LatencyTrace::summaryOf(Delays delays) {
    if (delays.empty()) return {};
    std::sort(delays.begin(), delays.end());
    const auto at = [&delays](double share) {
        const auto rank = static_cast<std::size_t>(share * static_cast<double>(delays.size()));
        return delays[std::min(rank, delays.size() - 1)];
    };
    return {delays.size(), at(0.5), at(0.99), delays.back()};
}

void LatencyTrace::beat() {
    const double away = now() - m_lastBeat - kHeartbeat;
    m_lastBeat = now();
    if (away < kShortest) return;
    m_away.push_back(away);
    write("away", away);
}

void LatencyTrace::cursorMoved(const std::vector<double>& position) {
    // Whatever moves the cursor, does so while an event of a person is handled, or else now.
    const double handling = now() - m_input;
    constexpr double kLongestHandling = 50;
    m_unanswered.push_back({position, handling < kLongestHandling ? m_input : now()});
    if (m_unanswered.size() > kMoves) m_unanswered.erase(m_unanswered.begin());
}

/// After the image of the decoded point has been painted.
void LatencyTrace::painted() {
    for (const double moved : m_answered) {
        m_decoded.push_back(now() - moved);
        write("decoded", m_decoded.back());
    }
    m_answered.clear();
    if (m_isReady || !m_hasMap) return;
    m_isReady = true;
    write("ready", processAge());
}

bool LatencyTrace::eventFilter(QObject* watched, QEvent* event) {
    if (isInput(event->type())) m_input = now();
    if (event->type() != QEvent::UpdateRequest || watched != &m_window) return false;
    // A window paints all that asked for it within this event; what is posted now comes right after.
    QMetaObject::invokeMethod(this, &LatencyTrace::painted, Qt::QueuedConnection);
    return false;
}

void LatencyTrace::write(const char* what, double milliseconds) {
    if (!m_file.isOpen()) return;
    const QJsonObject line{{"at", now() / 1000}, {"what", what}, {"ms", milliseconds}};
    m_file.write(QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n');
    m_file.flush();
}

void LatencyTrace::writeSummary(const char* what, const Delays& delays) {
    if (!m_file.isOpen()) return;
    const auto [count, median, percentile99, most] = summaryOf(delays);
    const QJsonObject line{{"summary", what},
                           {"count", static_cast<qint64>(count)},
                           {"median", median},
                           {"p99", percentile99},
                           {"most", most}};
    m_file.write(QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n');
}

}  // namespace zwei
