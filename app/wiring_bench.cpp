// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/wiring_bench.h"

#include <QCoreApplication>
#include <QFileDialog>
#include <memory>

#include "app/panels.h"
#include "app/session/image_bench.h"
#include "app/session/image_intake.h"
#include "app/session/session.h"
#include "widgets/bench_noise.h"
#include "widgets/bench_panel.h"
#include "widgets/card_dock.h"
#include "widgets/cluster_view.h"
#include "widgets/latent_grid_view.h"

namespace zwei {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("Bench", text); }

LatentTrail trailOf(const LatentWay& way, const MapPlane& plane) {
    LatentTrail trail;
    const auto at = [&plane](const std::vector<double>& z) {
        const auto flat = plane.project(z);
        return QPointF(flat[0], flat[1]);
    };
    const auto mark = [&at](const std::vector<double>& z) { return z.empty() ? std::nullopt : std::optional(at(z)); };
    trail.clean = mark(way.clean);
    trail.noisy = mark(way.noisy);
    trail.denoised = mark(way.denoised);
    for (const auto& step : way.steps) trail.steps.push_back(at(step.z));
    if (way.deviations.empty()) return trail;
    LatentTrail::Spread spread;
    for (std::size_t d = 0; d < way.deviations.size(); ++d) {
        const double variance = way.deviations[d] * way.deviations[d];
        spread.varianceX += variance * plane.right[d] * plane.right[d];
        spread.varianceY += variance * plane.up[d] * plane.up[d];
        spread.covariance += variance * plane.right[d] * plane.up[d];
    }
    trail.spread = spread;
    return trail;
}

/// Why there is no way to be seen.
QString whyNoWay(const Session& session) {
    if (!session.weights()) return tr("There is no model yet.");
    if (session.model().recipe.input == Input::Small) return tr("A model that enlarges has no place for this image.");
    if (!hasCode(session.model().recipe))
        return tr("This network has skip connections, and no code: there is no latent space to go through.");
    return tr("Draw a digit at the left, or drop, paste or open an image of one.");
}

