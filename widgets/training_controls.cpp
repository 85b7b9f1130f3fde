// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/training_controls.h"

#include <QApplication>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>
#include <QToolTip>
#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "widgets/choice.h"
#include "widgets/drawing/numerals.h"
#include "widgets/drawing/theme.h"
#include "widgets/glyphs.h"
#include "widgets/sectioned_choice.h"
#include "widgets/small_widgets.h"
#include "widgets/value_field.h"
#include "widgets/value_slider.h"

namespace zwei {
namespace {

constexpr int kBarHeight = 48;
constexpr double kLargestBeta = 1000;
constexpr int kWidestChoice = 152;
constexpr int kPresets = 0;  // the section of the models' choice
constexpr int kProgressSteps = 10000;

QString betaText(double beta) {
    for (int decimals = 1; decimals < 4; ++decimals) {
        const double factor = std::pow(10.0, decimals);
        if (std::abs(std::round(beta * factor) / factor - beta) < 1e-9) return numberText(beta, decimals);
    }
    return numberText(beta, 4);
}

void fill(Choice& choice, const QStringList& ids, const QStringList& titles) {
    const QSignalBlocker quiet(choice);
    choice.clear();
    for (int i = 0; i < ids.size(); ++i) choice.addItem(titles.value(i, ids[i]), ids[i]);
    choice.setCurrentIndex(ids.isEmpty() ? -1 : 0);
}

QString modelTip() { return TrainingControls::tr("Which kind of model is trained, or a trained one to look at."); }

/// A press of a button must not overtake what is still being typed.
void commitTyping() {
    if (auto* field = qobject_cast<ValueField*>(QApplication::focusWidget())) field->commit();
}

}  // namespace

TrainingControls::TrainingControls(QWidget* parent)
    : QWidget(parent),
      m_logo(new QLabel(this)),
      m_primary(makeButton({}, {})),
      m_step(makeButton(tr("Step"), tr("Trains on one batch and waits."))),
      m_reset(makeButton(tr("Reset"), tr("Ends the run and goes back to the weights of before training."))),
      m_models(makeChoice<SectionedChoice>(tr("Model"), modelTip())),
      m_datasets(makeChoice<Choice>(tr("Data"), tr("Which images the model learns from."))),
      m_menu(new QToolButton(this)) {
    m_logo->setFont(Theme::font(16, QFont::Bold));
    m_logo->setTextFormat(Qt::RichText);
    m_primary->setProperty("primary", true);
    m_primary->setFont(Theme::font(12, QFont::DemiBold));
    m_primary->setIconSize(QSize(16, 12));
    m_models->setPlaceholderText(tr("custom"));
    m_models->setMaximumWidth(kWidestChoice);
    m_menu->setPopupMode(QToolButton::InstantPopup);
    m_menu->setFocusPolicy(Qt::TabFocus);
    m_menu->setIconSize(QSize(14, 14));
    m_menu->setFixedSize(kBarControl, kBarControl);
    m_menu->setToolTip(tr("Files, views and help."));
    m_menu->setAccessibleName(tr("Menu"));
    makeBeta();
    makeProgress();
    lay();
    connectAll();
    setMessage(QString());
    applyState();
}

void TrainingControls::setPresets(const QStringList& ids, const QStringList& titles) {
    m_presets = {ids, titles};
    m_preset = ids.value(0);
    fillModels();
}

void TrainingControls::setTrainedModels(const QStringList& ids, const QStringList& titles) {
    m_trainedModels = {ids, titles};
    fillModels();
}

void TrainingControls::setPreset(const QString& id) {
    m_preset = id;
    m_models->setCurrentItem(kPresets, id);
}

void TrainingControls::setDatasets(const QStringList& ids, const QStringList& titles) {
    fill(*m_datasets, ids, titles);
    m_datasets->insertSeparator(m_datasets->count());
    m_datasets->addItem(tr("Get more…"));
    m_dataset = ids.value(0);
    fitWidth();
}

void TrainingControls::setDataset(const QString& id) {
    const QSignalBlocker quiet(m_datasets);
    m_dataset = id;
    m_datasets->setCurrentIndex(m_datasets->findData(id));
}

void TrainingControls::setBeta(double beta) {
    m_beta = beta;
    m_betaSlider->setValue(beta);
    m_betaField->setShown(betaText(beta));
}

void TrainingControls::setBetaMeaning(const QString& label, const QString& tip) {
    m_betaLabel->setText(label);
    m_betaSlider->setAccessibleName(label == tr("β") ? tr("Beta") : label);
    m_betaField->setAccessibleName(tr("Value of %1").arg(m_betaSlider->accessibleName()));
    for (QWidget* widget : std::initializer_list<QWidget*>{m_betaLabel, m_betaSlider, m_betaField}) {
        widget->setToolTip(tip);
        widget->setVisible(!label.isEmpty());
    }
    fitWidth();
}

void TrainingControls::setRunState(RunState state) {
    m_state = state;
    applyState();
}

void TrainingControls::setContinues(bool continues) {
    if (continues == m_continues) return;
    m_continues = continues;
    applyState();
}

void TrainingControls::setProgress(const TrainingProgress& progress) {
    const int epoch = std::clamp(progress.epoch + (progress.batch > 0 ? 1 : 0), 1, std::max(1, progress.epochs));
    const QString pattern = tr("epoch %1 of %2");
    const QString text = pattern.arg(epoch).arg(progress.epochs);
    if (text != m_epoch->fullText()) {
        m_epoch->setFullText(text);
        m_epoch->setMinimumWidth(
            m_epoch->fontMetrics().horizontalAdvance(pattern.arg(progress.epochs).arg(progress.epochs)) + 4);
    }
    const double batches = progress.batches > 0 ? progress.batch / static_cast<double>(progress.batches) : 0;
    const double share = progress.epochs > 0 ? (progress.epoch + batches) / progress.epochs : 0;
    m_bar->setValue(static_cast<int>(std::clamp(share, 0.0, 1.0) * kProgressSteps));
    const bool isSpeedKnown = std::isfinite(progress.imagesPerSecond) && progress.imagesPerSecond > 0;
    m_speed->setCount(isSpeedKnown ? tr("%1 img/s").arg(countText(std::llround(progress.imagesPerSecond))) : QString());
    m_timeLeft->setCount(tr("%1 left").arg(durationText(progress.secondsLeft)));
    if (m_showsProgress) return;
    m_showsProgress = true;
    fitWidth();
}

void TrainingControls::setMessage(const QString& message) {
    m_epoch->setFullText(message);
    m_epoch->setMinimumWidth(0);
    m_showsProgress = false;
    fitWidth();
}

QSize TrainingControls::sizeHint() const { return {1024, kBarHeight}; }

QSize TrainingControls::minimumSizeHint() const { return {720, kBarHeight}; }

void TrainingControls::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    fitWidth();
}

