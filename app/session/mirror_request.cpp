// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/mirror_request.h"

#include <QHostAddress>
#include <QRegularExpression>
#include <optional>
#include <utility>

namespace zwei {
namespace {

constexpr int kOk = 200;
constexpr int kPartialContent = 206;
constexpr int kRangeNotSatisfiable = 416;
constexpr qint64 kReadBuffer = qint64{1} << 20;

bool isLocalHttp(const QUrl& url) { return url.scheme() == QLatin1String("http") && isThisMachine(url.host()); }

bool isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

struct ContentRange {
    qint64 first = 0;
    qint64 total = 0;  ///< 0: not said
};

/// RFC 9110, 14.4: `bytes 100-199/200`, or `bytes 100-199/*`.
std::optional<ContentRange> parseContentRange(const QByteArray& header) {
    static const QRegularExpression form(QStringLiteral("^bytes (\\d{1,15})-(\\d{1,15})/(\\d{1,15}|\\*)$"));
    const auto match = form.match(QString::fromLatin1(header.trimmed()));
    if (!match.hasMatch()) return std::nullopt;
    const qint64 first = match.captured(1).toLongLong(), last = match.captured(2).toLongLong();
    const qint64 total = match.captured(3).toLongLong();  // 0 of an asterisk
    if (last < first || (total > 0 && last >= total)) return std::nullopt;
    return ContentRange{first, total};
}

}  // namespace

bool isThisMachine(const QString& host) {
    return host == QLatin1String("localhost") || QHostAddress(host).isLoopback();
}

bool isAllowedMirror(const QUrl& mirror) {
    return mirror.isValid() && !mirror.host().isEmpty() && mirror.userInfo().isEmpty() &&
           (mirror.scheme() == QLatin1String("https") || isLocalHttp(mirror));
}

bool mayRedirect(const QUrl& mirror, const QUrl& to) {
    if (!isAllowedMirror(to)) return false;
    return isLocalHttp(mirror) ? isLocalHttp(to) && to.host() == mirror.host() : to.scheme() == QLatin1String("https");
}

MirrorRequest::MirrorRequest(QNetworkAccessManager& network, PartFile& part, const QUrl& url, const Limits& limits,
                             QObject* parent)
    : QObject(parent), m_network(network), m_part(part), m_mirror(url), m_limits(limits) {
    m_stall.setSingleShot(true);
    connect(&m_stall, &QTimer::timeout, this, [this] {
        end(End::Broken, tr("sent nothing for %n s", nullptr,
                            static_cast<int>(std::chrono::ceil<std::chrono::seconds>(m_limits.stall).count())));
    });
}

MirrorRequest::~MirrorRequest() { drop(); }

void MirrorRequest::start() {
    if (!isAllowedMirror(m_mirror)) return end(End::Refused, tr("is no HTTPS address"));
    send(m_mirror);
}

void MirrorRequest::send(const QUrl& url) {
    drop();
    m_url = url;
    m_phase = Phase::Headers;
    m_isResumed = false;
    QNetworkRequest request(url);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    // As it is stored: Qt unpacks what it has asked for itself.
    request.setRawHeader("Accept-Encoding", "identity");
    if (m_asksForRest && m_part.size() > 0)
        request.setRawHeader("Range", "bytes=" + QByteArray::number(m_part.size()) + "-");
    m_reply = m_network.get(request);
    m_reply->setReadBufferSize(kReadBuffer);
    connect(m_reply, &QNetworkReply::metaDataChanged, this, &MirrorRequest::readHeaders);
    connect(m_reply, &QNetworkReply::readyRead, this, &MirrorRequest::readBody);
    connect(m_reply, &QNetworkReply::finished, this, &MirrorRequest::finish);
    m_stall.start(m_limits.stall);
}

void MirrorRequest::readHeaders() {
    if (m_phase != Phase::Headers) return;
    m_stall.start(m_limits.stall);
    const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (isRedirect(status)) return redirect();
    if (status == kOk) return beginWhole();
    const bool askedForRest = m_reply->request().hasRawHeader("Range");
    if (status == kPartialContent && askedForRest) return beginRest();
    if (status == kRangeNotSatisfiable && askedForRest) return sendWithoutRange();
    end(End::Refused, tr("answered %1").arg(status));
}

void MirrorRequest::beginWhole() {
    m_phase = Phase::First;
    m_promised = m_reply->header(QNetworkRequest::ContentLengthHeader).toLongLong();
    if (m_promised > m_limits.size) end(End::Refused, tr("offers more than the file can be long"));
}

/// A mirror that answers with another piece than the one asked for is asked for the whole.
void MirrorRequest::beginRest() {
    const auto range = parseContentRange(m_reply->rawHeader("Content-Range"));
    if (!range || range->first != m_part.size()) return sendWithoutRange();
    m_phase = Phase::Rest;
    m_isResumed = true;
    m_promised = range->total;
    if (m_promised > m_limits.size) end(End::Refused, tr("offers more than the file can be long"));
}

void MirrorRequest::readBody() {
    readHeaders();
    if (!m_reply || m_phase == Phase::Headers) return;
    m_stall.start(m_limits.stall);
    if (m_phase == Phase::First && !readFirst()) return;
    const auto bytes = m_reply->readAll();
    if (m_part.size() + bytes.size() > m_limits.size) {
        (void)m_part.clear();  // whatever it is, it is not this file
        return end(End::Refused, tr("sends more than the file can be long"));
    }
    if (const auto written = m_part.append(bytes); !written)
        return end(End::CannotStore, QString::fromStdString(written.error()));
}

/// Takes the place of the part, if it may be the file at all.
bool MirrorRequest::readFirst() {
    if (m_reply->bytesAvailable() < 2) return false;
    // A page of some kind, say that of a network which wants a password: the part that is there is worth more.
    if (m_reply->peek(2) != QByteArray("\x1f\x8b")) {
        end(End::Refused, tr("sent something else"));
        return false;
    }
    if (const auto cleared = m_part.clear(); !cleared) {
        end(End::CannotStore, QString::fromStdString(cleared.error()));
        return false;
    }
    m_phase = Phase::Rest;
    return true;
}

void MirrorRequest::finish() {
    auto* reply = m_reply;
    if (reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).isValid()) readBody();
    if (reply != m_reply) return;  // another request has taken its place, or all is over
    if (reply->error() != QNetworkReply::NoError) return endWith(reply->error(), reply->errorString());
    if (m_phase != Phase::Rest) return end(End::Refused, tr("sent nothing"));
    if (m_part.size() < m_promised) return end(End::Broken, tr("ended too early"));
    end(End::Complete, {});
}

