// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/image_intake.h"

#include <QDir>
#include <QFileInfo>
#include <QMimeData>
#include <QUrl>
#include <QtConcurrent/QtConcurrentRun>
#include <new>
#include <utility>

#include "app/session/image_conversion.h"
#include "app/session/natural_order.h"

namespace zwei {
namespace {

const QString kModelSuffix = QStringLiteral("safetensors");

Result<ReadImage> readSafely(const QString& file) {
    try {
        return readImage(file);
    } catch (const std::bad_alloc&) {
        return failure(ImageIntake::tr("there is not enough memory to read it.").toStdString());
    }
}

/// The first file from some place on that is an image, and what was passed over before it.
struct Found {
    int index = -1;
    ReadImage read;
    QStringList faults;
};

Found firstImage(const QStringList& files, int from, int step) {
    Found found;
    for (int i = from; i >= 0 && i < files.size() && found.index < 0; i += step) {
        auto read = readSafely(files[i]);
        if (!read) {
            found.faults +=
                QFileInfo(files[i]).fileName() + QStringLiteral(": ") + QString::fromStdString(read.error());
            continue;
        }
        found.index = i;
        found.read = std::move(*read);
        found.read.image = onWhite(found.read.image);
    }
    return found;
}

/// A name may hold what would break a line.
QString printable(QString text) {
    for (auto& each : text)
        if (!each.isPrint()) each = QLatin1Char('?');
    return text;
}

QString toldOf(const QStringList& faults) {
    const auto first = printable(faults.front());
    if (faults.size() == 1) return first;
    return ImageIntake::tr("%1 And %n more could not be read.", nullptr, static_cast<int>(faults.size()) - 1)
        .arg(first);
}

}  // namespace

ImageIntake::ImageIntake(QObject* parent) : QObject(parent) { m_pool.setMaxThreadCount(1); }

ImageIntake::~ImageIntake() { m_pool.waitForDone(); }

void ImageIntake::take(const QMimeData& data) {
    QStringList files;
    bool isFromWeb = false;
    for (const auto& url : data.urls()) {
        if (url.isLocalFile()) files += url.toLocalFile();
        isFromWeb |= !url.isLocalFile();
    }
    if (!files.isEmpty()) return open(files);
    if (data.hasImage()) {
        const auto image = data.imageData().value<QImage>();
        if (image.isNull()) return Q_EMIT told(tr("The picture could not be read."));
        ++m_wish;
        m_files.clear();
        return Q_EMIT imageRead(onWhite(image), {});
    }
    if (isFromWeb)
        return Q_EMIT told(tr("This is an address on the web: save the picture first, then drop its file here."));
    if (data.hasText()) return Q_EMIT told(tr("This is text: drop an image or a file of one."));
    Q_EMIT told(tr("There is no image in this."));
}

void ImageIntake::open(const QStringList& paths) {
    QStringList files;
    for (const auto& path : paths) {
        if (!QFileInfo(path).isDir()) {
            files += path;
            continue;
        }
        const QDir folder(path);
        for (const auto& name : inNaturalOrder(folder.entryList(QDir::Files))) files += folder.filePath(name);
    }
    if (files.isEmpty())
        return Q_EMIT told(
            tr("There is no file in the folder. (A folder of folders, one a class, is a data set: Open a "
               "folder of images.)"));
    if (QFileInfo(files.front()).suffix() == kModelSuffix) return Q_EMIT modelFound(files.front());
    read(files, 0, 1);
}

void ImageIntake::go(int step) {
    const int next = m_index + step;
    if (next >= 0 && next < count()) read(m_files, next, step);
}

void ImageIntake::read(const QStringList& files, int from, int step) {
    const int wish = ++m_wish;
    QtConcurrent::run(&m_pool, firstImage, files, from, step).then(this, [this, wish, files](const Found& found) {
        if (wish != m_wish) return;
        if (!found.faults.isEmpty()) Q_EMIT told(toldOf(found.faults));
        if (found.index < 0) return;
        m_files = files;
        m_index = found.index;
        Q_EMIT imageRead(found.read.image, printable(QFileInfo(files[found.index]).fileName()));
        if (found.read.frames > 1)
            Q_EMIT told(tr("This file has %n pictures: the first one is taken.", nullptr, found.read.frames));
    });
}

}  // namespace zwei
