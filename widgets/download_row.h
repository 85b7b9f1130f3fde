// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "widgets/download_panel.h"

class QLabel;
class QProgressBar;
class QPushButton;

namespace zwei {

class ElidedLabel;

/// One data set: what it is, where it is or how large, and a bar while it is being fetched.
class DownloadRow : public QWidget {
    Q_OBJECT

public:
    explicit DownloadRow(const DownloadChoice& choice, QWidget* parent = nullptr);

    const QString& id() const { return m_choice.id; }
    void setDownload(const DownloadState& download);
    /// `isLocked`: another one is being fetched.
    void setIdle(bool isLocked);

Q_SIGNALS:
    void getRequested(const QString& id);
    void cancelRequested();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void lay();
    void applyState();

    DownloadChoice m_choice;
    bool m_isUnderWay = false;
    bool m_isLocked = false;
    ElidedLabel* m_note;
    QLabel* m_size;
    QLabel* m_here;
    QPushButton* m_button;
    QWidget* m_progress;
    QProgressBar* m_bar;
    ElidedLabel* m_figures;
};

}  // namespace zwei
