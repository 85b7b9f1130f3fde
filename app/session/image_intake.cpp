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

using Stop = std::shared_ptr<const std::atomic<bool>>;

/// The first file from some place on that is an image, and what was passed over before it.
struct Found {
    QStringList files;
    int index = -1;
    ReadImage read;
    QStringList faults;
};

/// Files, and in place of a folder those in it.
QStringList filesAt(const QStringList& paths) {
    QStringList files;
    for (const auto& path : paths) {
        const QDir folder(path);
        if (!QFileInfo(path).isDir())
            files += path;
        else
            for (const auto& name : inNaturalOrder(folder.entryList(QDir::Files))) files += folder.filePath(name);
    }
    return files;
}

Found firstImage(const QStringList& files, int from, int step, const Stop& stop) {
    Found found;
    found.files = files;
    for (int i = from; i >= 0 && i < files.size() && found.index < 0 && !*stop; i += step) {
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
QString printable(const QString& text) {
    auto characters = text.toStdU32String();
    for (auto& each : characters)
        if (!QChar::isPrint(each)) each = U'?';
    return QString::fromStdU32String(characters);
}

QString toldOf(const QStringList& faults) {
    const auto first = printable(faults.front());
    if (faults.size() == 1) return first;
    return ImageIntake::tr("%1 And %n more could not be read.", nullptr, static_cast<int>(faults.size()) - 1)
        .arg(first);
}

}  // namespace

ImageIntake::ImageIntake(QObject* parent) : QObject(parent) { m_pool.setMaxThreadCount(1); }

ImageIntake::~ImageIntake() {
    if (m_stop) *m_stop = true;
    m_pool.waitForDone();
}

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
        if (m_stop) *m_stop = true;
        m_stop = nullptr;
        m_files.clear();
        return Q_EMIT imageRead(onWhite(image), {});
    }
    if (isFromWeb)
        return Q_EMIT told(tr("This is an address on the web: save the picture first, then drop its file here."));
    if (data.hasText()) return Q_EMIT told(tr("This is text: drop an image or a file of one."));
    Q_EMIT told(tr("There is no image in this."));
}

void ImageIntake::open(const QStringList& paths) {
    if (!paths.isEmpty() && QFileInfo(paths.front()).suffix() == kModelSuffix) return Q_EMIT modelFound(paths.front());
    read([paths](const Stop& stop) { return firstImage(filesAt(paths), 0, 1, stop); });
}

void ImageIntake::go(int step) {
    const int next = m_index + step;
    if (next < 0 || next >= count()) return;
    read([files = m_files, next, step](const Stop& stop) { return firstImage(files, next, step, stop); });
}

/// Runs `search(stop)`, which returns what was found, in another thread, in place of one that is under way.
template <typename Search>
void ImageIntake::read(const Search& search) {
    if (m_stop) *m_stop = true;
    m_stop = std::make_shared<std::atomic<bool>>(false);
    QtConcurrent::run(&m_pool, search, Stop(m_stop)).then(this, [this, stop = m_stop](const Found& found) {
        if (stop != m_stop) return;
        if (found.files.isEmpty())
            return Q_EMIT told(
                tr("There is no file in the folder. (A folder of folders, one a class, is a data set: "
                   "Open a folder of images.)"));
        if (!found.faults.isEmpty()) Q_EMIT told(toldOf(found.faults));
        if (found.index < 0) return;
        m_files = found.files;
        m_index = found.index;
        Q_EMIT imageRead(found.read.image, printable(QFileInfo(found.files[found.index]).fileName()));
        if (found.read.frames > 1)
            Q_EMIT told(tr("This file has %n pictures: the first one is taken.", nullptr, found.read.frames));
    });
}

}  // namespace zwei
