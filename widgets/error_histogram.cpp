// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/error_histogram.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "models/types/quantile.h"
#include "widgets/drawing/axis_step.h"
#include "widgets/drawing/numerals.h"
#include "widgets/drawing/theme.h"
#include "widgets/style_sheet.h"

namespace zwei {
namespace {

double mean(const std::vector<double>& values) {
    return values.empty() ? 0 : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// What all but a few of the values are below.
double nearlyHighest(const std::vector<double>& values) { return quantile(values, 0.995); }

}  // namespace

ErrorHistogram::ErrorHistogram(QWidget* parent) : PropertyDrawing({160, 88}, parent) {
    setAccessibleName(tr("Mean squared error of each image"));
}

void ErrorHistogram::setErrors(const PropertiesSnapshot& properties) {
    const double most = std::max(nearlyHighest(properties.errors), nearlyHighest(properties.otherErrors));
    m_highest = std::isfinite(most) && most > 0 ? most * 1.04 : 1;
    m_sets[0] = makeSet(properties.data, properties.errors);
    m_sets[1] = makeSet(properties.otherData, properties.otherErrors);
    QStringList spoken;
    for (const Set& set : m_sets)
        if (set.isKnown) spoken << set.label;
    setAccessibleDescription(spoken.join(QStringLiteral(", ")));
    update();
}

void ErrorHistogram::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::current();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto labels = labelBoxes();
    const int top = std::max(labels[0].bottom(), labels[1].bottom()) + 6;
    const QRectF plot(0.5, top, width() - 1.0, height() - top - kAxis);
    paintAxis(painter, plot);
    // The other set behind: the model's own is what it is compared with.
    for (const std::size_t i : {std::size_t{1}, std::size_t{0}}) {
        if (!m_sets[i].isKnown) continue;
        const QColor colour = i == 0 ? theme.accent : theme.difference;
        const double x = plot.left() + meanShare(m_sets[i]) * plot.width();
        painter.setPen(QPen(colour, 1, Qt::DotLine));
        painter.drawLine(QPointF(x, labels[i].bottom() + 2), plot.bottomLeft() + QPointF(x - plot.left(), 0));
        paintShares(painter, plot, m_sets[i].shares, colour);
        painter.setFont(Theme::font(11, QFont::DemiBold));
        painter.setPen(i == 0 ? theme.accent : warningColour(theme));
        painter.drawText(labels[i], Qt::AlignCenter, m_sets[i].label);
    }
}

ErrorHistogram::Set ErrorHistogram::makeSet(const std::string& title, const std::vector<double>& errors) const {
    Set set;
    set.isKnown = !errors.empty();
    set.mean = mean(errors);
    set.label = QStringLiteral("%1 %2").arg(QString::fromStdString(title), numberText(set.mean, 3));
    for (const double error : errors) {
        if (!(error >= 0 && error < m_highest)) continue;
        set.shares[static_cast<std::size_t>(error / m_highest * kBins)] += 1.0 / static_cast<double>(errors.size());
    }
    return set;
}

double ErrorHistogram::meanShare(const Set& set) const {
    const double share = set.mean / m_highest;
    return share < 1 ? std::max(share, 0.0) : 1;
}

std::array<QRect, 2> ErrorHistogram::labelBoxes() const {
    const QFontMetrics metrics(Theme::font(11, QFont::DemiBold), this);
    std::array<QRect, 2> boxes;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        if (!m_sets[i].isKnown) continue;
        const int wide = metrics.horizontalAdvance(m_sets[i].label) + 4;
        const int centre = static_cast<int>(meanShare(m_sets[i]) * width());
        boxes[i] = QRect(std::clamp(centre - wide / 2, 0, std::max(0, width() - wide)), 0, wide, metrics.height());
    }
    if (boxes[0].adjusted(-6, 0, 6, 0).intersects(boxes[1])) boxes[1].translate(0, metrics.height());
    return boxes;
}

void ErrorHistogram::paintAxis(QPainter& painter, const QRectF& plot) const {
    const Theme& theme = Theme::current();
    painter.setPen(theme.line);
    painter.drawLine(plot.bottomLeft(), plot.bottomRight());
    painter.setPen(theme.muted);
    painter.setFont(Theme::font(10));
    const QRectF line(plot.left(), plot.bottom() + 2, plot.width(), kAxis - 2);
    const QString title = tr("squared error");
    painter.drawText(line, Qt::AlignRight | Qt::AlignBottom, title);
    const double free = line.width() - painter.fontMetrics().horizontalAdvance(title) - 8;
    const double step = niceStep(m_highest, std::max(2, width() / 48));
    for (int i = 0; i * step <= m_highest; ++i) {
        const QString text = tickText(i * step, step);
        const double half = painter.fontMetrics().horizontalAdvance(text) / 2.0;
        const double x = std::max(half, i * step / m_highest * line.width());
        if (x + half > free) break;
        painter.drawText(QRectF(line.left() + x - half, line.top(), 2 * half + 1, line.height()),
                         Qt::AlignLeft | Qt::AlignBottom, text);
    }
}

void ErrorHistogram::paintShares(QPainter& painter, const QRectF& plot, const std::array<double, kBins>& shares,
                                 const QColor& colour) const {
    double most = 1e-9;
    for (const Set& set : m_sets) most = std::max(most, *std::max_element(set.shares.begin(), set.shares.end()));
    QPainterPath outline(plot.bottomLeft());
    for (std::size_t i = 0; i < shares.size(); ++i) {
        const double y = plot.bottom() - shares[i] / most * plot.height();
        outline.lineTo(plot.left() + static_cast<double>(i) / kBins * plot.width(), y);
        outline.lineTo(plot.left() + static_cast<double>(i + 1) / kBins * plot.width(), y);
    }
    outline.lineTo(plot.bottomRight());
    QColor fill = colour;
    fill.setAlphaF(0.2F);
    painter.fillPath(outline, fill);
    painter.strokePath(outline, QPen(colour, 1.2, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin));
}

}  // namespace zwei
