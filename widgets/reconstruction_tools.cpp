// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/reconstruction_tools.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <algorithm>
#include <cmath>

#include "widgets/drawing/numerals.h"
#include "widgets/drawing/theme.h"
#include "widgets/segmented_choice.h"
#include "widgets/small_widgets.h"
#include "widgets/value_slider.h"

namespace zwei {
namespace {

using Mode = ReconstructionView::Mode;

constexpr int kHeight = 20;  // of a tool in a card's title
constexpr int kSegment = 52;
constexpr int kSlider = 72;
constexpr double kStep = 0.05;  // of the noise's level

QString noiseText(const Noise& noise) {
    if (noise.kind == NoiseKind::Gaussian) return ReconstructionTools::tr("noise σ %1").arg(numberText(noise.level, 2));
    return ReconstructionTools::tr("noise %1 %").arg(numberText(noise.level * 100, 0));
}

QString noiseTip(NoiseKind kind) {
    switch (kind) {
        case NoiseKind::Gaussian:
            return ReconstructionTools::tr("Standard deviation of the noise added to the images shown here.");
        case NoiseKind::SaltAndPepper:
            return ReconstructionTools::tr("Share of the pixels that become paper or ink in the images shown here.");
        case NoiseKind::Blocks:
            return ReconstructionTools::tr("Share of the squares that are covered in the images shown here.");
    }
    return {};
}

/// As wide as the widest level, so that nothing moves while the slider does.
int widestNoise(NoiseKind kind, const QFont& font) {
    return QFontMetrics(font).horizontalAdvance(noiseText({.kind = kind, .level = 1})) + 2;
}

}  // namespace

ReconstructionTools::ReconstructionTools(QWidget* parent)
    : QWidget(parent),
      m_mode(new SegmentedChoice(this)),
      m_otherImages(
          makeButton(QStringLiteral("otherImages"), tr("other images"), tr("Draw other test images at random."))),
      m_dreamAgain(makeButton(QStringLiteral("dreamAgain"), tr("dream again  D"),
                              tr("Draw other random points and decode them."))),
      m_noiseLabel(mutedLabel({}, 11, this)),
      m_noiseSlider(new ValueSlider(ValueSlider::Scale::Linear, 0, 1, Noise{}.level, this)) {
    buildMode();
    buildNoise();
    layOut();
    connect(m_otherImages, &QToolButton::clicked, this, &ReconstructionTools::otherImagesRequested);
    connect(m_dreamAgain, &QToolButton::clicked, this, &ReconstructionTools::dreamRequested);
    m_dreamAgain->setAccessibleName(tr("dream again"));  // without its key
    showTools();
}

void ReconstructionTools::setMode(Mode mode) {
    m_mode->setCurrent(static_cast<int>(mode));
    showTools();
}

Mode ReconstructionTools::mode() const { return static_cast<Mode>(m_mode->current()); }

void ReconstructionTools::setDreamsOffered(bool offered) {
    m_offersDreams = offered;
    showTools();
}

void ReconstructionTools::setNoise(const std::optional<Noise>& noise) {
    m_noise = noise;
    showNoise();
    showTools();
}

QToolButton* ReconstructionTools::makeButton(const QString& objectName, const QString& text, const QString& tip) {
    auto* button = new QToolButton(this);
    button->setObjectName(objectName);
    button->setText(text);
    button->setToolTip(tip);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

void ReconstructionTools::buildMode() {
    m_mode->setObjectName(QStringLiteral("reconstructionMode"));
    m_mode->setAccessibleName(tr("Shown"));
    m_mode->setOptions({tr("images"), tr("dream")}, {tr("Test images beside what the model makes of them."),
                                                     tr("Images that were never there: random points, decoded.")});
    m_mode->setCurrent(static_cast<int>(Mode::Reconstructions));
    m_mode->setFixedSize(2 * kSegment, kHeight);
    // The style sheet makes segments for panels, which are higher than a title's tools.
    m_mode->setStyleSheet(QStringLiteral("QPushButton { min-height: %1px; }").arg(kHeight - 4));
    connect(m_mode, &SegmentedChoice::chosen, this, [this] {
        showTools();
        Q_EMIT modeChosen(mode());
    });
}

void ReconstructionTools::buildNoise() {
    m_noiseLabel->setObjectName(QStringLiteral("noiseText"));
    m_noiseLabel->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_noiseSlider->setObjectName(QStringLiteral("noiseLevel"));
    m_noiseSlider->setAccessibleName(tr("Noise"));
    m_noiseSlider->setSteps({kStep, kStep, 4 * kStep});
    m_noiseSlider->setFixedSize(kSlider, kHeight);
    connect(m_noiseSlider, &ValueSlider::valueEdited, this, &ReconstructionTools::editLevel);
}

void ReconstructionTools::layOut() {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpace);
    for (QWidget* tool :
         {static_cast<QWidget*>(m_noiseLabel), static_cast<QWidget*>(m_noiseSlider),
          static_cast<QWidget*>(m_otherImages), static_cast<QWidget*>(m_dreamAgain), static_cast<QWidget*>(m_mode)})
        row->addWidget(tool);
}

void ReconstructionTools::showTools() {
    m_mode->setVisible(m_offersDreams);
    const bool isDream = mode() == Mode::Dream;
    m_dreamAgain->setVisible(isDream);
    m_otherImages->setVisible(!isDream);
    m_noiseLabel->setVisible(!isDream && m_noise);
    m_noiseSlider->setVisible(!isDream && m_noise);
}

void ReconstructionTools::showNoise() {
    if (!m_noise) return;
    m_noiseLabel->setText(noiseText(*m_noise));
    m_noiseLabel->setFixedWidth(widestNoise(m_noise->kind, m_noiseLabel->font()));
    m_noiseLabel->setToolTip(noiseTip(m_noise->kind));
    m_noiseSlider->setToolTip(noiseTip(m_noise->kind));
    m_noiseSlider->setValue(m_noise->level);
}

void ReconstructionTools::editLevel(double level) {
    if (!m_noise) return;
    // Rounded by a division, so that a level is the same number as one that is written out.
    const double before = m_noise->level;
    m_noise->level = std::clamp(std::round(level / kStep) / std::round(1 / kStep), 0.0, 1.0);
    showNoise();
    if (m_noise->level != before) Q_EMIT noiseLevelChanged(m_noise->level);
}

}  // namespace zwei