void TrainingControls::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    const bool isLook = event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange;
    if (isLook && m_layout) applyState();
}

QPushButton* TrainingControls::makeButton(const QString& text, const QString& tip) {
    auto* button = new QPushButton(text, this);
    // A click leaves the focus where it was, so that Space goes on meaning what it meant.
    button->setFocusPolicy(Qt::TabFocus);
    button->setToolTip(tip);
    return button;
}

template <typename Box>
Box* TrainingControls::makeChoice(const QString& name, const QString& tip) {
    auto* choice = new Box(this);
    choice->setFixedHeight(kBarControl);
    choice->setMinimumWidth(112);
    choice->setAccessibleName(name);
    choice->setToolTip(tip);
    return choice;
}

void TrainingControls::makeBeta() {
    m_betaLabel = mutedLabel({}, 12, this);
    m_betaSlider = new ValueSlider(ValueSlider::Scale::Logarithmic, 0.1, 10, 1, this);
    m_betaSlider->setSteps({0.01, 0.05, 0.25});
    m_betaSlider->setMaximumWidth(176);
    m_betaSlider->setMinimumWidth(72);
    m_betaField = new ValueField(this);
    m_betaField->setQuiet(true);
    m_betaField->setAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_betaField->setFixedWidth(48);
    m_betaField->setShown(betaText(m_beta));
    m_betaLabel->setBuddy(m_betaSlider);
    setBetaMeaning(tr("β"), tr("Weight of the KL in the loss: 1 is a VAE, more smooths the latent space, less sharpens "
                               "the images."));
}

