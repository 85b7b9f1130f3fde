// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/wiring.h"

#include <QCoreApplication>
#include <QLocale>
#include <QToolButton>

#include "app/dataset_title.h"
#include "app/panels.h"
#include "app/session/session.h"
#include "models/types/presets.h"
#include "models/types/reconstruction.h"
#include "widgets/card_dock.h"
#include "widgets/cluster_view.h"
#include "widgets/decoded_panel.h"
#include "widgets/grid_tools.h"
#include "widgets/latent_grid_view.h"
#include "widgets/latent_sliders.h"
#include "widgets/loss_view.h"
#include "widgets/reconstruction_view.h"
#include "widgets/settings_panel.h"
#include "widgets/training_controls.h"

namespace zwei {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("Wiring", text); }

std::vector<double> point(QPointF z) { return {z.x(), z.y()}; }

void connectCursor(Session& session, Panels& panels) {
    auto& cursor = session.cursor();
    const auto show = [panels](const std::vector<double>& z) {
        const QPointF inPlane(z.front(), z.size() > 1 ? z[1] : 0);
        panels.grid->setLatentCursor(inPlane);
        panels.clusters->setLatentCursor(inPlane);
        panels.decoded->sliders()->setValues(z);
    };
    QObject::connect(&cursor, &LatentCursor::moved, panels.grid, show);
    show(cursor.position());
    QObject::connect(panels.decoded->sliders(), &LatentSliders::valuesEdited, &cursor, &LatentCursor::moveTo);
    const auto moveTo = [&cursor](QPointF z) { cursor.moveTo(point(z)); };
    QObject::connect(panels.grid, &LatentGridView::cursorPicked, &cursor, moveTo);
    QObject::connect(panels.clusters, &ClusterView::cursorPicked, &cursor, moveTo);
}

void connectPlane(Session& session, Panels& panels) {
    auto* tools = panels.gridTools;
    auto* grid = panels.grid;
    auto* clusters = panels.clusters;
    const auto showArea = [panels] {
        panels.gridTools->setArea(panels.grid->area());
        panels.gridTools->setSide(panels.grid->side());
        panels.gridTools->setSpacing(panels.grid->spacing());
        panels.gridDock->setExplanation(tr("%1 × %1 decoded").arg(panels.grid->side()));
        if (panels.gridTools->isLinked()) panels.clusters->setArea(panels.grid->area());
    };
    QObject::connect(grid, &LatentGridView::requestChanged, &session, &Session::setGrid);
    QObject::connect(grid, &LatentGridView::requestChanged, tools, showArea);
    QObject::connect(clusters, &ClusterView::areaChanged, tools, [tools, grid](const LatentRect& area) {
        if (tools->isLinked()) grid->setArea(area);
    });
    QObject::connect(tools, &GridTools::sideChosen, grid, &LatentGridView::setSide);
    QObject::connect(tools, &GridTools::rangeChosen, grid, [grid](double range) {
        grid->setSpacing(GridSpacing::Even);
        grid->setArea({-range, -range, range, range});
    });
    QObject::connect(tools, &GridTools::quantilesChosen, grid,
                     [grid] { grid->setSpacing(GridSpacing::GaussianQuantiles); });
    QObject::connect(tools, &GridTools::linkToggled, grid, showArea);
    session.setGrid(grid->request());
    showArea();
}

/// The images nearest to the cursor, or what it takes to see them.
void showNearest(const MappedCodes& mapped, const PointSnapshot& at, DecodedPanel& panel) {
    if (!mapped.images) return panel.setNearestNote(tr("Choose a data set above to see its images nearest to here."));
    if (at.nearest.empty()) return panel.setNearestNote(tr("Looking for the test images nearest to here."));
    std::vector<std::uint8_t> labels;
    if (!mapped.labels.empty())
        for (const int index : at.nearest) labels.push_back(mapped.labels[static_cast<std::size_t>(index)]);
    panel.setNearest(selectImages(*mapped.images, at.nearest), at.nearest, labels);
}

