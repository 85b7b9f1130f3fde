// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QThreadPool>

#include "app/session/run_film.h"

class QAction;
class QFileDialog;
class QWidget;

namespace zwei {

class Session;

/// Keeps pictures of the latent grid while a run goes on, and saves them as a film. A new model begins a new film.
class FilmKeeping : public QObject {
    Q_OBJECT

public:
    FilmKeeping(Session& session, QWidget& window);

    QAction* saveAction() const { return m_save; }
    const RunFilm& film() const { return m_film; }

    QFileDialog* saveAs();
    /// A file.gif, or a folder for the frames; ends with `done` or `failed`.
    void save(const QString& path);

Q_SIGNALS:
    void done(const QString& sentence);
    void failed(const QString& sentence);

private:
    void take(const GridSnapshot& grid);

    Session& m_session;
    QWidget& m_window;
    RunFilm m_film;
    QElapsedTimer m_clock;
    QAction* m_save;
    bool m_isEnding = false;  // the next grid is that of its last weights
    int m_modelNumber = 0;    // whose film it is
    QThreadPool m_pool;       // its end waits for what is being written
};

}  // namespace zwei
