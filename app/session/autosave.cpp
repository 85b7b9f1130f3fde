// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/autosave.h"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>
#include <QUuid>

#include "app/session/background.h"

namespace zwei {
namespace {

const QString kEnding = QStringLiteral(".safetensors");

QString lockOf(const QString& file) { return file.chopped(kEnding.size()) + QStringLiteral(".lock"); }

/// Held by a process that lives: never stale by age.
std::shared_ptr<QLockFile> lockFor(const QString& file) {
    auto lock = std::make_shared<QLockFile>(lockOf(file));
    lock->setStaleLockTime(0);
    return lock->tryLock(0) ? lock : nullptr;
}

/// What a process that was killed had not finished writing.
void removeParts(const QString& file) {
    const QFileInfo info(file);
    for (const auto& part : info.dir().entryList({info.fileName() + QStringLiteral(".*.part")}, QDir::Files))
        QFile::remove(info.dir().filePath(part));
}

Result<void> written(const std::string& file, const Model& model) {
    try {
        return saveModel(file, model);
    } catch (const std::bad_alloc&) {
        return failure("There is not enough memory for that.");
    }
}

/// Of processes that were killed before there was a file: locks, and halves of files.
void removeOrphans(const QString& folder) {
    for (const auto& info : QDir(folder).entryInfoList({QStringLiteral("run-*.lock")}, QDir::Files)) {
        const auto file = info.filePath().chopped(5) + kEnding;
        if (QFile::exists(file)) continue;
        if (const auto lock = lockFor(file)) removeParts(file);
    }
}

std::optional<LeftRun> newestIn(const QString& folder) {
    removeOrphans(folder);
    const auto files = QDir(folder).entryInfoList({QStringLiteral("run-*") + kEnding}, QDir::Files, QDir::Time);
    for (const auto& info : files) {
        const auto lock = lockFor(info.filePath());
        if (!lock) continue;
        removeParts(info.filePath());
        auto model = loadModel(info.filePath().toStdString());
        if (model) return LeftRun{info.filePath(), info.lastModified(), std::move(*model), lock};
    }
    return std::nullopt;
}

}  // namespace

QString autosaveFolder() {
    return QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation) + QStringLiteral("/autosave");
}

Autosave::Autosave(const QString& folder, QObject* parent) : QObject(parent), m_folder(folder) {
    m_pool.setMaxThreadCount(1);
}

Autosave::~Autosave() { m_pool.waitForDone(); }

void Autosave::takeOwnFile() {
    if (m_lock) return;
    QDir().mkpath(m_folder);
    m_file = m_folder + QStringLiteral("/run-") + QUuid::createUuid().toString(QUuid::WithoutBraces) + kEnding;
    m_lock = lockFor(m_file);
}

void Autosave::keep(const Model& model) {
    if (m_folder.isEmpty()) return;
    m_next = model;
    if (!m_isWriting) writeNext();
}

void Autosave::writeNext() {
    m_isWriting = true;
    takeOwnFile();  // where that fails, the writing does, and says why
    const auto write = [file = m_file.toStdString(), model = *std::exchange(m_next, std::nullopt)] {
        return written(file, model);
    };
    inBackground(m_pool, this, write, [this](const Result<void>& result) {
        m_isWriting = false;
        if (!result && !m_isFaultTold)
            Q_EMIT failed(tr("The run goes on, but it cannot be kept: %1").arg(QString::fromStdString(result.error())));
        m_isFaultTold = !result;
        if (m_next) return writeNext();
        if (result) Q_EMIT kept();
    });
}

void Autosave::forget() {
    m_next.reset();
    if (!m_lock) return;
    m_pool.start([file = m_file, lock = std::exchange(m_lock, nullptr)] {
        QFile::remove(file);
        lock->unlock();
    });
}

void Autosave::search() {
    if (m_folder.isEmpty()) return;
    QtConcurrent::run(&m_pool, [folder = m_folder] {
        return newestIn(folder);
    }).then(this, [this](const std::optional<LeftRun>& run) {
        if (run) Q_EMIT found(*run);
        Q_EMIT searched();
    });
}

void Autosave::adopt(const LeftRun& run) {
    forget();
    m_file = run.file;
    m_lock = run.lock;
}

void Autosave::discard(const LeftRun& run) {
    QFile::remove(run.file);
    run.lock->unlock();
}

}  // namespace zwei
