// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/loopback_server.h"

#include <QHostAddress>
#include <QRegularExpression>
#include <QTcpSocket>

namespace zwei::test {
namespace {

QByteArray length(qint64 size) { return "Content-Length: " + QByteArray::number(size) + "\r\n"; }

/// The same each time.
QByteArray noise(qsizetype size) {
    QByteArray bytes("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", 10);
    quint32 state = 1;
    while (bytes.size() < size) bytes += static_cast<char>((state = state * 1664525u + 1013904223u) >> 24);
    return bytes;
}

}  // namespace

LoopbackServer::LoopbackServer(Fault fault) : m_fault(fault) {
    listen(QHostAddress::LocalHost);
    connect(this, &QTcpServer::newConnection, this, [this] {
        while (auto* socket = nextPendingConnection()) {
            connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] { take(*socket); });
        }
    });
}

void LoopbackServer::take(QTcpSocket& socket) {
    if (!socket.peek(1 << 16).contains("\r\n\r\n")) return;
    const auto head = QString::fromLatin1(socket.readAll());
    static const QRegularExpression range(QStringLiteral("\r\nRange: bytes=(\\d+)-\r\n"),
                                          QRegularExpression::CaseInsensitiveOption);
    const auto match = range.match(head);
    m_requests += {head.section(QLatin1Char(' '), 1, 1), match.hasMatch() ? match.captured(1).toLongLong() : -1};
    answer(socket, m_requests.back());
}

void LoopbackServer::answer(QTcpSocket& socket, const Request& request) {
    if (!m_redirect.isEmpty()) return send(socket, "302 Found", "Location: " + m_redirect.toLatin1() + "\r\n", {});
    switch (m_fault) {
        case Fault::Stall:
            return;
        case Fault::NoAnswer:
            return socket.abort();
        case Fault::NotFound:
            return send(socket, "404 Not Found", length(9), "not found");
        case Fault::ServerError:
            return send(socket, "500 Internal Server Error", length(5), "sorry");
        case Fault::Page:
            return send(socket, "200 OK", length(28), "<html>Please log in.</html>\n");
        case Fault::Nothing:
            return send(socket, "200 OK", length(0), {});
        case Fault::Endless:
            return sendWithoutEnd(socket);
        case Fault::HugeLength:
            return send(socket, "200 OK", length(qint64{1} << 40), noise(1000));
        case Fault::RedirectLoop:
            return send(socket, "302 Found", "Location: " + request.path.toLatin1() + "\r\n" + length(0), {});
        case Fault::RedirectElsewhere:
            return send(socket, "302 Found", "Location: http://192.0.2.1/\r\n" + length(0), {});
        default:
            break;
    }
    const auto name = request.path.section(QLatin1Char('/'), -1);
    if (!m_files.contains(name)) return send(socket, "404 Not Found", length(0), {});
    answerWith(socket, m_files[name], request);
}

void LoopbackServer::answerWith(QTcpSocket& socket, const QByteArray& file, const Request& request) {
    const bool isFirst = m_requests.size() == 1;
    const bool hasRanges = m_fault != Fault::Drop && m_fault != Fault::IgnoreRange;
    if (request.from >= 0 && (m_fault == Fault::RefuseRange || (hasRanges && request.from >= file.size())))
        return send(socket, "416 Range Not Satisfiable", length(0), {});
    const bool isRest = request.from >= 0 && hasRanges;
    const qint64 from = !isRest ? 0 : m_fault == Fault::OtherRange ? request.from / 2 : request.from;
    const auto body = file.mid(from);
    const auto status = isRest ? QByteArray("206 Partial Content") : QByteArray("200 OK");
    auto headers = length(body.size());
    if (isRest)
        headers += "Content-Range: bytes " + QByteArray::number(from) + "-" + QByteArray::number(file.size() - 1) +
                   "/" + QByteArray::number(file.size()) + "\r\n";
    const auto half = body.left(body.size() / 2);
    switch (m_fault) {
        case Fault::StallHalfway:
            m_sent += half.size();
            socket.write("HTTP/1.1 " + status + "\r\n" + headers + "\r\n" + half);
            return;
        case Fault::Truncate:
            return send(socket, "200 OK", length(half.size()), half);
        case Fault::TooLongLength:
            return send(socket, "200 OK", length(file.size() + 1000), file);
        case Fault::TooShortLength:
            return send(socket, "200 OK", length(file.size() - 100), file);
        case Fault::Garbage:
            return send(socket, "200 OK", length(file.size()), noise(file.size()));
        case Fault::Drop:
            return send(socket, status, headers, body.left(body.size() * 9 / 10));
        case Fault::DropOnce:
            return send(socket, status, headers, isFirst ? body.left(body.size() * 9 / 10) : body);
        default:
            return send(socket, status, headers, body);
    }
}

void LoopbackServer::send(QTcpSocket& socket, const QByteArray& status, const QByteArray& headers,
                          const QByteArray& body) {
    m_sent += body.size();
    socket.write("HTTP/1.1 " + status + "\r\nConnection: close\r\n" + headers + "\r\n" + body);
    socket.disconnectFromHost();
}

void LoopbackServer::sendWithoutEnd(QTcpSocket& socket) {
    socket.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    connect(&socket, &QTcpSocket::bytesWritten, this, [this, &socket] {
        if (socket.bytesToWrite() > 0) return;
        const auto more = noise(1 << 14);
        m_sent += more.size();
        socket.write(more);
    });
}

}  // namespace zwei::test
