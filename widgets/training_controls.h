// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <QWidget>
#include <array>

#include "models/types/metrics.h"
#include "models/types/run_state.h"

class QHBoxLayout;
class QLabel;
class QProgressBar;
class QPushButton;
class QToolButton;

namespace zwei {

class Choice;
class CountingLabel;
class ElidedLabel;
class SectionedChoice;
class ValueField;
class ValueSlider;

/// The bar: what starts, holds and ends a run, what it runs on, and how far it is. Where it gets narrow it lets go of
/// the speed, then of the time left, then of the progress bar.
class TrainingControls : public QWidget {
    Q_OBJECT

public:
    explicit TrainingControls(QWidget* parent = nullptr);

    void setPresets(const QStringList& ids, const QStringList& titles);
    /// Offered below the presets, under a heading of their own; none at first. To choose one is a wish: what the bar
    /// shows stays the preset until `setPreset`.
    void setTrainedModels(const QStringList& ids, const QStringList& titles);
    /// Emits nothing. An id that is none of the presets shows as "custom".
    void setPreset(const QString& id);
    /// Below them one can ask for more.
    void setDatasets(const QStringList& ids, const QStringList& titles);
    /// Emits nothing.
    void setDataset(const QString& id);
    /// Emits nothing. Any value from 0 is shown as it is; the slider's handle stays within 0.1 to 10.
    void setBeta(double beta);
    double beta() const { return m_beta; }
    /// What beta is called and does in this model: at first "β", the weight of the KL. Where it is nothing, an empty
    /// label hides it.
    void setBetaMeaning(const QString& label, const QString& tip);

    void setRunState(RunState state);
    /// Does a run that is started go on with what the model has learnt?
    void setContinues(bool continues);
    bool continues() const { return m_continues; }
    RunState runState() const { return m_state; }
    void setProgress(const TrainingProgress& progress);
    /// In place of epoch, bar and speed, until the next progress.
    void setMessage(const QString& message);

    QToolButton* menuButton() const { return m_menu; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void trainRequested();
    void pauseRequested();
    void resumeRequested();
    void stepRequested();
    void resetRequested();
    void presetChosen(const QString& id);
    void trainedModelChosen(const QString& id);
    void datasetChosen(const QString& id);
    void moreDatasetsRequested();
    /// By a person, while the slider moves.
    void betaChanged(double beta);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QPushButton* makeButton(const QString& text, const QString& tip);
    template <typename Box>
    Box* makeChoice(const QString& name, const QString& tip);
    void makeBeta();
    void makeProgress();
    void fillModels();
    void chooseModel(int section, const QString& id);
    void lay();
    void connectAll();
    void press();
    void chooseDataset(int index);
    void editBeta(double beta);
    void typeBeta(const QString& text);
    void applyState();
    void fitWidth();

    QHBoxLayout* m_layout = nullptr;
    QLabel* m_logo;
    QPushButton* m_primary;
    QPushButton* m_step;
    QPushButton* m_reset;
    SectionedChoice* m_models;
    Choice* m_datasets;
    QLabel* m_betaLabel = nullptr;
    ValueSlider* m_betaSlider = nullptr;
    ValueField* m_betaField = nullptr;
    ElidedLabel* m_epoch = nullptr;
    QProgressBar* m_bar = nullptr;
    CountingLabel* m_speed = nullptr;
    CountingLabel* m_timeLeft = nullptr;
    QToolButton* m_menu;
    RunState m_state = RunState::Idle;
    bool m_continues = false;
    double m_beta = 1;
    QString m_preset;
    QString m_dataset;
    std::array<QStringList, 2> m_presets;  ///< ids and titles
    std::array<QStringList, 2> m_trainedModels;
    bool m_showsProgress = false;
};

}  // namespace zwei
