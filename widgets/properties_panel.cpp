// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/properties_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QShowEvent>
#include <algorithm>

#include "widgets/code_size_curve.h"
#include "widgets/drawing/numerals.h"
#include "widgets/drawing/theme.h"
#include "widgets/error_histogram.h"
#include "widgets/pair_strip.h"
#include "widgets/segmented_choice.h"
#include "widgets/small_widgets.h"
#include "widgets/style_sheet.h"

namespace zwei {
namespace {

constexpr int kSideBySide = 380;  // as wide as this and lower than kTall, images and histogram stand side by side
constexpr int kTall = 300;

}  // namespace

PropertiesPanel::PropertiesPanel(QWidget* parent) : QWidget(parent), m_tabs(makeTabs()) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_tabs);
    layout->addWidget(m_scroll = makePage(), 1);
    setAccessibleName(tr("Properties"));
    setLabelsShown(true);
    applyState();
}

void PropertiesPanel::setProperties(std::optional<PropertiesSnapshot> properties) {
    m_properties = std::move(properties);
    if (m_properties) {
        m_strip->setImages(
            m_properties->other,
            tr("Images of %1 and what comes out for them").arg(QString::fromStdString(m_properties->otherData)));
        m_histogram->setErrors(*m_properties);
        m_curve->setCurve(*m_properties);
    }
    applyState();
}

void PropertiesPanel::setBusy(bool busy) {
    m_isBusy = busy;
    applyState();
}

void PropertiesPanel::setLabelsShown(bool shown) { m_labels->setCurrent(shown ? 0 : 1); }

QSize PropertiesPanel::sizeHint() const { return {400, 240}; }

QSize PropertiesPanel::minimumSizeHint() const { return {240, 120}; }

void PropertiesPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (!event->spontaneous()) requestIfMissing();
}

void PropertiesPanel::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    applyShape();
}

SegmentedChoice* PropertiesPanel::makeTabs() {
    auto* tabs = new SegmentedChoice(this);
    tabs->setOptions({tr("data-specific"), tr("lossy"), tr("unlabelled")},
                     {tr("It only knows images like those it was trained on."),
                      tr("What comes out is not quite what went in."), tr("It learns from images alone.")});
    tabs->setCurrent(0);
    tabs->setAccessibleName(tr("Property"));
    connect(tabs, &SegmentedChoice::chosen, this, [this] {
        applyState();
        requestIfMissing();
    });
    return tabs;
}

QScrollArea* PropertiesPanel::makePage() {
    auto* page = new QWidget;
    m_sentence = new QLabel(page);
    m_sentence->setFont(Theme::font(12));
    m_sentence->setWordWrap(true);
    m_sentence->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_measure = new QPushButton(tr("Measure"), page);
    m_measure->setFocusPolicy(Qt::TabFocus);
    m_measure->setToolTip(tr("Measures the model's properties on test images."));
    connect(m_measure, &QPushButton::clicked, this, &PropertiesPanel::measureRequested);
    m_dataSpecific = new QWidget(page);
    m_pair = new QBoxLayout(QBoxLayout::TopToBottom, m_dataSpecific);
    m_pair->setContentsMargins(0, 0, 0, 0);
    m_pair->addWidget(m_strip = new PairStrip(m_dataSpecific), 1);
    m_pair->addWidget(m_histogram = new ErrorHistogram(m_dataSpecific), 1);

    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_sentence);
    layout->addWidget(m_measure, 0, Qt::AlignLeft);
    layout->addWidget(m_dataSpecific, 100);
    layout->addWidget(m_curve = new CodeSizeCurve(page), 100);
    layout->addWidget(m_labelsRow = makeLabelsSwitch());
    layout->addStretch(1);

    auto* scroll = new QScrollArea(this);
    scroll->setWidget(page);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    page->setAutoFillBackground(false);
    scroll->viewport()->setAutoFillBackground(false);
    return scroll;
}

