// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/dataset_check.h"

#include <zlib.h>

#include <QCryptographicHash>
#include <QFile>
#include <array>
#include <memory>

namespace zwei {
namespace {

namespace fs = std::filesystem;

constexpr qint64 kChunk = qint64{1} << 18;
constexpr int kGzipOnly = 15 + 16;  // window bits, see inflateInit2

/// Unpacks as the bytes come, and keeps no more of them than a checksum and their number.
class Unpacked {
public:
    explicit Unpacked(qint64 limit) : m_limit(limit) { m_isSound = inflateInit2(&m_stream, kGzipOnly) == Z_OK; }
    ~Unpacked() { inflateEnd(&m_stream); }
    Unpacked(const Unpacked&) = delete;
    Unpacked& operator=(const Unpacked&) = delete;

    /// False as soon as this is damaged, or more than the limit.
    bool add(QByteArrayView packed) {
        m_stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
        m_stream.avail_in = static_cast<uInt>(packed.size());
        while (m_isSound && (m_stream.avail_in > 0 || m_mayHoldMore)) step();
        return m_isSound;
    }
    bool isAtEnd() const { return m_isAtEnd; }
    qint64 size() const { return m_size; }
    QByteArray sha256() const { return m_hash.result().toHex(); }

private:
    void step() {
        if (m_isAtEnd) {  // another member, or what does not belong there
            inflateReset(&m_stream);
            m_isAtEnd = false;
        }
        m_stream.next_out = m_buffer.data();
        m_stream.avail_out = static_cast<uInt>(m_buffer.size());
        const int status = inflate(&m_stream, Z_NO_FLUSH);
        const auto got = static_cast<qsizetype>(m_buffer.size() - m_stream.avail_out);
        m_size += got;
        m_hash.addData(QByteArrayView(m_buffer.data(), got));
        m_isAtEnd = status == Z_STREAM_END;
        m_mayHoldMore = status == Z_OK && m_stream.avail_out == 0;
        m_isSound = m_size <= m_limit && (status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR);
    }

    qint64 m_limit;
    z_stream m_stream{};
    std::array<Bytef, kChunk> m_buffer{};
    QCryptographicHash m_hash{QCryptographicHash::Sha256};
    qint64 m_size = 0;
    bool m_isSound = false;
    bool m_isAtEnd = false;
    bool m_mayHoldMore = false;
};

FileVerdict checkPacked(QFile& file, const CatalogueFile& wanted, const std::atomic<bool>& stop) {
    const auto unpacked = std::make_unique<Unpacked>(wanted.unpackedSize);
    QCryptographicHash packed(QCryptographicHash::Sha256);
    while (!stop) {
        const auto chunk = file.read(kChunk);
        if (chunk.isEmpty()) break;
        packed.addData(chunk);
        if (!unpacked->add(chunk)) return FileVerdict::Wrong;
    }
    if (!unpacked->isAtEnd()) return FileVerdict::Incomplete;
    if (unpacked->size() < wanted.unpackedSize) return FileVerdict::Wrong;
    const auto found = wanted.checksumOf == ChecksumOf::Packed ? packed.result().toHex() : unpacked->sha256();
    return found == wanted.sha256 ? FileVerdict::Whole : FileVerdict::Wrong;
}

FileVerdict checkPlain(QFile& file, const CatalogueFile& wanted, const std::atomic<bool>& stop) {
    if (file.size() != wanted.unpackedSize) return FileVerdict::Wrong;
    if (wanted.checksumOf == ChecksumOf::Packed) return FileVerdict::Unknown;
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (auto chunk = file.read(kChunk); !chunk.isEmpty() && !stop; chunk = file.read(kChunk)) hash.addData(chunk);
    return hash.result().toHex() == wanted.sha256 ? FileVerdict::Whole : FileVerdict::Wrong;
}

/// The names under which the loader finds a file, the one that it prefers first.
std::vector<QString> spellings(const QString& packed) {
    const auto plain = packed.chopped(3);
    auto dotted = plain;
    dotted.replace(QLatin1String("-idx"), QLatin1String(".idx"));
    const QLatin1String ending(".gz");
    return {plain, plain + ending, dotted, dotted + ending};
}

}  // namespace

FileVerdict checkFile(const fs::path& path, const CatalogueFile& wanted, const std::atomic<bool>& stop) {
    std::error_code error;
    if (!fs::exists(path, error)) return FileVerdict::Missing;
    QFile file(path);
    if (!fs::is_regular_file(path, error) || !file.open(QIODevice::ReadOnly)) return FileVerdict::Wrong;
    const auto first = file.peek(2);
    if (first.size() < 2) return FileVerdict::Incomplete;
    return first == QByteArray("\x1f\x8b") ? checkPacked(file, wanted, stop) : checkPlain(file, wanted, stop);
}

std::vector<CheckedFile> checkSet(const fs::path& folder, const CatalogueSet& set, const std::atomic<bool>& stop) {
    std::vector<CheckedFile> checked;
    for (const auto& wanted : set.files) {
        CheckedFile file{wanted, folder / wanted.name.toStdString(), FileVerdict::Missing};
        for (const auto& spelling : spellings(wanted.name)) {
            std::error_code error;
            const auto path = folder / spelling.toStdString();
            if (file.verdict != FileVerdict::Missing || !fs::exists(path, error)) continue;
            file.path = path;
            file.verdict = checkFile(path, wanted, stop);
        }
        checked.push_back(std::move(file));
    }
    return checked;
}

}  // namespace zwei
