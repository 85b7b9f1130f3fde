// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/latent_sliders.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QScrollBar>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "widgets/drawing/numerals.h"
#include "widgets/drawing/theme.h"
#include "widgets/value_field.h"
#include "widgets/value_slider.h"

namespace zwei {
namespace {

constexpr int kRowHeight = 28;
constexpr int kRowsWithoutScrolling = 4;

}  // namespace

LatentSliders::LatentSliders(QWidget* parent)
    : QWidget(parent), m_scroll(new QScrollArea(this)), m_list(new QWidget), m_listLayout(new QVBoxLayout(m_list)) {
    m_listLayout->setContentsMargins(0, 0, 0, 0);
    m_listLayout->setSpacing(0);
    m_listLayout->setAlignment(Qt::AlignTop);
    m_scroll->setWidget(m_list);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->verticalScrollBar()->setSingleStep(kRowHeight);
    m_list->setAutoFillBackground(false);
    m_scroll->viewport()->setAutoFillBackground(false);
    connect(m_scroll->verticalScrollBar(), &QScrollBar::valueChanged, this, &LatentSliders::makeRowsInSight);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_scroll);
    setDimensions(2);
}

void LatentSliders::setDimensions(int dimensions) {
    m_values.resize(static_cast<std::size_t>(dimensions), 0.0);
    while (static_cast<int>(m_rows.size()) > dimensions) {
        delete m_rows.back().widget;
        m_rows.pop_back();
    }
    fitHeight();
    m_list->setMinimumHeight(dimensions * kRowHeight);
    makeRowsInSight();
    for (const Row& row : m_rows) row.slider->setWheelNeedsFocus(dimensions > kRowsWithoutScrolling);
}

void LatentSliders::setRange(double limit) {
    if (!std::isfinite(limit) || limit <= 0) return;
    m_limit = limit;
    for (const Row& row : m_rows) {
        row.slider->setRange(-limit, limit);
        row.slider->setSteps({step() / 10, step(), 10 * step()});
    }
}

/// 0.05 while the range is about that of a standard Gaussian.
double LatentSliders::step() const { return 0.05 * std::pow(10.0, std::floor(std::log10(m_limit / 2))); }

void LatentSliders::setValues(const std::vector<double>& values) {
    if (values.size() != m_values.size()) setDimensions(static_cast<int>(values.size()));
    m_values = values;
    for (std::size_t i = 0; i < m_rows.size(); ++i) showValue(static_cast<int>(i));
}

void LatentSliders::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    makeRowsInSight();
}

/// All up to the last in sight, so that Tab goes from one to the next, and one more, so that it can go on.
void LatentSliders::makeRowsInSight() {
    const int bottom = m_scroll->verticalScrollBar()->value() + std::max(height(), minimumHeight());
    const int last = std::min(dimensions() - 1, bottom / kRowHeight + 1);
    while (static_cast<int>(m_rows.size()) <= last) {
        m_rows.push_back(makeRow(static_cast<int>(m_rows.size())));
        showValue(static_cast<int>(m_rows.size()) - 1);
    }
}

LatentSliders::Row LatentSliders::makeRow(int dimension) {
    const QString name = subscripted(QStringLiteral("z"), dimension + 1);
    Row row{new QWidget(m_list), nullptr, nullptr};
    row.slider = new ValueSlider(ValueSlider::Scale::Linear, -m_limit, m_limit, 0, row.widget);
    row.slider->setSteps({step() / 10, step(), 10 * step()});
    row.slider->setWheelNeedsFocus(dimensions() > kRowsWithoutScrolling);
    row.slider->setAccessibleName(name);
    row.slider->setToolTip(tr("Moves the point along %1; Ctrl with an arrow key moves it finely.").arg(name));
    row.field = new ValueField(row.widget);
    row.field->setQuiet(true);
    row.field->setFixedWidth(56);
    row.field->setAccessibleName(tr("Value of %1").arg(name));
    row.field->setToolTip(tr("The value of %1, which can be typed over.").arg(name));
    auto* label = new QLabel(name, row.widget);
    label->setFont(Theme::font(12, QFont::DemiBold));
    label->setMinimumWidth(20);
    label->setBuddy(row.slider);

    auto* layout = new QHBoxLayout(row.widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(label);
    layout->addWidget(row.slider, 1);
    layout->addWidget(row.field);
    row.widget->setFixedHeight(kRowHeight);
    m_listLayout->addWidget(row.widget);

    connect(row.slider, &ValueSlider::valueEdited, this, [this, dimension](double value) { edit(dimension, value); });
    connect(row.field, &ValueField::committed, this, [this, dimension](const QString& text) { type(dimension, text); });
    connect(row.field, &ValueField::stepped, row.slider,
            [this, slider = row.slider](int steps) { slider->stepBy(steps * step()); });
    return row;
}

void LatentSliders::edit(int dimension, double value) {
    m_values[static_cast<std::size_t>(dimension)] = value;
    showValue(dimension);
    Q_EMIT valuesEdited(m_values);
}

void LatentSliders::type(int dimension, const QString& text) {
    ValueField* field = m_rows[static_cast<std::size_t>(dimension)].field;
    if (const auto value = parseNumber(text)) return edit(dimension, *value);
    field->setShown(field->shown());
    QToolTip::showText(field->mapToGlobal(QPoint(0, field->height())),
                       tr("A coordinate is a number, such as %1.").arg(numberText(-1.2, 2)), field);
}

void LatentSliders::showValue(int dimension) {
    const auto i = static_cast<std::size_t>(dimension);
    m_rows[i].slider->setValue(m_values[i]);
    m_rows[i].field->setShown(coordinateText(m_values[i]));
}

void LatentSliders::fitHeight() {
    // Half a row more than fits says that there is something to scroll to.
    const int count = dimensions();
    setFixedHeight(count <= kRowsWithoutScrolling ? count * kRowHeight : kRowHeight * 9 / 2);
}

}  // namespace zwei
