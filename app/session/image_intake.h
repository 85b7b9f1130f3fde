// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QObject>
#include <QStringList>
#include <QThreadPool>
#include <atomic>
#include <memory>

class QMimeData;

namespace zwei {

/// Takes what a person drops, pastes or opens, and reads the images among it, one at a time, in another thread. What
/// cannot be read is told in a sentence and passed over; what was there before stays.
class ImageIntake : public QObject {
    Q_OBJECT

public:
    explicit ImageIntake(QObject* parent = nullptr);
    ~ImageIntake() override;

    /// Something dropped or from the clipboard: files, a picture itself, or what is neither, which fails.
    void take(const QMimeData& data);
    /// Files, and folders of them, which are searched no deeper.
    void open(const QStringList& paths);

    /// Of the images that came together.
    int count() const { return static_cast<int>(m_files.size()); }
    int index() const { return m_index; }
    /// To the next readable image in this direction: 1 or -1.
    void go(int step);

Q_SIGNALS:
    /// `name` is that of its file, or empty.
    void imageRead(const QImage& image, const QString& name);
    /// A model file was among what came.
    void modelFound(const QString& file);
    /// One sentence on what went wrong, or what a person may not expect.
    void told(const QString& sentence);

private:
    template <typename Search>
    void read(const Search& search);

    QThreadPool m_pool;
    QStringList m_files;
    int m_index = 0;
    std::shared_ptr<std::atomic<bool>> m_stop;  // of what is being read; an answer of another one is not heard
};

}  // namespace zwei
