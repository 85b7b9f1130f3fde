// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QThreadPool>
#include <atomic>
#include <filesystem>
#include <memory>
#include <vector>

#include "app/session/image_folder.h"
#include "models/data/dataset.h"

namespace zwei {

/// Finds data sets and loads them aside from the GUI thread. The last one asked for wins.
class DatasetStore : public QObject {
    Q_OBJECT

public:
    explicit DatasetStore(std::vector<std::filesystem::path> folders, QObject* parent = nullptr);
    ~DatasetStore() override;

    const std::vector<std::filesystem::path>& folders() const { return m_folders; }

    /// Looks into the folders; answers with `found`.
    void search();

    /// Searches this folder as well from now on, before the others: of data sets, or of the IDX files of one. Answers
    /// with `adopted` or `failed`.
    void adopt(const QString& folder);
    /// Searches what was adopted by an earlier process, after the others.
    void adoptAgain(const QStringList& folders);

    /// Answers with `loaded` or `failed`.
    void load(const QString& name);

    /// Reads a folder of images; answers with `folderProgressed`, then `loaded` and `folderRead`, or `failed`.
    void loadFolder(const QString& folder);

    /// Gives up what is under way, which answers with `cancelled`.
    void cancel();
    /// The same without an answer: something else has taken its place.
    void forget();

Q_SIGNALS:
    void found(const std::vector<zwei::DatasetLocation>& datasets);
    /// `name` is of the data set that the folder has, or one of them; `folder` is what is searched for it.
    void adopted(const QString& name, const QString& folder);
    void loaded(const zwei::DatasetPtr& dataset);
    void failed(const QString& name, const QString& sentence);
    void folderProgressed(int done, int total);
    void folderRead(const zwei::ImageFolder& folder);
    /// `name` is what was asked for: of a data set, or a folder.
    void cancelled(const QString& name);

private:
    /// Says whether a request was cancelled, and is the request's own.
    using Token = std::shared_ptr<std::atomic<bool>>;

    template <typename Task, typename Done>
    void start(const QString& name, Task task, Done done);
    ProgressCallback progressOf(const Token& token);

    std::vector<std::filesystem::path> m_folders;
    QThreadPool m_pool;
    Token m_token;  // of what is under way; null: nothing is
};

}  // namespace zwei
