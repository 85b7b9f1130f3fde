// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/dataset_store.h"

#include <QtConcurrent/QtConcurrentRun>

namespace zwei {

DatasetStore::DatasetStore(std::vector<std::filesystem::path> folders, QObject* parent)
    : QObject(parent), m_folders(std::move(folders)) {}

/// What is under way must not answer somebody who is gone.
DatasetStore::~DatasetStore() { m_pool.waitForDone(); }

void DatasetStore::search() {
    QtConcurrent::run(&m_pool, [folders = m_folders] {
        return findDatasets(folders);
    }).then(this, [this](const std::vector<DatasetLocation>& datasets) { Q_EMIT found(datasets); });
}

void DatasetStore::load(const QString& name) {
    const int request = ++m_request;
    QtConcurrent::run(&m_pool, [folders = m_folders, name = name.toStdString()]() -> Result<DatasetPtr> {
        try {
            return loadDataset(name, folders);
        } catch (const std::bad_alloc&) {
            return failure("There is not enough memory for the data set " + name + ".");
        }
    }).then(this, [this, name, request](const Result<DatasetPtr>& dataset) {
        if (request != m_request) return;
        if (dataset)
            Q_EMIT loaded(*dataset);
        else
            Q_EMIT failed(name, QString::fromStdString(dataset.error()));
    });
}

}  // namespace zwei
