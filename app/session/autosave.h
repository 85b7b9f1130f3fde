// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QLockFile>
#include <QObject>
#include <QString>
#include <QThreadPool>
#include <memory>
#include <optional>

#include "models/io/model_file.h"

namespace zwei {

/// What a process that ended too soon had not saved.
struct LeftRun {
    QString file;
    QDateTime saved;
    Model model;
    std::shared_ptr<QLockFile> lock;  ///< so long it is ours, no other process offers it
};

/// The folder for autosaves in the program's data folder of this user.
QString autosaveFolder();

/// Keeps a model in a file of this process' own until it is needed no more, and finds what other processes left. Each
/// holds a lock as long as it lives, so that two at once do each other no harm. GUI thread; files are read and written
/// in another one, the latest model wins, and whatever happens there is the old file or the new one.
class Autosave : public QObject {
    Q_OBJECT

public:
    /// An empty folder keeps and finds nothing.
    explicit Autosave(const QString& folder, QObject* parent = nullptr);
    ~Autosave() override;

    void keep(const Model& model);
    /// Removes the file, after what is being written.
    void forget();

    /// Answers with `searched`, and before that with `found` where there is one: the newest that belongs to no process.
    void search();
    /// Goes on with its file as this process' own.
    void adopt(const LeftRun& run);
    static void discard(const LeftRun& run);

Q_SIGNALS:
    void found(const zwei::LeftRun& run);
    void searched();
    /// Once, until a file could be written again.
    void failed(const QString& sentence);
    void kept();

private:
    void takeOwnFile();
    void writeNext();

    QString m_folder;
    QThreadPool m_pool;  // of one thread: one thing after the other
    QString m_file;      // of this process; empty: none yet
    std::shared_ptr<QLockFile> m_lock;
    std::optional<Model> m_next;
    bool m_isWriting = false;
    bool m_isFaultTold = false;
};

}  // namespace zwei
