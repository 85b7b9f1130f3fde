// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QObject>
#include <QTemporaryDir>
#include <QThreadPool>
#include <functional>

class QAction;
class QImage;
class QMenu;

namespace zwei {

class BenchPanel;
class Session;

/// What a person does with the results of the bench: saves them, copies them, drags them out of the window, puts them
/// among the reconstructions or into a data set of their own.
class BenchKeeping : public QObject {
    Q_OBJECT

public:
    /// Fills the panel's menu; both must outlive this.
    BenchKeeping(Session& session, BenchPanel& panel);

    QAction* copyAction() const { return m_copy; }

Q_SIGNALS:
    void done(const QString& sentence);

private:
    void fillMenu();
    void fillLabels(QMenu& menu);
    void offerWhatThereIs();
    void save(const QString& title, const QString& name, const std::function<QImage()>& image);
    void write(const std::function<QString()>& act, const QString& sentence);
    void saveAll();
    void saveAllTo(const QString& folder);
    QImage sheet() const;
    void copy();
    void drag(const QImage& image, const QString& name);
    void sendToReconstructions();
    void addAs(int label);

    Session& m_session;
    BenchPanel& m_panel;
    QTemporaryDir m_dragged;
    QThreadPool m_pool;  // its end waits for what is being written
    QAction* m_copy = nullptr;
    QList<QAction*> m_needDigits;
    QAction* m_savePage = nullptr;
};

}  // namespace zwei