void TrainingControls::makeProgress() {
    m_epoch = new ElidedLabel(this);
    m_epoch->setFont(Theme::font(12));
    m_epoch->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_bar = new QProgressBar(this);
    m_bar->setRange(0, kProgressSteps);
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(4);
    m_bar->setToolTip(tr("How much of the run is done."));
    m_bar->setAccessibleName(tr("Progress of the run"));
    // Room for the widest numbers, so that nothing moves while they count.
    m_speed = new CountingLabel(tr("%1 img/s").arg(QStringLiteral("888,888")), 12, this);
    m_speed->setToolTip(tr("Training images a second."));
    m_timeLeft = new CountingLabel(tr("%1 left").arg(QStringLiteral("88:88")), 12, this);
    m_timeLeft->setToolTip(tr("How long the rest of the run will take at this speed."));
}

void TrainingControls::fillModels() {
    m_models->setSections(
        {{tr("Recipes"), m_presets[0], m_presets[1]}, {tr("Trained models"), m_trainedModels[0], m_trainedModels[1]}});
    m_models->setCurrentItem(kPresets, m_preset);
    fitWidth();
}

void TrainingControls::chooseModel(int section, const QString& id) {
    if (section == kPresets) {
        m_preset = id;
        Q_EMIT presetChosen(id);
    } else {
        m_models->setCurrentItem(kPresets, m_preset);
        Q_EMIT trainedModelChosen(id);
    }
}

void TrainingControls::lay() {
    m_layout = new QHBoxLayout(this);
    m_layout->setContentsMargins(8, 0, 4, 0);
    m_layout->setSpacing(8);
    // The layout must not forbid what fitWidth makes possible.
    m_layout->setSizeConstraint(QLayout::SetNoConstraint);
    m_layout->addWidget(m_logo);
    m_layout->addSpacing(8);
    for (QWidget* widget :
         {static_cast<QWidget*>(m_primary), static_cast<QWidget*>(m_step), static_cast<QWidget*>(m_reset),
          static_cast<QWidget*>(m_models), static_cast<QWidget*>(m_datasets)})
        m_layout->addWidget(widget);
    m_layout->addSpacing(8);
    m_layout->addWidget(m_betaLabel);
    m_layout->addWidget(m_betaSlider, 3);
    m_layout->addWidget(m_betaField);
    m_layout->addStretch(1);
    m_layout->addWidget(m_epoch);
    m_layout->addWidget(m_bar, 2);
    m_layout->addWidget(m_speed);
    m_layout->addWidget(m_timeLeft);
    m_layout->addSpacing(4);
    m_layout->addWidget(m_menu);
    setFixedHeight(kBarHeight);
}

void TrainingControls::connectAll() {
    connect(m_primary, &QPushButton::clicked, this, &TrainingControls::press);
    connect(m_step, &QPushButton::clicked, this, [this] {
        commitTyping();
        Q_EMIT stepRequested();
    });
    connect(m_reset, &QPushButton::clicked, this, [this] {
        commitTyping();
        Q_EMIT resetRequested();
    });
    connect(m_models, &SectionedChoice::itemChosen, this, &TrainingControls::chooseModel);
    connect(m_datasets, &QComboBox::activated, this, &TrainingControls::chooseDataset);
    connect(m_betaSlider, &ValueSlider::valueEdited, this, &TrainingControls::editBeta);
    connect(m_betaField, &ValueField::committed, this, &TrainingControls::typeBeta);
    connect(m_betaField, &ValueField::stepped, m_betaSlider, [this](int steps) { m_betaSlider->stepBy(steps * 0.05); });
}