void MirrorRequest::endWith(QNetworkReply::NetworkError error, const QString& text) {
    switch (error) {
        case QNetworkReply::HostNotFoundError:
        case QNetworkReply::TemporaryNetworkFailureError:
        case QNetworkReply::NetworkSessionFailedError:
        case QNetworkReply::UnknownNetworkError:
            return end(End::Unreachable, tr("cannot be reached"));
        case QNetworkReply::ConnectionRefusedError:
            return end(End::Broken, tr("refuses the connection"));
        case QNetworkReply::RemoteHostClosedError:
            return end(End::Broken, tr("dropped the connection"));
        case QNetworkReply::SslHandshakeFailedError:
            return end(End::Refused, tr("has no valid certificate"));
        default:
            return end(End::Broken, tr("failed (%1)").arg(text));
    }
}

void MirrorRequest::redirect() {
    const auto to = m_url.resolved(QUrl::fromEncoded(m_reply->rawHeader("Location")));
    if (++m_redirects > m_limits.redirects) return end(End::Refused, tr("redirects without end"));
    if (!mayRedirect(m_mirror, to)) return end(End::Refused, tr("redirects to where it may not"));
    send(to);
}

void MirrorRequest::sendWithoutRange() {
    m_asksForRest = false;
    send(m_url);
}

void MirrorRequest::drop() {
    m_stall.stop();
    if (!m_reply) return;
    auto* reply = std::exchange(m_reply, nullptr);
    reply->disconnect(this);
    // Later: Qt may be in the midst of telling of an error of its own.
    QMetaObject::invokeMethod(
        reply,
        [reply] {
            reply->abort();
            reply->deleteLater();
        },
        Qt::QueuedConnection);
}

void MirrorRequest::end(End end, const QString& reason) {
    drop();
    Q_EMIT ended(end, reason);
}

}  // namespace zwei
