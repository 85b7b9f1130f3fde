// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QObject>
#include <QTimer>
#include <QUrl>
#include <chrono>

#include "app/session/part_file.h"

namespace zwei {

bool isThisMachine(const QString& host);

/// HTTPS, or HTTP where the host is this machine itself, and no password in it.
bool isAllowedMirror(const QUrl& mirror);

/// May a request that began at `mirror` be sent on to `to`? From HTTPS to HTTPS only; a mirror on this machine may send
/// on to itself.
bool mayRedirect(const QUrl& mirror, const QUrl& to);

/// Asks one mirror for what is missing of one file, and adds it to the part: what it answers is not believed, and never
/// more is written than the file can be long. GUI thread. Ends with exactly one `ended`, unless it is destroyed first.
class MirrorRequest : public QObject {
    Q_OBJECT

public:
    enum class End {
        Complete,     ///< as far as the mirror is concerned
        Refused,      ///< what it sent is of no use
        Broken,       ///< what arrived may be gone on with
        Unreachable,  ///< no such host, no network
        CannotStore,  ///< nothing to do with the mirror
    };

    struct Limits {
        qint64 size = 0;                         ///< bytes
        std::chrono::milliseconds stall{15000};  ///< without a byte
        int redirects = 5;
    };

    /// Both must outlive it; whoever takes `ended` destroys it later only.
    MirrorRequest(QNetworkAccessManager& network, PartFile& part, const QUrl& url, const Limits& limits,
                  QObject* parent = nullptr);
    ~MirrorRequest() override;

    void start();

    /// Of the whole file, as the mirror says; 0: it has not said.
    qint64 promisedSize() const { return m_promised; }
    /// What was there already is a part of it.
    bool isResumed() const { return m_isResumed; }

Q_SIGNALS:
    /// `reason` goes on where "the mirror" is the subject: "answered 404".
    void ended(zwei::MirrorRequest::End end, const QString& reason);

private:
    /// What is awaited: `First` are the first bytes of a whole file, `Rest` any that follow what is there.
    enum class Phase { Headers, First, Rest };

    void send(const QUrl& url);
    void readHeaders();
    void beginWhole();
    void beginRest();
    void readBody();
    bool readFirst();
    void finish();
    void redirect();
    void sendWithoutRange();
    void drop();
    void end(End end, const QString& reason);
    void endWith(QNetworkReply::NetworkError error, const QString& text);

    QNetworkAccessManager& m_network;
    PartFile& m_part;
    QUrl m_mirror;
    QUrl m_url;
    Limits m_limits;
    QTimer m_stall;
    QNetworkReply* m_reply = nullptr;
    int m_redirects = 0;
    qint64 m_promised = 0;
    Phase m_phase = Phase::Headers;
    bool m_asksForRest = true;  ///< where there is a part
    bool m_isResumed = false;
};

}  // namespace zwei
