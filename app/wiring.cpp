// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/wiring.h"

#include <QCoreApplication>
#include <QFile>

#include "app/dataset_title.h"
#include "app/model_files.h"
#include "app/panels.h"
#include "app/session/session.h"
#include "app/wiring_parts.h"
#include "models/types/presets.h"
#include "widgets/card_dock.h"
#include "widgets/settings_panel.h"
#include "widgets/training_controls.h"

namespace zwei {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("Wiring", text); }

QString presetOf(const Recipe& recipe) {
    for (const auto& preset : presets()) {
        auto same = preset.recipe;
        same.beta = recipe.beta;  // the bar shows it beside the preset
        same.seed = recipe.seed;
        if (same == recipe) return QString::fromUtf8(preset.id);
    }
    return {};
}

/// What the bar's slider weighs in this recipe.
void showBetaMeaning(const Recipe& recipe, TrainingControls& bar) {
    if (isVariational(recipe))
        bar.setBetaMeaning(QStringLiteral("β"),
                           tr("Weight of the KL in the loss: the larger, the nearer the codes stay "
                              "to the prior."));
    else if (recipe.bottleneck == Bottleneck::Adversarial)
        bar.setBetaMeaning(tr("push"), tr("How hard the adversary pushes the codes onto the prior."));
    else
        bar.setBetaMeaning({}, {});
}

void offerTrainedModels(TrainingControls& bar) {
    QStringList ids, titles;
    for (const auto& preset : presets()) {
        const auto id = QString::fromUtf8(preset.id);
        if (!QFile::exists(QStringLiteral(":/models/%1.safetensors").arg(id))) continue;
        ids += id;
        titles += QString::fromUtf8(preset.title);
    }
    bar.setTrainedModels(ids, titles);
}

void connectRecipe(Session& session, Panels& panels) {
    const auto show = [panels](const Recipe& recipe) {
        panels.settings->setRecipe(recipe);
        panels.bar->setPreset(presetOf(recipe));
        panels.bar->setBeta(recipe.beta);
        showBetaMeaning(recipe, *panels.bar);
    };
    offerTrainedModels(*panels.bar);
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

void connectRun(Session& session, ModelFiles& files, Panels& panels) {
    auto* bar = panels.bar;
    // By a key or the menu, a run may start while a value is still being typed.
    const auto afterTyping = [&session, &files, settings = panels.settings](void (Session::*act)()) {
        return [&session, &files, settings, act] {
            const bool couldContinue = session.canContinue();
            settings->commit();
            if (session.state() != RunState::Idle || session.canContinue()) return (session.*act)();
            // What was typed may make another run of it: the button says so before it throws anything away.
            if (!couldContinue) files.beginAnew([&session, act] { (session.*act)(); });
        };
    };
    QObject::connect(bar, &TrainingControls::trainRequested, &session, afterTyping(&Session::train));
    QObject::connect(bar, &TrainingControls::resumeRequested, &session, &Session::train);
    QObject::connect(bar, &TrainingControls::pauseRequested, &session, &Session::pause);
    QObject::connect(bar, &TrainingControls::stepRequested, &session, afterTyping(&Session::step));
    QObject::connect(bar, &TrainingControls::resetRequested, &session,
                     [&session, &files] { files.beginAnew([&session] { session.reset(); }); });
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
    QObject::connect(&session, &Session::continuationChanged, bar, [bar, &session](std::optional<int> epochs) {
        if (!epochs && bar->continues() && session.state() == RunState::Idle) bar->setMessage(tr("ready"));
        bar->setContinues(epochs.has_value());
        if (epochs) bar->setMessage(tr("epoch %1 of %2").arg(*epochs).arg(session.recipe().epochs));
    });
    QObject::connect(&session, &Session::runEnded, bar, [bar](StopReason reason) {
        bar->setMessage(reason == StopReason::EarlyStopped ? tr("stopped early: no better for a while")
                                                           : tr("trained"));
    });
}

QString choiceTitle(const DatasetLocation& set) {
    const QString title = datasetTitle(QString::fromStdString(set.name));
    if (set.hasTrain) return title;
    return set.hasTest ? tr("%1 (test only)").arg(title) : tr("%1 (in part)").arg(title);
}

/// What the bar's list of data sets shows: those that were found, and the folders of images that were read.
struct DatasetChoices {
    std::vector<DatasetLocation> found;
    QStringList folders;

    void show(TrainingControls& bar, const DatasetPtr& current) const {
        QStringList ids, titles;
        for (const auto& set : found) {
            ids += QString::fromStdString(set.name);
            titles += choiceTitle(set);
        }
        for (const auto& folder : folders) {
            ids += folder;
            titles += datasetTitle(folder);
        }
        bar.setDatasets(ids, titles);
        if (current) bar.setDataset(QString::fromStdString(current->name));
    }
};

void connectDatasets(Session& session, Panels& panels) {
    const auto choices = std::make_shared<DatasetChoices>();
    QObject::connect(&session, &Session::datasetsFound, panels.bar,
                     [&session, panels, choices](const std::vector<DatasetLocation>& found) {
                         choices->found = found;
                         choices->show(*panels.bar, session.dataset());
                     });
    QObject::connect(&session, &Session::folderRead, panels.bar,
                     [&session, panels, choices](const ImageFolder& folder) {
                         const auto name = QString::fromStdString(folder.dataset->name);
                         if (!choices->folders.contains(name)) choices->folders += name;
                         choices->show(*panels.bar, session.dataset());
                     });
    QObject::connect(&session, &Session::folderProgressed, panels.bar, [panels](int done, int total) {
        if (total > 0) panels.bar->setMessage(tr("reading image %1 of %2").arg(done).arg(total));
    });
    QObject::connect(&session, &Session::datasetLoading, panels.bar, [panels](const QString& name) {
        panels.bar->setDataset(name);
        panels.bar->setMessage(tr("loading %1").arg(datasetTitle(name)));
    });
    QObject::connect(&session, &Session::datasetChanged, panels.bar, [panels](const DatasetPtr& data) {
        const auto name = QString::fromStdString(data->name);
        panels.bar->setDataset(name);
        panels.bar->setMessage(tr("ready"));
    });
}

}  // namespace

void connectPanels(Session& session, ModelFiles& files, Panels& panels) {
    connectMap(session, panels);
    connectLabels(session, panels);
    connectViews(session, panels);
    connectMeasuring(session, panels);
    connectRecipe(session, panels);
    connectRun(session, files, panels);
    connectDatasets(session, panels);
}

}  // namespace zwei