void connectViews(Session& session, Panels& panels) {
    // The last codes that were shown: what an index of a test image means.
    const auto mapped = std::make_shared<MappedCodes>();
    QObject::connect(&session, &Session::gridReady, panels.grid, &LatentGridView::setSnapshot);
    QObject::connect(&session, &Session::reconstructionsReady, panels.reconstructions,
                     &ReconstructionView::setSnapshot);
    QObject::connect(&session, &Session::codesReady, panels.clusters, [panels, mapped](const MappedCodes& codes) {
        *mapped = codes;
        panels.clusters->setCodes(codes.codes, codes.labels, codes.images);
        panels.clustersDock->setExplanation(
            tr("%1 test images of %2").arg(QLocale().toString(codes.codes->count), datasetTitle(codes.dataset)));
    });
    QObject::connect(&session, &Session::pointReady, panels.decoded,
                     [panels, mapped](const std::shared_ptr<const PointSnapshot>& at) {
                         panels.decoded->setPoint(*at);
                         showNearest(*mapped, *at, *panels.decoded);
                     });
    QObject::connect(&session, &Session::modelReplaced, panels.clusters, [panels, mapped] {
        *mapped = {};
        panels.clusters->clear(tr("Encoding the test images"));
    });
    // Figures of the set that the model was trained on, and so none beside the map of another one.
    const auto showFigures = [&session, panels, mapped] {
        const bool isOther = mapped->codes && mapped->dataset != session.model().dataset;
        const auto& history = session.history();
        panels.decoded->setFigures(history.empty() || isOther ? std::nullopt : std::optional(history.back().test));
    };
    QObject::connect(&session, &Session::historyChanged, panels.decoded, showFigures);
    QObject::connect(&session, &Session::codesReady, panels.decoded, showFigures);
    QObject::connect(&session, &Session::historyChanged, panels.loss, [panels](const auto& history) {
        panels.loss->setHistory(history);
        if (history.empty()) panels.loss->clear(tr("Press Train: each epoch adds a point to this curve"));
    });
    const auto moveToImage = [&session, mapped](int index) {
        if (!mapped->codes || index >= mapped->codes->count) return;
        const auto mean = mapped->codes->mean(index);
        session.cursor().moveTo({mean.begin(), mean.end()});
    };
    QObject::connect(panels.decoded, &DecodedPanel::nearestPicked, &session, moveToImage);
    QObject::connect(panels.clusters, &ClusterView::imagePicked, &session, moveToImage);
    QObject::connect(panels.reconstructions, &ReconstructionView::imagePicked, &session,
                     [&session, mapped, moveToImage](int index) {
                         const auto& data = session.dataset();
                         if (data && mapped->dataset.toStdString() == data->name) moveToImage(index);
                     });
    QObject::connect(panels.reconstructions, &ReconstructionView::columnsChanged, &session,
                     &Session::setReconstructionCount);
    session.setReconstructionCount(panels.reconstructions->columns());
    QObject::connect(panels.otherImages, &QToolButton::clicked, &session, &Session::drawOtherImages);
}

QString presetOf(const Recipe& recipe) {
    for (const auto& preset : presets()) {
        auto same = preset.recipe;
        same.beta = recipe.beta;  // the bar shows it beside the preset
        same.seed = recipe.seed;
        if (same == recipe) return QString::fromUtf8(preset.id);
    }
    return {};
}

