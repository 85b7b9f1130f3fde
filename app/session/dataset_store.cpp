// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/dataset_store.h"

#include <QtConcurrent/QtConcurrentRun>

namespace zwei {

DatasetStore::DatasetStore(std::vector<std::filesystem::path> folders, QObject* parent)
    : QObject(parent), m_folders(std::move(folders)) {}

void DatasetStore::search() {
    QtConcurrent::run([folders = m_folders] {
        return findDatasets(folders);
    }).then(this, [this](const std::vector<DatasetLocation>& datasets) { Q_EMIT found(datasets); });
}

void DatasetStore::load(const QString& name) {
    const int request = ++m_request;
    QtConcurrent::run([folders = m_folders, name = name.toStdString()] {
        return loadDataset(name, folders);
    }).then(this, [this, name, request](const Result<DatasetPtr>& dataset) {
        if (request != m_request) return;
        if (dataset)
            Q_EMIT loaded(*dataset);
        else
            Q_EMIT failed(name, QString::fromStdString(dataset.error()));
    });
}

}  // namespace zwei
