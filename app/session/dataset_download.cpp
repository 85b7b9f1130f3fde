// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/dataset_download.h"

#include <QNetworkInterface>
#include <QNetworkProxy>
#include <QtConcurrent/QtConcurrentRun>
#include <algorithm>

namespace zwei {
namespace {

constexpr int kRounds = 4;                         // over all mirrors, while each brings more
constexpr qint64 kMostOverhead = qint64{1} << 16;  // of what cannot be packed smaller
constexpr auto kTick = std::chrono::milliseconds(100);
constexpr qint64 kSpeedOver = 3000;  // milliseconds

QString text(const std::filesystem::path& path) { return QString::fromStdString(path.string()); }

/// Whether there is any network but this machine's own.
bool hasNetwork() {
    const auto all = QNetworkInterface::allInterfaces();
    return std::any_of(all.begin(), all.end(), [](const auto& interface) {
        const auto flags = interface.flags();
        return flags.testFlag(QNetworkInterface::IsUp) && !flags.testFlag(QNetworkInterface::IsLoopBack) &&
               !interface.addressEntries().isEmpty();
    });
}

/// The proxies of the desktop or of the environment (`https_proxy`), which a school's network may ask for. This machine
/// itself is reached without.
class SystemProxies : public QNetworkProxyFactory {
public:
    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery& query) override {
        if (isThisMachine(query.peerHostName())) return {QNetworkProxy(QNetworkProxy::NoProxy)};
        return systemProxyForQuery(query);
    }
};

}  // namespace

DatasetDownload::DatasetDownload(QObject* parent) : QObject(parent) {
    m_ticker.setInterval(kTick);
    connect(&m_ticker, &QTimer::timeout, this, &DatasetDownload::tellProgress);
}

/// What is under way must not answer somebody who is gone.
DatasetDownload::~DatasetDownload() {
    if (m_stop) *m_stop = true;
    delete m_request;
    m_pool.waitForDone();
}

/// Runs `task(stop)` in another thread and hands what it returns to `done` in this one, unless all is cancelled.
template <typename Task, typename Done>
void DatasetDownload::aside(Task task, Done done) {
    QtConcurrent::run(&m_pool, [task, stop = m_stop] {
        return task(*stop);
    }).then(this, [this, done](const std::invoke_result_t<Task, const std::atomic<bool>&>& result) {
        if (!*m_stop) return done(result);
        end();
        Q_EMIT cancelled();
    });
}

void DatasetDownload::start(const CatalogueSet& set, const std::filesystem::path& folder) {
    Q_ASSERT(!isRunning());
    m_stop = std::make_shared<std::atomic<bool>>(false);
    m_set = set;
    m_folder = folder;
    m_files.clear();
    m_index = 0;
    m_done = 0;
    m_past.clear();
    m_clock.start();
    // Nobody is told before this returns.
    QMetaObject::invokeMethod(this, &DatasetDownload::examine, Qt::QueuedConnection);
}

void DatasetDownload::cancel() {
    if (!isRunning() || *m_stop) return;
    *m_stop = true;
    if (!m_request) return;  // what runs aside answers
    delete m_request;
    end();
    Q_EMIT cancelled();
}

void DatasetDownload::examine() {
    if (!m_set.isOffered())
        return fail(tr("%1 is not offered: its checksum is not known for certain.").arg(m_set.title));
    aside([set = m_set, folder = m_folder](const auto& stop) { return checkSet(folder, set, stop); },
          [this](const std::vector<CheckedFile>& files) {
              m_files = files;
              m_ticker.start();
              beginFile();
          });
}

/// The next one that is not whole.
void DatasetDownload::beginFile() {
    while (m_index < m_files.size() && file().verdict == FileVerdict::Whole) ++m_index;
    if (m_index == m_files.size()) {
        tellProgress();
        end();
        return Q_EMIT finished(m_set.id);
    }
    if (!mayBegin()) return;
    auto part = PartFile::open(file().path);
    if (!part) return fail(QString::fromStdString(part.error()));
    m_part = *part;
    m_promised = 0;
    m_mirror = 0;
    m_round = 0;
    m_isAnew = false;
    m_isUnreachable = true;
    m_reasons.assign(static_cast<std::size_t>(m_set.mirrors.size()), {});
    if (m_part->size() == 0) return fetchFirst();
    examinePart([this](FileVerdict) { fetchFirst(); });
}

/// Of a file that is there, whether it may be replaced.
bool DatasetDownload::mayBegin() {
    if (file().verdict == FileVerdict::Missing) return true;
    if (!file().path.string().ends_with(".gz")) {
        fail(tr("%1: this is taken before the packed file, and cannot be told to be %2's; move it away and try again.")
                 .arg(text(file().path), m_set.title));
        return false;
    }
    Q_EMIT replacing(tr("%1 is not %2's and will be replaced.").arg(text(file().path), m_set.title));
    return true;
}

void DatasetDownload::fetchFirst() {
    m_sizeBeforeRound = m_part->size();
    fetch();
}

void DatasetDownload::fetch() {
    if (m_set.mirrors.isEmpty()) return fail(tr("There is no mirror of %1.").arg(m_set.title));
    const QUrl url(m_set.mirrors[m_mirror] + file().wanted.name);
    if (url.scheme() == QLatin1String("https") && !hasNetwork()) return tryNextMirror(tr("cannot be reached"));
    if (!m_network) {
        m_network = new QNetworkAccessManager(this);
        m_network->setProxyFactory(new SystemProxies);
    }
    MirrorRequest::Limits limits;
    limits.size = file().wanted.unpackedSize + kMostOverhead;
    limits.stall = m_stall;
    m_sizeBeforeRequest = m_part->size();
    m_request = new MirrorRequest(*m_network, *m_part, url, limits, this);
    connect(m_request, &MirrorRequest::ended, this, &DatasetDownload::endRequest);
    m_request->start();
}