void TrainingControls::press() {
    commitTyping();
    switch (m_state) {
        case RunState::Idle:
            Q_EMIT trainRequested();
            return;
        case RunState::Running:
            Q_EMIT pauseRequested();
            return;
        case RunState::Paused:
            Q_EMIT resumeRequested();
            return;
    }
}

void TrainingControls::chooseDataset(int index) {
    const auto id = m_datasets->itemData(index);
    if (!id.isValid()) {
        setDataset(QString(m_dataset));
        return Q_EMIT moreDatasetsRequested();
    }
    m_dataset = id.toString();
    Q_EMIT datasetChosen(m_dataset);
}

void TrainingControls::editBeta(double beta) {
    setBeta(beta);
    Q_EMIT betaChanged(beta);
}

void TrainingControls::typeBeta(const QString& text) {
    const auto beta = parseNumber(text);
    if (beta && *beta >= 0 && *beta <= kLargestBeta) return editBeta(*beta);
    setBeta(m_beta);
    QToolTip::showText(m_betaField->mapToGlobal(QPoint(0, m_betaField->height())),
                       tr("%1 is a number from 0 to %2, such as 1.0.").arg(m_betaLabel->text()).arg(kLargestBeta),
                       m_betaField);
}

void TrainingControls::applyState() {
    struct Look {
        QString text;
        QString tip;
        Glyph glyph;
    };
    const auto look = [this]() -> Look {
        switch (m_state) {
            case RunState::Idle:
                break;
            case RunState::Running:
                return {tr("Pause"), tr("Holds the run after this batch."), Glyph::Pause};
            case RunState::Paused:
                return {tr("Resume"), tr("Goes on with the run."), Glyph::Play};
        }
        if (m_continues)
            return {tr("Continue"), tr("Goes on with the training of this model; Reset starts anew."), Glyph::Play};
        return {tr("Train"), tr("Starts to train the model."), Glyph::Play};
    }();
    const Theme& theme = Theme::current();
    m_logo->setText(QStringLiteral("Z<span style='color:%1'>wei</span>").arg(theme.accent.name()));
    m_menu->setIcon(glyphIcon(Glyph::Menu, theme.muted));
    m_primary->setText(look.text);
    m_primary->setToolTip(look.tip);
    m_primary->setIcon(glyphIcon(look.glyph, Qt::white));
    m_step->setEnabled(m_state != RunState::Running);
    const bool isIdle = m_state == RunState::Idle;
    m_models->setEnabled(isIdle);
    m_datasets->setEnabled(isIdle);
    m_models->setToolTip(isIdle ? modelTip() : tr("Locked while a run is under way: Reset ends it."));
    m_datasets->setToolTip(isIdle ? tr("Which images the model learns from.")
                                  : tr("Locked while a run is under way: Reset ends it."));
    fitWidth();
}

void TrainingControls::fitWidth() {
    if (!m_layout) return;
    // Room for every text the button may have, so that its neighbours never move.
    const QFontMetrics bold(Theme::font(12, QFont::DemiBold), this);
    int widest = 0;
    for (const QString& text : {tr("Train"), tr("Continue"), tr("Pause"), tr("Resume")})
        widest = std::max(widest, bold.horizontalAdvance(text));
    constexpr int kIcon = 16, kGap = 4, kPadding = 24, kBorder = 2;
    m_primary->setMinimumWidth(widest + kIcon + kGap + kPadding + kBorder);

    for (QWidget* widget :
         {static_cast<QWidget*>(m_bar), static_cast<QWidget*>(m_speed), static_cast<QWidget*>(m_timeLeft)})
        widget->setVisible(m_showsProgress);
    const bool isRoomy = width() >= 1600;
    m_bar->setMaximumWidth(isRoomy ? 240 : 152);
    m_bar->setMinimumWidth(64);
    for (QWidget* expendable :
         {static_cast<QWidget*>(m_speed), static_cast<QWidget*>(m_timeLeft), static_cast<QWidget*>(m_bar)}) {
        m_layout->activate();
        if (m_layout->minimumSize().width() <= width()) return;
        expendable->hide();
    }
}

}  // namespace zwei
