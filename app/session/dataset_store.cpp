// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/dataset_store.h"

#include <QtConcurrent/QtConcurrentRun>
#include <type_traits>

namespace zwei {
namespace {

/// A folder to search, and the name of a data set in it.
struct Adopted {
    std::filesystem::path folder;
    std::string name;
};

/// The folder's own data sets, or, where the files lie in the folder itself, it is one.
Result<Adopted> adoptedFolder(const std::filesystem::path& folder) {
    const auto inside = findDatasets({folder});
    if (inside.size() > 1) return Adopted{folder, inside.front().name};
    for (const auto& location : findDatasets({folder.parent_path()}))
        if (location.folder == folder) return Adopted{folder.parent_path(), location.name};
    return failure(folder.string() +
                   ": this folder has no data set's files, such as train-images-idx3-ubyte.gz and its like.");
}

}  // namespace

DatasetStore::DatasetStore(std::vector<std::filesystem::path> folders, QObject* parent)
    : QObject(parent), m_folders(std::move(folders)) {}

/// What is under way must not answer somebody who is gone.
DatasetStore::~DatasetStore() {
    cancel();
    m_pool.waitForDone();
}

void DatasetStore::search() {
    QtConcurrent::run(&m_pool, [folders = m_folders] {
        return findDatasets(folders);
    }).then(this, [this](const std::vector<DatasetLocation>& datasets) { Q_EMIT found(datasets); });
}

void DatasetStore::adopt(const QString& folder) {
    const auto path = std::filesystem::path(folder.toStdString()).lexically_normal();
    start(
        folder, [path = path.has_filename() ? path : path.parent_path()](const Token&) { return adoptedFolder(path); },
        [this](const Adopted& found) {
            std::erase(m_folders, found.folder);
            m_folders.insert(m_folders.begin(), found.folder);
            Q_EMIT adopted(QString::fromStdString(found.name), QString::fromStdString(found.folder.string()));
        });
}

void DatasetStore::adoptAgain(const QStringList& folders) {
    for (const auto& folder : folders) m_folders.push_back(folder.toStdString());
}

void DatasetStore::load(const QString& name) {
    start(
        name, [folders = m_folders, name = name.toStdString()](const Token&) { return loadDataset(name, folders); },
        [this](const DatasetPtr& dataset) { Q_EMIT loaded(dataset); });
}

void DatasetStore::loadFolder(const QString& folder) {
    start(
        folder, [this, folder](const Token& token) { return readImageFolder(folder, progressOf(token)); },
        [this](const ImageFolder& read) {
            Q_EMIT loaded(read.dataset);
            Q_EMIT folderRead(read);
        });
}

void DatasetStore::cancel() {
    if (m_token) *m_token = true;
}

void DatasetStore::forget() {
    cancel();
    m_token.reset();
}

/// Runs `task`, which returns a Result, in another thread and hands its value to `done` in this one, unless something
/// else was asked for meanwhile.
template <typename Task, typename Done>
void DatasetStore::start(const QString& name, Task task, Done done) {
    using Answer = std::invoke_result_t<Task, Token>;
    cancel();
    m_token = std::make_shared<std::atomic<bool>>(false);
    QtConcurrent::run(&m_pool, [task, name, token = m_token]() -> Answer {
        try {
            return task(token);
        } catch (const std::bad_alloc&) {
            return failure("There is not enough memory for the data set " + name.toStdString() + ".");
        }
    }).then(this, [this, name, done, token = m_token](const Answer& result) {
        if (token != m_token) return;
        m_token.reset();
        if (*token)
            Q_EMIT cancelled(name);
        else if (result)
            done(*result);
        else
            Q_EMIT failed(name, QString::fromStdString(result.error()));
    });
}

/// For the thread that reads.
ProgressCallback DatasetStore::progressOf(const Token& token) {
    return [this, token](int done, int total) {
        QMetaObject::invokeMethod(this, [this, token, done, total] {
            if (token == m_token && !*token) Q_EMIT folderProgressed(done, total);
        });
        return !*token;
    };
}

}  // namespace zwei
