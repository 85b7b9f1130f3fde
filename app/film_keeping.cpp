// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/film_keeping.h"

#include <QAction>
#include <QFileDialog>
#include <algorithm>
#include <utility>

#include "app/file_dialogs.h"
#include "app/session/session.h"

namespace zwei {

FilmKeeping::FilmKeeping(Session& session, QWidget& window)
    : m_session(session), m_window(window), m_save(new QAction(tr("Save the film of this run…"), this)) {
    m_clock.start();
    m_save->setEnabled(false);
    connect(m_save, &QAction::triggered, this, &FilmKeeping::saveAs);
    connect(&session, &Session::runEnded, this, [this] { m_isEnding = true; });
    connect(&session, &Session::modelReplaced, this, [this] {
        if (std::exchange(m_modelNumber, m_session.modelNumber()) == m_session.modelNumber()) return;
        m_film.clear();
        m_isEnding = false;
        m_save->setEnabled(false);
    });
    connect(&session, &Session::gridReady, this,
            [this](const std::shared_ptr<const GridSnapshot>& grid) { take(*grid); });
}

/// What a person makes of the grid between runs is no part of one, but for the first grid after it.
void FilmKeeping::take(const GridSnapshot& grid) {
    const auto done = static_cast<int>(m_session.history().size());
    if (m_session.state() == RunState::Running)
        m_film.take(grid, tr("epoch %1").arg(std::min(done + 1, m_session.recipe().epochs)), m_clock.elapsed());
    else if (std::exchange(m_isEnding, false))
        m_film.add(grid, tr("epoch %1").arg(done));
    m_save->setEnabled(!m_film.frames().empty());
}

QFileDialog* FilmKeeping::saveAs() {
    auto* dialog = askWhereToSave(&m_window, tr("Save the film of this run"),
                                  {{tr("Animation"), QStringLiteral("gif")}, {tr("Folder of frames"), {}}}, tr("run"));
    connect(dialog, &QFileDialog::fileSelected, this, &FilmKeeping::save);
    return dialog;
}

/// Aside: to pack a hundred pictures takes a second.
void FilmKeeping::save(const QString& path) {
    m_pool.start([this, path, frames = m_film.frames()] {
        const auto written = writeFilm(frames, path.toStdString());
        QMetaObject::invokeMethod(this, [this, path, written] {
            if (written)
                Q_EMIT done(tr("Saved %1").arg(path));
            else
                Q_EMIT failed(QString::fromStdString(written.error()));
        });
    });
}

}  // namespace zwei
