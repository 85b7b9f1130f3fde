// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCoreApplication>
#include <QLocale>

#include "app/dataset_title.h"
#include "app/panels.h"
#include "app/session/session.h"
#include "app/wiring_parts.h"
#include "models/types/reconstruction.h"
#include "widgets/card_dock.h"
#include "widgets/cluster_view.h"
#include "widgets/decoded_panel.h"
#include "widgets/figures_panel.h"
#include "widgets/latent_grid_view.h"
#include "widgets/loss_view.h"
#include "widgets/properties_panel.h"
#include "widgets/reconstruction_tools.h"
#include "widgets/reconstruction_view.h"

namespace zwei {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("Wiring", text); }

/// The codes that are shown: what an index of a test image means.
using Shown = std::shared_ptr<MappedCodes>;

/// Is the model given labels, which the images at hand do not have?
bool lacksLabels(const Session& session) {
    return session.dataset() && takesLabels(session.model().recipe) && !session.dataset()->test.isLabelled();
}

QString missingLabels() { return tr("This model is given the label of each image, and these have none."); }

/// The images nearest to the cursor, or what it takes to see them.
void showNearest(const MappedCodes& mapped, const PointSnapshot& at, DecodedPanel& panel) {
    if (!mapped.images) return panel.setNearestNote(tr("Choose a data set above to see its images nearest to here."));
    if (at.nearest.empty()) return panel.setNearestNote(tr("Looking for the test images nearest to here."));
    std::vector<std::uint8_t> labels;
    if (!mapped.labels.empty())
        for (const int index : at.nearest) labels.push_back(mapped.labels[static_cast<std::size_t>(index)]);
    panel.setNearest(selectImages(*mapped.images, at.nearest), at.nearest, labels);
}

void connectCodes(Session& session, Panels& panels, const Shown& shown) {
    QObject::connect(&session, &Session::codesReady, panels.clusters, [&session, panels, shown](const auto& codes) {
        *shown = codes;
        QStringList names;
        if (session.dataset() && session.dataset()->name == codes.dataset.toStdString())
            for (const auto& name : session.dataset()->classNames) names += QString::fromStdString(name);
        panels.clusters->setClassNames(names);
        panels.clusters->setCodes(codes.flat, codes.labels, codes.images);
        panels.clustersDock->setExplanation(
            tr("%1 test images of %2").arg(QLocale().toString(codes.codes->count), datasetTitle(codes.dataset)));
    });
    QObject::connect(&session, &Session::modelReplaced, panels.clusters, [&session, panels, shown] {
        *shown = {};
        panels.decoded->setHasCode(hasCode(session.model().recipe));
        if (hasCode(session.model().recipe))
            return panels.clusters->clear(lacksLabels(session) ? missingLabels() : tr("Encoding the test images"));
        const auto why =
            tr("This network has skip connections around its middle: there is no code to map. Look at "
               "what it makes of the images below.");
        panels.clusters->clear(why);
        panels.clustersDock->setExplanation({});
        panels.grid->clear(why);
        panels.decoded->clear(tr("No code, and so nothing to decode"));
    });
}

void connectPoint(Session& session, Panels& panels, const Shown& shown) {
    QObject::connect(&session, &Session::pointReady, panels.decoded,
                     [panels, shown](const std::shared_ptr<const PointSnapshot>& at) {
                         panels.decoded->setPoint(*at);
                         showNearest(*shown, *at, *panels.decoded);
                     });
    QObject::connect(panels.decoded, &DecodedPanel::jitterChanged, &session, &Session::setJitter);
    // Figures of the set that the model was trained on, and so none beside the map of another one.
    const auto showFigures = [&session, panels, shown] {
        const bool isOther = shown->codes && shown->dataset != session.model().dataset;
        const auto& history = session.history();
        panels.decoded->setFigures(history.empty() || isOther ? std::nullopt : std::optional(history.back().test),
                                   isVariational(session.model().recipe));
    };
    QObject::connect(&session, &Session::historyChanged, panels.decoded, showFigures);
    QObject::connect(&session, &Session::codesReady, panels.decoded, showFigures);
}

void connectLoss(Session& session, Panels& panels) {
    QObject::connect(&session, &Session::historyChanged, panels.loss, [panels](const auto& history) {
        panels.loss->setHistory(history);
        if (history.empty()) panels.loss->clear(tr("Press Train: each epoch adds a point to this curve"));
    });
    QObject::connect(panels.loss, &LossView::explanationChanged, panels.lossDock, &CardDock::setExplanation);
}

void connectPicking(Session& session, Panels& panels, const Shown& shown) {
    const auto moveToImage = [&session, shown](int index) {
        if (!shown->codes || index >= shown->codes->count) return;
        if (!shown->labels.empty()) session.setLabel(shown->labels[static_cast<std::size_t>(index)]);
        const auto mean = shown->codes->mean(index);
        session.cursor().moveTo({mean.begin(), mean.end()});
    };
    QObject::connect(panels.decoded, &DecodedPanel::nearestPicked, &session, moveToImage);
    QObject::connect(panels.clusters, &ClusterView::imagePicked, &session, moveToImage);
    QObject::connect(panels.reconstructions, &ReconstructionView::imagePicked, &session,
                     [&session, shown, moveToImage](int index) {
                         const auto& data = session.dataset();
                         if (data && shown->dataset.toStdString() == data->name) moveToImage(index);
                     });
}

