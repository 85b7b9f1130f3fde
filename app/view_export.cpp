// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/view_export.h"

#include <QAction>
#include <QActionGroup>
#include <QFileDialog>
#include <QMenu>
#include <QPainter>
#include <QSettings>

#include "app/file_dialogs.h"
#include "app/session/picture_file.h"
#include "widgets/card_dock.h"
#include "widgets/drawing/theme.h"

namespace zwei {
namespace {

const QString kScaleKey = QStringLiteral("pictureScale");

/// The card without its title, as it is on the screen.
Picture pictureOf(QWidget& content) {
    return {content.size(), Theme::current().card,
            [&content](QPainter& painter, int) { content.render(&painter, {}, {}, QWidget::DrawChildren); }};
}

}  // namespace

ViewExport::ViewExport(const QList<CardDock*>& docks, QObject* parent)
    : QObject(parent), m_docks(docks), m_scale(QSettings().value(kScaleKey, 2).toInt()) {
    if (m_scale < 1 || m_scale > kMostScale) m_scale = 2;
    for (auto* dock : m_docks) {
        auto* title = dock->titleBarWidget();
        auto* action = new QAction(tr("Save this view…"), title);
        connect(action, &QAction::triggered, this, [this, dock] { saveAs(*dock); });
        title->addAction(action);
        title->setContextMenuPolicy(Qt::ActionsContextMenu);
    }
}

void ViewExport::fillMenu(QMenu& menu) {
    for (auto* dock : m_docks) {
        auto* action = menu.addAction(tr("%1…").arg(dock->windowTitle()), this, [this, dock] { saveAs(*dock); });
        connect(&menu, &QMenu::aboutToShow, action, [action, dock] { action->setEnabled(!dock->isHidden()); });
    }
    menu.addSection(tr("PNG"));
    auto* group = new QActionGroup(&menu);
    for (const int scale : {1, 2, 4}) {
        auto* action = menu.addAction(tr("at %1×").arg(scale), this, [this, scale] { setScale(scale); });
        action->setCheckable(true);
        action->setChecked(scale == m_scale);
        group->addAction(action);
    }
}

void ViewExport::setScale(int scale) {
    m_scale = scale;
    QSettings().setValue(kScaleKey, scale);
}

QFileDialog* ViewExport::saveAs(CardDock& dock) {
    auto* dialog = askWhereToSave(dock.window(), tr("Save a view: %1").arg(dock.windowTitle()),
                                  {{tr("Pixels"), QStringLiteral("png")},
                                   {tr("Vectors"), QStringLiteral("svg")},
                                   {tr("Page"), QStringLiteral("pdf")}},
                                  dock.windowTitle().toLower().replace(QLatin1Char(' '), QLatin1Char('-')));
    connect(dialog, &QFileDialog::fileSelected, this, [this, &dock](const QString& file) { save(dock, file); });
    return dialog;
}

void ViewExport::save(CardDock& dock, const QString& file) {
    const auto written = writePicture(pictureOf(*dock.widget()), file.toStdString(), m_scale);
    if (written)
        Q_EMIT done(tr("Saved %1").arg(file));
    else
        Q_EMIT failed(QString::fromStdString(written.error()));
}

}  // namespace zwei
