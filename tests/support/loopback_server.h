// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QString>
#include <QTcpServer>

class QTcpSocket;

namespace zwei::test {

/// What a mirror may do in place of sending a file.
enum class Fault {
    None,
    Stall,           ///< accepts the connection and never answers
    StallHalfway,    ///< sends half of the body and then nothing
    Truncate,        ///< sends half of it as if it were all
    TooLongLength,   ///< promises more than it sends
    TooShortLength,  ///< promises less than there is
    Garbage,         ///< random bytes under a gzip header
    Page,            ///< a page of HTML, with status 200
    Nothing,         ///< an empty body
    NotFound,
    ServerError,
    Endless,     ///< a body without length that never ends
    HugeLength,  ///< promises a terabyte
    RedirectLoop,
    RedirectElsewhere,  ///< to HTTP on another host
    Drop,               ///< closes the connection at 90%, and knows no ranges
    DropOnce,           ///< the same with ranges, for the first request alone
    NoAnswer,           ///< closes the connection without a byte
    OtherRange,         ///< answers a range with another one
    RefuseRange,        ///< 416 to any range
    IgnoreRange,        ///< 200 to any range
};

/// An HTTP server on 127.0.0.1 with a fault, in the thread that made it.
class LoopbackServer : public QTcpServer {
    Q_OBJECT

public:
    struct Request {
        QString path;
        qint64 from = -1;  ///< of its Range header; -1: it had none
    };

    explicit LoopbackServer(Fault fault = Fault::None);

    QString url() const { return QStringLiteral("http://127.0.0.1:%1/").arg(serverPort()); }
    void serve(const QString& name, const QByteArray& bytes) { m_files[name] = bytes; }
    /// Sends on to this for every file.
    void redirectTo(const QString& url) { m_redirect = url; }

    const QList<Request>& requests() const { return m_requests; }
    /// Of bodies, together.
    qint64 sentBytes() const { return m_sent; }

private:
    void take(QTcpSocket& socket);
    void answer(QTcpSocket& socket, const Request& request);
    void answerWith(QTcpSocket& socket, const QByteArray& file, const Request& request);
    void send(QTcpSocket& socket, const QByteArray& status, const QByteArray& headers, const QByteArray& body);
    void sendWithoutEnd(QTcpSocket& socket);

    Fault m_fault;
    QHash<QString, QByteArray> m_files;
    QString m_redirect;
    QList<Request> m_requests;
    qint64 m_sent = 0;
};

}  // namespace zwei::test
