// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace zwei {

/// "1 image" or "7 images", of "%1 image" and "%1 images": the plurals of Qt's `tr` need a translation, also to
/// English.
inline QString counted(qsizetype count, const QString& one, const QString& many) {
    return (count == 1 ? one : many).arg(count);
}

}  // namespace zwei
