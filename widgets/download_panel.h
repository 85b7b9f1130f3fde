// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QString>
#include <vector>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace zwei {

class DownloadRow;

/// A data set as the panel shows it.
struct DownloadChoice {
    enum class State { Here, Offered, NotOffered };

    QString id;
    QString title;
    QString about;  ///< what it is, in a line
    State state = State::Offered;
    QString note;      ///< where it is, what of it is here, or why it is not offered
    qint64 bytes = 0;  ///< to fetch, about
};

/// How far the one that is being fetched is.
struct DownloadState {
    QString id;
    qint64 done = 0;  ///< bytes
    qint64 total = 0;
    double bytesPerSecond = 0;  ///< 0: not known yet
    double secondsLeft = -1;    ///< negative: not known yet
    QString mirror;             ///< a host's name
};

/// Which data sets there are, and how far one that is being fetched is; beside them what needs no network. It knows
/// neither network nor files, and only wishes.
class DownloadPanel : public QDialog {
    Q_OBJECT

public:
    explicit DownloadPanel(QWidget* parent = nullptr);

    /// `folder` is where they go to.
    void setChoices(const std::vector<DownloadChoice>& choices, const QString& folder);
    /// One at a time: the others cannot be got meanwhile.
    void setDownload(const DownloadState& download);
    /// Nothing is being fetched any more.
    void setIdle();
    /// What went wrong or what is worth knowing, in a sentence; empty: nothing.
    void setFault(const QString& sentence);
    void setNote(const QString& sentence);

Q_SIGNALS:
    void getRequested(const QString& id);
    void cancelRequested();
    void openFolderRequested();
    void useEmbeddedRequested();

private:
    QWidget* makeHeader();
    QWidget* makeAlternatives();
    void orderFocus();
    void say(const QString& sentence, const QString& role);

    QLabel* m_folder;
    QVBoxLayout* m_rowColumn;
    std::vector<DownloadRow*> m_rows;
    std::vector<QPushButton*> m_alternatives;
    QLabel* m_sentence;
    QString m_underWay;  ///< id; empty: none
};

/// 11.6 MB, of so many bytes.
QString sizeText(qint64 bytes);

}  // namespace zwei