void connectSource(ImageBench& bench, ImageIntake& intake, Panels& panels) {
    auto* panel = panels.bench;
    // A drawing is a new image when it is turned to, and the same one while it goes on.
    const auto isDrawingOnBench = std::make_shared<bool>(false);
    const auto image = std::make_shared<QImage>();
    const auto show = [&bench, panel, image, isDrawingOnBench] {
        *isDrawingOnBench = panel->source() == BenchPanel::Source::Drawing;
        bench.setFraming(*isDrawingOnBench ? Framing::Digits : panel->framing());
        if (*isDrawingOnBench)
            bench.setImage(panel->drawing(), InkTone::Light);
        else
            bench.setImage(*image);
    };
    QObject::connect(panel, &BenchPanel::sourceChanged, &bench, show);
    QObject::connect(panel, &BenchPanel::drawn, &bench, [&bench, panel, show, isDrawingOnBench] {
        if (*isDrawingOnBench) return bench.updateImage(panel->drawing());
        if (panel->source() == BenchPanel::Source::Drawing) show();
    });
    QObject::connect(&intake, &ImageIntake::imageRead, panel,
                     [panels, panel, show, image, &intake](const QImage& read, const QString& name) {
                         *image = read;
                         panel->showPage(read, name);
                         panel->setPosition(intake.index(), intake.count());
                         panels.benchDock->show();
                         panels.benchDock->raise();
                         show();
                     });
    QObject::connect(&intake, &ImageIntake::told, panel, [panels](const QString& sentence) {
        panels.benchDock->show();
        panels.benchDock->raise();
        panels.bench->tell(sentence);
    });
    QObject::connect(panel, &BenchPanel::goRequested, &intake, &ImageIntake::go);
    QObject::connect(panel, &BenchPanel::openRequested, panel, [panel, &intake] {
        auto* dialog = new QFileDialog(panel, tr("Open images"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFiles);
        QObject::connect(dialog, &QFileDialog::filesSelected, &intake, &ImageIntake::open);
        dialog->open();
    });
}

void connectWishes(ImageBench& bench, Panels& panels) {
    auto* panel = panels.bench;
    QObject::connect(panel, &BenchPanel::framingChosen, &bench, [&bench](Framing framing) {
        bench.setBoxes(std::nullopt);
        bench.setFraming(framing);
    });
    QObject::connect(panel, &BenchPanel::boxesEdited, &bench,
                     [&bench](const std::vector<Box>& boxes) { bench.setBoxes(boxes); });
    QObject::connect(panel, &BenchPanel::boxesForgotten, &bench, [&bench] {
        bench.setBoxes(std::nullopt);
        bench.setFraming(Framing::Digits);
    });
    QObject::connect(panel, &BenchPanel::currentChanged, &bench, &ImageBench::setCurrent);
    QObject::connect(panel, &BenchPanel::searchRequested, &bench, [&bench, panel] {
        panel->setSearching(true);
        bench.search();
    });
    QObject::connect(panel, &BenchPanel::stopRequested, &bench, &ImageBench::stopSearch);
    QObject::connect(panels.benchNoise, &BenchNoise::edited, &bench, &ImageBench::setNoise);
    // The page at full size is made when it is looked at.
    const auto requestInPlace = [&bench, panel] {
        if (panel->shown() == BenchPanel::Shown::InPlace && panel->isVisible())
            bench.requestPutBack(panel->inPlaceRestorer());
    };
    QObject::connect(panel, &BenchPanel::shownChanged, &bench, requestInPlace);
    QObject::connect(panel, &BenchPanel::shownChanged, &bench,
                     [&bench, panel] { bench.setEnlarging(panel->shown() == BenchPanel::Shown::Enlarged); });
    QObject::connect(&bench, &ImageBench::restored, panel, requestInPlace);
}

void connectAnswers(ImageBench& bench, Panels& panels) {
    auto* panel = panels.bench;
    QObject::connect(&bench, &ImageBench::pageReady, panel, [panels](const std::shared_ptr<const BenchPage>& page) {
        panels.bench->setNormalised(page->page, page->framing);
        const auto count = page->page.digits.count;
        const auto digits = count == 1 ? tr("one digit") : tr("%1 digits").arg(count);
        const bool isNamed = panels.bench->source() == BenchPanel::Source::Page && !panels.bench->pageName().isEmpty();
        panels.benchDock->setExplanation(isNamed ? tr("%1 on %2").arg(digits, panels.bench->pageName()) : digits);
    });
    QObject::connect(&bench, &ImageBench::restored, panel, &BenchPanel::setRestored);
    QObject::connect(&bench, &ImageBench::enlarged, panel, &BenchPanel::setEnlarged);
    QObject::connect(&bench, &ImageBench::putBack, panel, &BenchPanel::setInPlace);
    QObject::connect(&bench, &ImageBench::failed, panel, &BenchPanel::tell);
}

void connectModel(Session& session, ImageBench& bench, Panels& panels) {
    QObject::connect(&session, &Session::modelReplaced, &bench,
                     [&session, &bench] { bench.setModel(session.model().recipe, session.weights()); });
    QObject::connect(&session, &Session::modelChanged, panels.bench,
                     [panels](const ModelInfo& model) { panels.bench->setModelName(model.name); });
    // A bench that nobody sees costs a training nothing.
    QObject::connect(&session, &Session::weightsChanged, &bench, [&session, &bench, panels] {
        if (panels.bench->isVisible()) bench.setWeights(session.weights());
    });
    QObject::connect(panels.benchDock, &QDockWidget::visibilityChanged, &bench, [&session, &bench](bool isVisible) {
        if (isVisible && session.weights()) bench.setWeights(session.weights());
    });
    QObject::connect(&session, &Session::labelChanged, &bench, &ImageBench::setLabel);
    QObject::connect(&session, &Session::datasetChanged, &bench, [&bench, panels](const DatasetPtr& known) {
        QStringList names;
        for (const auto& name : known->classNames) names += QString::fromStdString(name);
        panels.bench->setClassNames(names);
        bench.setKnown(known);
    });
}

/// The cursor goes to the image's code when the image changes, and with it as long as nobody moves it elsewhere.
void connectWay(Session& session, ImageBench& bench, Panels& panels) {
    const auto shown = std::make_shared<std::shared_ptr<const LatentWay>>();
    const auto follows = std::make_shared<bool>(false);
    const auto moves = std::make_shared<bool>(false);
    const auto showTrail = [&session, panels, shown] {
        const bool isSeen = *shown && panels.bench->isVisible() &&
                            static_cast<int>((*shown)->clean.size()) == session.model().recipe.latentSize;
        const auto trail = isSeen ? trailOf(**shown, session.plane()) : LatentTrail();
        panels.grid->setTrail(trail);
        panels.clusters->setTrail(trail);
    };
    QObject::connect(&bench, &ImageBench::wayChanged, &session,
                     [&session, panels, shown, follows, moves, showTrail](const auto& way, bool isMoved) {
                         *shown = way;
                         panels.bench->setWay(way, whyNoWay(session));
                         panels.bench->setSearching(!way->steps.empty() && !way->isOver);
                         showTrail();
                         *follows = *follows || isMoved;
                         if (way->steps.empty() || !*follows || !panels.bench->isVisible()) return;
                         *moves = true;
                         session.cursor().moveTo(way->steps.back().z);
                         *moves = false;
                     });
    QObject::connect(&session.cursor(), &LatentCursor::moved, panels.bench, [follows, moves] {
        if (!*moves) *follows = false;
    });
    QObject::connect(&session, &Session::planeChanged, panels.bench, showTrail);
    QObject::connect(&session, &Session::modelReplaced, panels.bench, [shown, showTrail] {
        *shown = nullptr;
        showTrail();
    });
    QObject::connect(panels.benchDock, &QDockWidget::visibilityChanged, panels.bench, showTrail);
}

}  // namespace

void connectBench(Session& session, ImageBench& bench, ImageIntake& intake, Panels& panels) {
    connectSource(bench, intake, panels);
    connectWishes(bench, panels);
    connectAnswers(bench, panels);
    connectModel(session, bench, panels);
    connectWay(session, bench, panels);
}

}  // namespace zwei
