// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <optional>
#include <vector>

namespace zwei {

/// Which bytes a checksum is of. Of unpacked ones where these are known: a mirror may pack differently.
enum class ChecksumOf { Unpacked, Packed };

/// One file of a data set, as a mirror has it.
struct CatalogueFile {
    QString name;  ///< packed, as the loader looks for it: train-images-idx3-ubyte.gz
    ChecksumOf checksumOf = ChecksumOf::Unpacked;
    QByteArray sha256;        ///< in lower-case hexadecimal digits; empty: not known for certain
    qint64 unpackedSize = 0;  ///< bytes, exact: the header and what it promises
    qint64 packedSize = 0;    ///< bytes, about
};

/// A data set that can be fetched.
struct CatalogueSet {
    QString id;     ///< also the name of its folder
    QString title;  ///< "Fashion-MNIST"
    QString about;  ///< what it is, in a line
    std::vector<CatalogueFile> files;
    QStringList mirrors;  ///< URLs that end in a slash and to which a file's name is added, best first

    /// Every checksum is known for certain.
    bool isOffered() const;
    /// Bytes to fetch, about.
    qint64 packedSize() const;
};

/// All of them. The environment's `ZWEI_MIRRORS`, base URLs with commas between them, takes the place of every mirror:
/// `<base>/<id>/<file>`. Such a mirror is HTTPS, or HTTP on this machine itself.
std::vector<CatalogueSet> datasetCatalogue();

/// By id, in any case.
std::optional<CatalogueSet> catalogueSet(const QString& id);

}  // namespace zwei
