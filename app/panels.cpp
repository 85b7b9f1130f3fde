// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels.h"

#include <QCoreApplication>
#include <QMainWindow>
#include <QStatusBar>
#include <QVBoxLayout>
#include <algorithm>

#include "models/types/presets.h"
#include "widgets/bench_noise.h"
#include "widgets/bench_panel.h"
#include "widgets/card_dock.h"
#include "widgets/cluster_view.h"
#include "widgets/decoded_panel.h"
#include "widgets/drawing/theme.h"
#include "widgets/figures_panel.h"
#include "widgets/grid_tools.h"
#include "widgets/latent_grid_view.h"
#include "widgets/loss_view.h"
#include "widgets/properties_panel.h"
#include "widgets/reconstruction_tools.h"
#include "widgets/reconstruction_view.h"
#include "widgets/settings_panel.h"
#include "widgets/training_controls.h"

namespace zwei {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("Panels", text); }

TrainingControls* makeBar(QMainWindow& window) {
    auto* bar = new TrainingControls;
    QStringList ids, titles;
    for (const auto& preset : presets()) {
        ids += QString::fromUtf8(preset.id);
        titles += QString::fromUtf8(preset.title);
    }
    bar->setPresets(ids, titles);
    auto* top = new QWidget(&window);
    auto* column = new QVBoxLayout(top);
    column->setContentsMargins(0, 0, 0, 2 * kSpace);
    column->addWidget(bar);
    window.setMenuWidget(top);
    return bar;
}

int menuAndStatusHeight(const QMainWindow& window) {
    return window.menuWidget()->height() + window.findChild<QStatusBar*>()->height();
}

void say(Panels& panels) {
    panels.grid->clear(tr("Loading the model that ships with Zwei"));
    panels.clusters->clear(tr("One point for each test image appears here as soon as there is a model"));
    panels.decoded->clear(tr("What the decoder makes of the cursor's point appears here"));
    panels.decoded->setNearestNote(tr("The test images nearest to the cursor appear here."));
    panels.reconstructions->clear(tr("Test images and what the model makes of them appear here"));
    panels.loss->clear(tr("Press Train: each epoch adds a point to this curve"));
}

}  // namespace

Panels::Panels(QMainWindow& window)
    : bar(makeBar(window)),
      settings(new SettingsPanel),
      grid(new LatentGridView),
      gridTools(new GridTools),
      clusters(new ClusterView),
      decoded(new DecodedPanel),
      reconstructions(new ReconstructionView),
      reconstructionTools(new ReconstructionTools),
      bench(new BenchPanel),
      benchNoise(new BenchNoise),
      loss(new LossView),
      figures(new FiguresPanel),
      properties(new PropertiesPanel),
      settingsDock(new CardDock(QStringLiteral("settings"), tr("Settings"), settings, &window)),
      gridDock(new CardDock(QStringLiteral("grid"), tr("Latent grid"), grid, &window)),
      clustersDock(new CardDock(QStringLiteral("clusters"), tr("Clusters"), clusters, &window)),
      decodedDock(new CardDock(QStringLiteral("decoded"), tr("Decoded here"), decoded, &window)),
      reconstructionsDock(
          new CardDock(QStringLiteral("reconstructions"), tr("Live reconstructions"), reconstructions, &window)),
      benchDock(new CardDock(QStringLiteral("bench"), tr("Images"), bench, &window)),
      lossDock(new CardDock(QStringLiteral("loss"), tr("Loss"), loss, &window)),
      figuresDock(new CardDock(QStringLiteral("figures"), tr("Figures"), figures, &window)),
      propertiesDock(new CardDock(QStringLiteral("properties"), tr("Properties"), properties, &window)),
      docks{settingsDock, gridDock, clustersDock, decodedDock,   reconstructionsDock,
            benchDock,    lossDock, figuresDock,  propertiesDock} {
    for (auto* view : QList<QWidget*>{grid, clusters})
        view->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    gridDock->addTool(gridTools);
    reconstructionsDock->addTool(reconstructionTools);
    benchDock->addTool(benchNoise);
    lossDock->setExplanation(loss->explanation());
    lossDock->addTool(loss->tools());
    gridTools->setSide(grid->side());
    gridTools->setArea(grid->area());
    say(*this);
}

void Panels::layOut(QMainWindow& window) const {
    for (auto* dock : docks) {
        dock->setFloating(false);
        dock->show();
    }
    window.addDockWidget(Qt::TopDockWidgetArea, settingsDock);
    window.splitDockWidget(settingsDock, gridDock, Qt::Horizontal);
    window.splitDockWidget(gridDock, clustersDock, Qt::Horizontal);
    window.splitDockWidget(clustersDock, decodedDock, Qt::Horizontal);
    window.addDockWidget(Qt::BottomDockWidgetArea, reconstructionsDock);
    window.splitDockWidget(reconstructionsDock, lossDock, Qt::Horizontal);
    window.tabifyDockWidget(reconstructionsDock, benchDock);
    window.tabifyDockWidget(lossDock, figuresDock);
    window.tabifyDockWidget(figuresDock, propertiesDock);
    lossDock->raise();
    reconstructionsDock->raise();
}

void Panels::resize(QMainWindow& window) const {
    constexpr int kGap = 8;
    const bool isNarrow = window.width() < 1200;
    const int settingsWidth = isNarrow ? 204 : 216;
    const int decodedWidth = isNarrow ? 212 : 252 + std::max(0, (window.width() - 1280) / 8);
    const int map = (window.width() - settingsWidth - decodedWidth - 5 * kGap) / 2;
    window.resizeDocks({settingsDock, gridDock, clustersDock, decodedDock}, {settingsWidth, map, map, decodedWidth},
                       Qt::Horizontal);
    const int bottom = std::clamp(window.height() * 236 / 800, 196, 320);
    const int top = window.height() - bottom - menuAndStatusHeight(window) - kGap;
    window.resizeDocks({settingsDock, reconstructionsDock}, {top, bottom}, Qt::Vertical);
    const int curve = std::max(300, window.width() * 32 / 100);
    window.resizeDocks({reconstructionsDock, lossDock}, {window.width() - 3 * kGap - curve, curve}, Qt::Horizontal);
}

}  // namespace zwei