void connectRecipe(Session& session, Panels& panels) {
    const auto show = [panels](const Recipe& recipe) {
        panels.settings->setRecipe(recipe);
        panels.bar->setPreset(presetOf(recipe));
        panels.bar->setBeta(recipe.beta);
    };
    QObject::connect(&session, &Session::recipeChanged, panels.bar, show);
    show(session.recipe());
    QObject::connect(panels.settings, &SettingsPanel::recipeEdited, &session, [&session](Recipe recipe) {
        recipe.beta = session.recipe().beta;  // which is the bar's
        session.setRecipe(recipe);
    });
    QObject::connect(panels.bar, &TrainingControls::betaChanged, &session, &Session::setBeta);
    QObject::connect(panels.bar, &TrainingControls::presetChosen, &session, [&session](const QString& id) {
        auto recipe = presetRecipe(id.toStdString()).value_or(session.recipe());
        recipe.beta = session.recipe().beta;
        recipe.seed = session.recipe().seed;
        session.setRecipe(recipe);
    });
}

void connectRun(Session& session, Panels& panels) {
    auto* bar = panels.bar;
    // By a key or the menu, a run may start while a value is still being typed.
    const auto afterTyping = [&session, settings = panels.settings](void (Session::*act)()) {
        return [&session, settings, act] {
            settings->commit();
            (session.*act)();
        };
    };
    QObject::connect(bar, &TrainingControls::trainRequested, &session, afterTyping(&Session::train));
    QObject::connect(bar, &TrainingControls::resumeRequested, &session, &Session::train);
    QObject::connect(bar, &TrainingControls::pauseRequested, &session, &Session::pause);
    QObject::connect(bar, &TrainingControls::stepRequested, &session, afterTyping(&Session::step));
    QObject::connect(bar, &TrainingControls::resetRequested, &session, &Session::reset);
    QObject::connect(bar, &TrainingControls::datasetChosen, &session, &Session::selectDataset);
    QObject::connect(&session, &Session::progressed, bar, &TrainingControls::setProgress);
    QObject::connect(&session, &Session::stateChanged, bar, [panels](RunState state) {
        panels.bar->setRunState(state);
        panels.settings->setRunning(state != RunState::Idle);
        if (state == RunState::Idle) panels.bar->setMessage(tr("stopped"));
    });
    QObject::connect(&session, &Session::wasReset, bar, [bar] { bar->setMessage(tr("initial weights")); });
    QObject::connect(&session, &Session::modelReplaced, bar, [bar, &session] {
        if (session.state() == RunState::Idle) bar->setMessage(tr("ready"));
    });
    QObject::connect(&session, &Session::runEnded, bar, [bar](StopReason reason) {
        bar->setMessage(reason == StopReason::EarlyStopped ? tr("stopped early: no better for a while")
                                                           : tr("trained"));
    });
}

QString choiceTitle(const DatasetLocation& set) {
    const QString title = datasetTitle(QString::fromStdString(set.name));
    return set.hasTrain ? title : tr("%1 (test only)").arg(title);
}

void connectDatasets(Session& session, Panels& panels) {
    QObject::connect(&session, &Session::datasetsFound, panels.bar,
                     [panels](const std::vector<DatasetLocation>& found) {
                         QStringList ids, titles;
                         for (const auto& set : found) {
                             ids += QString::fromStdString(set.name);
                             titles += choiceTitle(set);
                         }
                         panels.bar->setDatasets(ids, titles);
                     });
    QObject::connect(&session, &Session::datasetLoading, panels.bar, [panels](const QString& name) {
        panels.bar->setDataset(name);
        panels.bar->setMessage(tr("loading %1").arg(datasetTitle(name)));
    });
    QObject::connect(&session, &Session::datasetChanged, panels.bar, [panels](const DatasetPtr& data) {
        const auto name = QString::fromStdString(data->name);
        panels.bar->setDataset(name);
        panels.bar->setMessage(tr("ready"));
        panels.reconstructionsDock->setExplanation(tr("test images of %1").arg(datasetTitle(name)));
    });
}

}  // namespace

void connectPanels(Session& session, Panels& panels) {
    connectCursor(session, panels);
    connectPlane(session, panels);
    connectViews(session, panels);
    connectRecipe(session, panels);
    connectRun(session, panels);
    connectDatasets(session, panels);
}

}  // namespace zwei
