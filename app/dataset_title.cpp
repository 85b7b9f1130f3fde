// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/dataset_title.h"

#include <QCoreApplication>

#include "models/data/dataset.h"

namespace zwei {

QString datasetTitle(const QString& name) {
    if (name == QString::fromUtf8(kEmbeddedDataset)) return QCoreApplication::translate("Dataset", "embedded digits");
    if (name.endsWith(QStringLiteral("mnist"))) return name.toUpper();
    return name;
}

}  // namespace zwei
