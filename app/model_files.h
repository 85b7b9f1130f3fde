// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <functional>

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
    /// Another model in place of the one in force; where that is not saved, a person is asked first.
    void openModel(const QString& file);
    void openTrainedModel(const QString& id);
    /// A reset or a new run, which ends what the model in force has learnt; a person is asked where that took more than
    /// a minute and is not saved.
    void beginAnew(const std::function<void()>& begin);
    /// May the window close? Where something would be lost, a person is asked, once and in the window's own time;
    /// `closeRequested` is the answer that lets it go.
    bool mayClose();

Q_SIGNALS:
    void closeRequested();

private:
    void open();
    void save();
    void saveAs();
    QFileDialog* saveDialog();
    void ask(const QString& title, const QString& text, const QString& without, const std::function<void()>& go);
    void saveAndGo(const std::function<void()>& go);
    void replaceBy(const std::function<void()>& open);
    void buildRecent();
    void noteRecent(const ModelInfo& model);
    void offer(const LeftRun& run);

    Session& m_session;
    QWidget& m_window;
    QMenu* m_recent = nullptr;
    bool m_isSettled = false;  // nothing is to be asked any more
};

}  // namespace zwei