void DatasetDownload::endRequest(MirrorRequest::End end, const QString& reason) {
    const bool wasResumed = m_request->isResumed();
    m_request->deleteLater();
    m_request = nullptr;
    if (end == MirrorRequest::End::CannotStore) return fail(reason);
    if (end != MirrorRequest::End::Unreachable) m_isUnreachable = false;
    if (end == MirrorRequest::End::Complete) return checkPart(wasResumed, tr("sent too little"));
    // It may have been whole when the mirror broke off.
    if (end == MirrorRequest::End::Broken && m_part->size() != m_sizeBeforeRequest)
        return checkPart(wasResumed, reason);
    tryNextMirror(reason);
}

/// `reason` is why it may be incomplete.
void DatasetDownload::checkPart(bool wasResumed, const QString& reason) {
    examinePart([this, wasResumed, reason](FileVerdict verdict) {
        if (verdict == FileVerdict::Incomplete) return tryNextMirror(reason);
        // The mirror may be right, and what was there before it wrong.
        if (!wasResumed || m_isAnew) return tryNextMirror(tr("sent another file, or a damaged one"));
        m_isAnew = true;
        fetch();
    });
}

/// Commits a part that is whole, and throws a wrong one away; `otherwise` goes on.
template <typename Otherwise>
void DatasetDownload::examinePart(Otherwise otherwise) {
    aside([part = m_part, wanted = file().wanted](const auto& stop) { return checkFile(part->path(), wanted, stop); },
          [this, otherwise](FileVerdict verdict) {
              if (verdict == FileVerdict::Whole) return commit();
              if (verdict != FileVerdict::Incomplete)
                  if (const auto cleared = m_part->clear(); !cleared)
                      return fail(QString::fromStdString(cleared.error()));
              otherwise(verdict);
          });
}

void DatasetDownload::commit() {
    aside([part = m_part](const auto&) { return part->commit(); },
          [this](const Result<void>& committed) {
              if (!committed) return fail(QString::fromStdString(committed.error()));
              endFile();
          });
}

void DatasetDownload::endFile() {
    m_done += m_part->size();
    file().verdict = FileVerdict::Whole;
    m_part.reset();
    ++m_index;
    beginFile();
}

/// After the last mirror the first again, as long as a round brings more of the file.
void DatasetDownload::tryNextMirror(const QString& reason) {
    m_reasons[static_cast<std::size_t>(m_mirror)] = reason;
    m_isAnew = false;
    if (++m_mirror == m_set.mirrors.size()) {
        if (m_part->size() <= m_sizeBeforeRound || ++m_round == kRounds) return fail(failure());
        m_mirror = 0;
        m_sizeBeforeRound = m_part->size();
    }
    fetch();
}

QStringList DatasetDownload::hosts() const {
    QStringList hosts;
    for (const auto& mirror : m_set.mirrors) hosts += QUrl(mirror).authority();
    return hosts;
}

/// Why no mirror would do.
QString DatasetDownload::failure() const {
    if (m_isUnreachable)
        return tr("This machine seems to be offline: no mirror of %1 can be reached (%2); use the embedded digits, or "
                  "open a folder that has the files.")
            .arg(m_set.title, hosts().join(QStringLiteral(", ")));
    QStringList faults;
    for (qsizetype i = 0; i < m_set.mirrors.size(); ++i)
        faults += QStringLiteral("%1 %2").arg(hosts()[i], m_reasons[static_cast<std::size_t>(i)]);
    return tr("%1 could not be fetched: %2; try again later, or open a folder that has the files.")
        .arg(m_set.title, faults.join(QStringLiteral("; ")));
}

void DatasetDownload::fail(const QString& sentence) {
    end();
    Q_EMIT failed(sentence);
}

void DatasetDownload::end() {
    m_ticker.stop();
    m_part.reset();
    m_stop.reset();
}

void DatasetDownload::tellProgress() {
    if (m_request && m_request->promisedSize() > 0) m_promised = m_request->promisedSize();
    DownloadProgress progress;
    progress.done = m_done + (m_part ? m_part->size() : 0);
    progress.total = m_done;
    for (std::size_t i = m_index; i < m_files.size(); ++i)
        if (m_files[i].verdict != FileVerdict::Whole)
            progress.total += i == m_index && m_promised > 0 ? m_promised : m_files[i].wanted.packedSize;
    progress.total = std::max(progress.total, progress.done);
    progress.bytesPerSecond = speed(progress.done);
    if (progress.bytesPerSecond > 0)
        progress.secondsLeft = static_cast<double>(progress.total - progress.done) / progress.bytesPerSecond;
    if (m_mirror < m_set.mirrors.size()) progress.mirror = QUrl(m_set.mirrors[m_mirror]).host();
    Q_EMIT progressed(progress);
}

/// Over the last seconds; 0 where these say nothing.
double DatasetDownload::speed(qint64 done) {
    const qint64 now = m_clock.elapsed();
    // A part that was thrown away is no speed.
    if (!m_past.empty() && m_past.back().second > done) m_past.clear();
    m_past.emplace_back(now, done);
    while (m_past.size() > 2 && now - m_past.front().first > kSpeedOver) m_past.pop_front();
    const auto [then, had] = m_past.front();
    return now > then ? 1000.0 * static_cast<double>(done - had) / static_cast<double>(now - then) : 0;
}

}  // namespace zwei