QWidget* PropertiesPanel::makeLabelsSwitch() {
    auto* row = new QWidget(this);
    m_labels = new SegmentedChoice(row);
    m_labels->setOptions({tr("on"), tr("off")}, {tr("Each point in the colour of its label."),
                                                 tr("All points alike: what the model knows of them.")});
    m_labels->setFixedWidth(120);
    m_labels->setAccessibleName(tr("Labels"));
    connect(m_labels, &SegmentedChoice::chosen, this, [this](int index) { Q_EMIT labelsShownChanged(index == 0); });
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    layout->addWidget(mutedLabel(tr("labels"), 12, row));
    layout->addWidget(m_labels);
    layout->addStretch(1);
    return row;
}

PropertiesPanel::Property PropertiesPanel::property() const { return static_cast<Property>(m_tabs->current()); }

QString PropertiesPanel::sentence() const {
    if (property() == Property::Unlabelled)
        return tr("The training never saw a label; colours only name the points afterwards.");
    if (!m_properties && m_isBusy) return tr("The model is being measured.");
    if (property() == Property::Lossy) return lossySentence();
    return dataSpecificSentence();
}

QString PropertiesPanel::dataSpecificSentence() const {
    if (!m_properties) return tr("Here the model meets images unlike those it was trained on.");
    const QString own = QString::fromStdString(m_properties->data);
    const QString other = QString::fromStdString(m_properties->otherData);
    const QString mnist = QStringLiteral("MNIST");
    const QString kmnist = QStringLiteral("KMNIST");
    if (other.isEmpty()) {
        const bool isKmnist = own == kmnist;
        return tr("This needs a second data set. Put %1's files beside %2's to see this.")
            .arg(isKmnist ? mnist : kmnist, isKmnist ? kmnist : mnist);
    }
    if (own == mnist && other == kmnist) return tr("Trained on MNIST, asked about KMNIST: it draws digits.");
    return tr("It has only learnt %1; %2 comes back as %1.").arg(own, other);
}

QString PropertiesPanel::lossySentence() const {
    if (!m_properties) return tr("Here is how much is lost on the way through the code.");
    if (m_properties->codeSize == 0)
        return tr("This network has skip connections: the image does not have to fit through a code.");
    if (m_properties->codeSize == 1)
        return tr("%1 pixels squeezed into 1 number: what does not fit is lost.").arg(kImagePixels);
    return tr("%1 pixels squeezed into %2 numbers: what does not fit is lost.")
        .arg(kImagePixels)
        .arg(m_properties->codeSize);
}

void PropertiesPanel::requestIfMissing() {
    // Of the labels there is nothing to measure.
    if (!m_properties && !m_isBusy && property() != Property::Unlabelled) Q_EMIT measureRequested();
}

void PropertiesPanel::applyState() {
    const bool isDataSpecific = property() == Property::DataSpecific;
    const bool isUnlabelled = property() == Property::Unlabelled;
    m_sentence->setText(sentence());
    m_measure->setVisible(!m_properties && !m_isBusy && !isUnlabelled);
    m_dataSpecific->setVisible(isDataSpecific && m_properties);
    m_strip->setVisible(m_properties && m_properties->other.outputs.count > 0);
    m_histogram->setVisible(m_properties && !m_properties->errors.empty());
    m_curve->setVisible(property() == Property::Lossy && m_properties);
    m_labelsRow->setVisible(isUnlabelled);
    applyShape();
}

void PropertiesPanel::applyShape() {
    const bool isSideBySide = width() >= kSideBySide && height() < kTall;
    m_pair->setDirection(isSideBySide ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    m_pair->setSpacing(isSideBySide ? 16 : 8);
    // Under each other, the histogram needs more of the height than two rows of images.
    m_pair->setStretch(1, isSideBySide ? 1 : 2);
}

}  // namespace zwei
