// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QNetworkAccessManager>
#include <QObject>
#include <QPointer>
#include <QThreadPool>
#include <QTimer>
#include <atomic>
#include <deque>
#include <filesystem>
#include <memory>
#include <vector>

#include "app/session/dataset_catalogue.h"
#include "app/session/dataset_check.h"
#include "app/session/mirror_request.h"
#include "app/session/part_file.h"

namespace zwei {

struct DownloadProgress {
    qint64 done = 0;            ///< bytes, packed, of the files that were not there
    qint64 total = 0;           ///< about
    double bytesPerSecond = 0;  ///< over the last seconds; 0: not known yet
    double secondsLeft = -1;    ///< negative: not known yet
    QString mirror;             ///< the host in use
};

/// Fetches a data set, file by file, from one mirror after the other. A file gets its name only when it is whole by its
/// checksum: until then it is `<name>.part` (see `PartFile`), which a later download goes on with. What is there and
/// right already is kept; what is there and wrong is replaced once the new one is whole. GUI thread; nothing here
/// waits: files are read, unpacked and synced aside. A download ends with exactly one of `finished`, `failed` and
/// `cancelled`.
class DatasetDownload : public QObject {
    Q_OBJECT

public:
    explicit DatasetDownload(QObject* parent = nullptr);
    ~DatasetDownload() override;

    /// How long a mirror may send nothing.
    void setStall(std::chrono::milliseconds stall) { m_stall = stall; }

    /// Into `folder`, the set's own, which is made where there is none. Only while none is under way.
    void start(const CatalogueSet& set, const std::filesystem::path& folder);
    /// Keeps what has arrived.
    void cancel();
    bool isRunning() const { return m_stop != nullptr; }
    /// Of the one under way, or the last one.
    const CatalogueSet& set() const { return m_set; }

Q_SIGNALS:
    void progressed(const zwei::DownloadProgress& progress);
    /// A file that is there already is not what it should be, and will be replaced: a sentence.
    void replacing(const QString& sentence);
    /// `id` of the set, all of whose files are whole now.
    void finished(const QString& id);
    void failed(const QString& sentence);
    void cancelled();

private:
    template <typename Task, typename Done>
    void aside(Task task, Done done);
    void examine();
    void beginFile();
    template <typename Otherwise>
    void examinePart(Otherwise otherwise);
    void fetchFirst();
    void fetch();
    void endRequest(MirrorRequest::End end, const QString& reason);
    void checkPart(bool wasResumed, const QString& reason);
    void commit();
    void tryNextMirror(const QString& reason);
    void endFile();
    void fail(const QString& sentence);
    void end();
    bool mayBegin();
    QString failure() const;
    QStringList hosts() const;
    void tellProgress();
    double speed(qint64 done);
    CheckedFile& file() { return m_files[m_index]; }

    QNetworkAccessManager* m_network = nullptr;  // made when it is needed first: it loads libraries
    QThreadPool m_pool;
    QTimer m_ticker;
    std::chrono::milliseconds m_stall{15000};
    std::shared_ptr<std::atomic<bool>> m_stop;  // of the download under way; null: none is

    CatalogueSet m_set;
    std::filesystem::path m_folder;
    std::vector<CheckedFile> m_files;
    std::size_t m_index = 0;

    // Of the file under way.
    std::shared_ptr<PartFile> m_part;
    QPointer<MirrorRequest> m_request;
    qint64 m_promised = 0;  // bytes, by the mirror; 0: it has not said
    qsizetype m_mirror = 0;
    int m_round = 0;
    qint64 m_sizeBeforeRound = 0;
    qint64 m_sizeBeforeRequest = 0;
    bool m_isAnew = false;           // this mirror has been asked for the whole file after a rest that did not fit
    std::vector<QString> m_reasons;  // by mirror
    bool m_isUnreachable = true;     // every mirror so far

    qint64 m_done = 0;  // bytes of the files that are done
    QElapsedTimer m_clock;
    std::deque<std::pair<qint64, qint64>> m_past;  // milliseconds and bytes
};

}  // namespace zwei
