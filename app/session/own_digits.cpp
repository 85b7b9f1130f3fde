// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/own_digits.h"

#include <QDateTime>
#include <QDir>
#include <QDirIterator>
#include <QSaveFile>
#include <QStandardPaths>

#include "app/session/image_conversion.h"

namespace zwei {
namespace {

int imagesIn(const QString& folder) {
    int count = 0;
    for (QDirIterator file(folder, {QStringLiteral("*.png")}, QDir::Files, QDirIterator::Subdirectories);
         file.hasNext(); file.next())
        ++count;
    return count;
}

}  // namespace

QString ownDigitsFolder() {
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/zwei/My digits");
}

Result<int> addOwnDigit(const ImageBatch& digit, int label) {
    const QDir folder(ownDigitsFolder() + QStringLiteral("/%1").arg(label));
    if (!folder.mkpath(QStringLiteral(".")))
        return failure("The folder " + folder.path().toStdString() + " cannot be made.");
    const auto taken = QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMdd-HHmmss-zzz"));
    QString name = taken + QStringLiteral(".png");
    for (int number = 2; folder.exists(name); ++number) name = QStringLiteral("%1-%2.png").arg(taken).arg(number);
    QSaveFile file(folder.filePath(name));
    const bool isWritten = file.open(QIODevice::WriteOnly) && greyImage(digit, 0).save(&file, "PNG") && file.commit();
    if (!isWritten)
        return failure("The image cannot be written to " + folder.path().toStdString() + " (" +
                       file.errorString().toStdString() + ").");
    return imagesIn(ownDigitsFolder());
}

}  // namespace zwei
