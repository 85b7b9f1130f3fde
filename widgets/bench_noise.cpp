// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bench_noise.h"

#include <QHBoxLayout>
#include <QLabel>
#include <algorithm>
#include <cmath>

#include "widgets/choice.h"
#include "widgets/drawing/numerals.h"
#include "widgets/drawing/theme.h"
#include "widgets/small_widgets.h"
#include "widgets/value_field.h"
#include "widgets/value_slider.h"

namespace zwei {
namespace {

constexpr double kStep = 0.05;
constexpr int kHeight = 20;  // of a tool in a card's title

}  // namespace

BenchNoise::BenchNoise(QWidget* parent)
    : QWidget(parent),
      m_kind(new Choice(this)),
      m_slider(new ValueSlider(ValueSlider::Scale::Linear, 0, 1, 0, this)),
      m_level(mutedLabel({}, 11, this)),
      m_seedField(new ValueField(this)) {
    m_kind->setObjectName(QStringLiteral("benchNoiseKind"));
    m_kind->setAccessibleName(tr("Kind of noise"));
    m_kind->addItems({tr("Gaussian"), tr("salt and pepper"), tr("blocks")});
    m_slider->setObjectName(QStringLiteral("benchNoise"));
    m_slider->setAccessibleName(tr("Noise"));
    m_slider->setToolTip(tr("Noise added to the digits, to see who takes it off again; a double click takes it off."));
    m_slider->setSteps({kStep, kStep, 4 * kStep});
    m_seedField->setObjectName(QStringLiteral("benchSeed"));
    m_seedField->setAccessibleName(tr("Seed of the noise"));
    m_seedField->setToolTip(tr("The same seed gives the same noise."));
    connect(m_kind, &QComboBox::activated, this, [this](int kind) {
        m_noise.kind = static_cast<NoiseKind>(kind);
        tell();
    });
    connect(m_slider, &ValueSlider::valueEdited, this, &BenchNoise::editLevel);
    connect(m_seedField, &ValueField::committed, this, &BenchNoise::editSeed);
    connect(m_seedField, &ValueField::stepped, this, &BenchNoise::stepSeed);
    layOut();
    showValues();
}

void BenchNoise::layOut() {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpace);
    auto* title = mutedLabel(tr("add noise"), 11, this);
    auto* seed = mutedLabel(tr("seed"), 11, this);
    // The style sheet makes controls for panels, which are higher than a title's tools.
    m_kind->setFixedHeight(kHeight);
    m_kind->setStyleSheet(QStringLiteral("QComboBox { min-height: 0; padding: 0 8px; }"));
    m_seedField->setFixedSize(36, kHeight);
    m_seedField->setStyleSheet(QStringLiteral("QLineEdit { min-height: 0; padding: 0 4px; }"));
    m_slider->setFixedSize(72, kHeight);
    m_level->setFixedWidth(QFontMetrics(m_level->font()).horizontalAdvance(QStringLiteral("σ 0.00")) + 2);
    for (QWidget* part :
         {static_cast<QWidget*>(title), static_cast<QWidget*>(m_kind), static_cast<QWidget*>(m_slider),
          static_cast<QWidget*>(m_level), static_cast<QWidget*>(seed), static_cast<QWidget*>(m_seedField)})
        row->addWidget(part);
}

void BenchNoise::editLevel(double level) {
    // Rounded by a division, so that a level is the same number as one that is written out.
    const double rounded = std::clamp(std::round(level / kStep) / std::round(1 / kStep), 0.0, 1.0);
    const bool isOther = rounded != m_noise.level;
    m_noise.level = rounded;
    showValues();
    if (isOther) Q_EMIT edited(m_noise, m_seed);
}

void BenchNoise::editSeed(const QString& text) {
    bool isNumber = false;
    const auto seed = text.trimmed().toULongLong(&isNumber);
    m_seedField->setInvalid(!isNumber);
    if (!isNumber) return;
    m_seed = seed;
    tell();
}

void BenchNoise::stepSeed(int steps) {
    m_seed = steps < 0 && m_seed < static_cast<std::uint64_t>(-steps) ? 0 : m_seed + static_cast<std::uint64_t>(steps);
    tell();
}

void BenchNoise::tell() {
    showValues();
    Q_EMIT edited(m_noise, m_seed);
}

void BenchNoise::showValues() {
    m_slider->setValue(m_noise.level);
    m_level->setText(m_noise.level == 0                    ? tr("none")
                     : m_noise.kind == NoiseKind::Gaussian ? tr("σ %1").arg(numberText(m_noise.level, 2))
                                                           : tr("%1 %").arg(numberText(m_noise.level * 100, 0)));
    m_seedField->setShown(QString::number(m_seed));
}

}  // namespace zwei
