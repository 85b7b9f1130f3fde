// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QThreadPool>
#include <filesystem>
#include <vector>

#include "models/data/dataset.h"

namespace zwei {

/// Finds data sets and loads them aside from the GUI thread. The last one asked for wins.
class DatasetStore : public QObject {
    Q_OBJECT

public:
    explicit DatasetStore(std::vector<std::filesystem::path> folders, QObject* parent = nullptr);
    ~DatasetStore() override;

    /// Looks into the folders; answers with `found`.
    void search();

    /// Answers with `loaded` or `failed`.
    void load(const QString& name);

Q_SIGNALS:
    void found(const std::vector<zwei::DatasetLocation>& datasets);
    void loaded(const zwei::DatasetPtr& dataset);
    void failed(const QString& name, const QString& sentence);

private:
    std::vector<std::filesystem::path> m_folders;
    QThreadPool m_pool;
    int m_request = 0;
};

}  // namespace zwei
