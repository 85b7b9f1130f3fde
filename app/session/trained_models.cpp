// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/trained_models.h"

#include <QFile>

namespace zwei {

Result<Model> readTrainedModel(const std::string& id) {
    QFile file(QStringLiteral(":/models/%1.safetensors").arg(QString::fromStdString(id)));
    if (!file.open(QIODevice::ReadOnly))
        return failure("The trained model " + id + " does not ship with this program.");
    const auto bytes = file.readAll();
    return parseModel({bytes.begin(), bytes.end()}, "The trained model " + id);
}

}  // namespace zwei
