// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/film_keeping.h"

#include <QAction>
#include <QFileDialog>
#include <utility>

#include "app/file_dialogs.h"
#include "app/session/session.h"

namespace zwei {

FilmKeeping::FilmKeeping(Session& session, QWidget& window)
    : m_session(session), m_window(window), m_save(new QAction(tr("Save the film of this run…"), this)) {
    m_clock.start();
    m_save->setEnabled(false);
    connect(m_save, &QAction::triggered, this, &FilmKeeping::saveAs);
    connect(&session, &Session::progressed, this,
            [this](const TrainingProgress& progress) { m_epoch = progress.epoch; });
    connect(&session, &Session::modelReplaced, this, [this] {
        if (std::exchange(m_modelNumber, m_session.modelNumber()) == m_session.modelNumber()) return;
        m_film.clear();
        m_save->setEnabled(false);
    });
    connect(&session, &Session::gridReady, this,
            [this](const std::shared_ptr<const GridSnapshot>& grid) { take(*grid); });
}

/// What a person makes of the grid between runs is no part of one.
void FilmKeeping::take(const GridSnapshot& grid) {
    if (m_session.state() != RunState::Running) return;
    const int epoch = std::min(m_epoch + 1, m_session.recipe().epochs);
    m_film.take(grid, tr("epoch %1").arg(epoch), m_clock.elapsed());
    m_save->setEnabled(true);
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
