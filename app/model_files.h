// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>

#include "app/session/session.h"

class QFileDialog;
class QMenu;
class QWidget;

namespace zwei {

/// The files of the model in force, for the person: open, open recent, save, and the questions that are asked so that
/// nothing gets lost.
class ModelFiles : public QObject {
    Q_OBJECT

public:
    ModelFiles(Session& session, QWidget& window);

    void addTo(QMenu& menu);
    /// May the window close? Where something would be lost, a person is asked, once and in the window's own time;
    /// `closeRequested` is the answer that lets it go.
    bool mayClose();

Q_SIGNALS:
    void closeRequested();

private:
    void open();
    void save();
    QFileDialog* saveAs();
    void saveAndClose();
    void close();
    void buildRecent();
    void noteRecent(const ModelInfo& model);
    void offer(const LeftRun& run);

    Session& m_session;
    QWidget& m_window;
    QMenu* m_recent = nullptr;
    bool m_isSettled = false;  // nothing is to be asked any more
};

}  // namespace zwei