void connectReconstructions(Session& session, Panels& panels) {
    auto* view = panels.reconstructions;
    auto* tools = panels.reconstructionTools;
    QObject::connect(&session, &Session::reconstructionsReady, view, &ReconstructionView::setSnapshot);
    QObject::connect(view, &ReconstructionView::columnsChanged, &session, &Session::setReconstructionCount);
    session.setReconstructionCount(view->columns());
    QObject::connect(&session, &Session::modelReplaced, view, [&session, view] {
        view->clear(lacksLabels(session) ? missingLabels() : tr("Reconstructing the test images"));
    });
    QObject::connect(&session, &Session::datasetChanged, view, [&session, view] {
        if (lacksLabels(session)) view->clear(missingLabels());
    });
    QObject::connect(tools, &ReconstructionTools::otherImagesRequested, &session, &Session::drawOtherImages);
    QObject::connect(tools, &ReconstructionTools::noiseLevelChanged, &session, &Session::setNoiseLevel);
    QObject::connect(&session, &Session::noiseChanged, tools, &ReconstructionTools::setNoise);
}

void connectDream(Session& session, Panels& panels) {
    auto* view = panels.reconstructions;
    auto* tools = panels.reconstructionTools;
    const auto dreamt = std::make_shared<std::shared_ptr<const DreamSnapshot>>();
    const auto dream = [&session, view] {
        if (view->mode() == ReconstructionView::Mode::Dream) session.dream(view->dreamCapacity());
    };
    QObject::connect(tools, &ReconstructionTools::modeChosen, view, &ReconstructionView::setMode);
    const auto explain = [&session, panels] {
        const bool isDream = panels.reconstructions->mode() == ReconstructionView::Mode::Dream;
        const auto data = session.dataset() ? datasetTitle(QString::fromStdString(session.dataset()->name)) : QString();
        panels.reconstructionsDock->setExplanation(isDream          ? tr("digits that were never there")
                                                   : data.isEmpty() ? QString()
                                                                    : tr("test images of %1").arg(data));
    };
    QObject::connect(&session, &Session::datasetChanged, panels.reconstructionsDock, explain);
    QObject::connect(view, &ReconstructionView::modeChanged, tools,
                     [tools, dream, explain](ReconstructionView::Mode mode) {
                         tools->setMode(mode);
                         explain();
                         dream();
                     });
    QObject::connect(tools, &ReconstructionTools::dreamRequested, &session, dream);
    QObject::connect(view, &ReconstructionView::dreamCapacityChanged, &session, dream);
    QObject::connect(&session, &Session::modelReplaced, view, [&session, view, tools, dream] {
        const bool canDream = hasCode(session.model().recipe);
        tools->setDreamsOffered(canDream);
        if (canDream) return dream();
        view->setMode(ReconstructionView::Mode::Reconstructions);
    });
    // Dreams of a model that learns are those of its weights: each map that comes brings a new view of the same points.
    QObject::connect(&session, &Session::codesReady, view, [&session, view] {
        if (view->mode() == ReconstructionView::Mode::Dream) session.dreamAgain();
    });
    QObject::connect(&session, &Session::dreamReady, view, [view, dreamt](const auto& snapshot) {
        *dreamt = snapshot;
        view->setDream(snapshot);
    });
    QObject::connect(view, &ReconstructionView::dreamPicked, &session, [&session, dreamt](int index) {
        const auto at = static_cast<std::size_t>(index);
        if (!*dreamt || at >= (*dreamt)->codes.size()) return;
        if (!(*dreamt)->labels.empty()) session.setLabel((*dreamt)->labels[at]);
        session.cursor().moveTo((*dreamt)->codes[at]);
    });
}

}  // namespace

void connectViews(Session& session, Panels& panels) {
    const auto shown = std::make_shared<MappedCodes>();
    QObject::connect(&session, &Session::gridReady, panels.grid, &LatentGridView::setSnapshot);
    connectCodes(session, panels, shown);
    connectPoint(session, panels, shown);
    connectLoss(session, panels);
    connectPicking(session, panels, shown);
    connectReconstructions(session, panels);
    connectDream(session, panels);
}

void connectMeasuring(Session& session, Panels& panels) {
    auto* figures = panels.figures;
    auto* properties = panels.properties;
    QObject::connect(figures, &FiguresPanel::measureRequested, &session, [&session, figures] {
        session.measureFigures();
        if (session.isMeasuring()) figures->setBusy(0);
    });
    QObject::connect(figures, &FiguresPanel::cancelRequested, &session, &Session::cancelMeasuring);
    QObject::connect(&session, &Session::figuresProgressed, figures, [&session, figures](double share) {
        if (session.isMeasuring()) figures->setBusy(share);
    });
    QObject::connect(&session, &Session::figuresReady, figures, [figures](Figures measured) {
        measured.data = datasetTitle(QString::fromStdString(measured.data)).toStdString();
        figures->setFigures(measured);
    });
    QObject::connect(properties, &PropertiesPanel::measureRequested, &session, [&session, properties] {
        session.measureProperties();
        properties->setBusy(session.isMeasuring());
    });
    QObject::connect(&session, &Session::propertiesReady, properties, [properties](PropertiesSnapshot measured) {
        for (auto* name : {&measured.data, &measured.otherData})
            if (!name->empty()) *name = datasetTitle(QString::fromStdString(*name)).toStdString();
        properties->setProperties(measured);
    });
    QObject::connect(properties, &PropertiesPanel::labelsShownChanged, panels.clusters, &ClusterView::setLabelsShown);
    QObject::connect(&session, &Session::measuringEnded, figures, [figures, properties] {
        figures->setIdle();
        properties->setBusy(false);
    });
    // What was measured belongs to weights that are no longer shown.
    const auto forget = [figures, properties] {
        figures->setFigures(std::nullopt);
        properties->setProperties(std::nullopt);
    };
    QObject::connect(&session, &Session::modelReplaced, figures, forget);
    QObject::connect(&session, &Session::historyChanged, figures, forget);
    QObject::connect(&session, &Session::weightsChanged, figures, forget);
}

}  // namespace zwei
