// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/code_size_curve.h"

#include <QPainter>
#include <algorithm>
#include <bit>
#include <cmath>

#include "widgets/drawing/axis_step.h"
#include "widgets/drawing/numerals.h"
#include "widgets/drawing/theme.h"

namespace zwei {
namespace {

constexpr double kLineWidth = 1.6;

}  // namespace

CodeSizeCurve::CodeSizeCurve(QWidget* parent) : PropertyDrawing({200, 88}, parent) {
    setAccessibleName(tr("Error against the size of the code"));
}

void CodeSizeCurve::setCurve(const PropertiesSnapshot& properties) {
    m_linear = properties.linear;
    m_codeSize = properties.codeSize;
    m_mse = properties.mse;
    const QString figures = tr("%1, %2 dB").arg(numberText(properties.mse, 3), numberText(properties.psnr, 1));
    const QString name = m_codeSize == 0   ? tr("this model")
                         : m_codeSize == 1 ? tr("this model, 1 number")
                                           : tr("this model, %1 numbers").arg(m_codeSize);
    m_label = {name + QStringLiteral(": ") + figures, name + QStringLiteral(":\n") + figures};
    setAccessibleDescription(m_label[0]);
    m_mostSize = std::max(2, m_codeSize);
    m_highest = std::max(1e-6, m_mse);
    for (const auto& [size, mse] : m_linear) {
        m_mostSize = std::max(m_mostSize, size);
        m_highest = std::max(m_highest, mse);
    }
    m_highest *= 1.05;
    update();
}

void CodeSizeCurve::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::current();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(Theme::font(10));
    const QRectF plot = plotBox(painter.fontMetrics());
    paintErrorAxis(painter, plot);
    paintSizeAxis(painter, plot);

    QPolygonF curve;
    for (const auto& [size, mse] : m_linear) curve << pixel(plot, size, mse);
    painter.setPen(QPen(theme.muted, kLineWidth, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPolyline(curve);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.muted);
    for (const QPointF& point : curve) painter.drawEllipse(point, 2.5, 2.5);
    const QRectF title(0, 0, plot.left() + 96, kTitle);
    paintModel(painter, plot, {title, paintCurveName(painter, plot, curve)}, curve);
}

QRectF CodeSizeCurve::plotBox(const QFontMetrics& metrics) const {
    const int left = metrics.horizontalAdvance(QStringLiteral("0.00")) + 12;
    return QRectF(left, kTitle, width() - left - 12, height() - kTitle - kAxis);
}

QPointF CodeSizeCurve::pixel(const QRectF& plot, int size, double mse) const {
    const double along = std::log2(std::max(1, size)) / std::log2(m_mostSize);
    return {plot.left() + along * plot.width(), plot.bottom() - mse / m_highest * plot.height()};
}

void CodeSizeCurve::paintErrorAxis(QPainter& painter, const QRectF& plot) const {
    const Theme& theme = Theme::current();
    painter.setPen(theme.muted);
    painter.drawText(QRectF(0, 0, width(), kTitle - 2), Qt::AlignLeft | Qt::AlignTop, tr("mean squared error"));
    const double step = niceStep(m_highest, std::clamp(static_cast<int>(plot.height() / 28), 1, 5));
    for (int i = 0; i * step <= m_highest; ++i) {
        const double y = plot.bottom() - i * step / m_highest * plot.height();
        painter.setPen(theme.line);
        painter.drawLine(QPointF(plot.left(), y), QPointF(width(), y));
        painter.setPen(theme.muted);
        painter.drawText(QRectF(0, y - 8, plot.left() - 12, 16), Qt::AlignRight | Qt::AlignVCenter,
                         tickText(i * step, step));
    }
}

void CodeSizeCurve::paintSizeAxis(QPainter& painter, const QRectF& plot) const {
    painter.setPen(Theme::current().muted);
    const int last = static_cast<int>(std::bit_floor(static_cast<unsigned>(m_mostSize)));
    double free = width();
    for (int size = last; size >= 1; size /= 2) {
        const QString text = size == last ? tr("%1 numbers").arg(size) : QString::number(size);
        const double wide = painter.fontMetrics().horizontalAdvance(text);
        const double left = std::min(pixel(plot, size, 0).x() - wide / 2, width() - wide);
        if (left + wide > free) continue;
        painter.drawText(QRectF(left, plot.bottom() + 2, wide + 1, kAxis - 2), Qt::AlignLeft | Qt::AlignBottom, text);
        free = left - 8;
    }
}

QRectF CodeSizeCurve::paintCurveName(QPainter& painter, const QRectF& plot, const QPolygonF& curve) const {
    if (curve.size() < 2) return {};
    const QString name = tr("principal components");
    painter.setFont(Theme::font(11));
    const double wide = painter.fontMetrics().horizontalAdvance(name) + 2;
    const QPointF at = curve[(curve.size() - 1) / 2];
    const double left = std::min(at.x() + 8, plot.right() + 12 - wide);
    const QRectF box(left, std::max(plot.top() - 2, at.y() - 20), wide, 16);
    painter.fillRect(box, Theme::current().card);
    painter.setPen(Theme::current().muted);
    painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter, name);
    return box;
}

void CodeSizeCurve::paintModel(QPainter& painter, const QRectF& plot, const std::array<QRectF, 2>& taken,
                               const QPolygonF& curve) const {
    const Theme& theme = Theme::current();
    const QPointF point = pixel(plot, m_codeSize, m_mse);
    const QPointF end = m_codeSize == 0 ? QPointF(plot.right(), point.y()) : point;
    painter.setFont(Theme::font(11, QFont::DemiBold));
    const auto [box, text] = labelPlace(painter.fontMetrics(), plot, point, taken, {curve, QPolygonF{{point, end}}});
    painter.fillRect(box, theme.card);
    painter.setPen(QPen(theme.accent, kLineWidth, Qt::DashLine));
    painter.drawLine(point, end);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.accent);
    if (m_codeSize > 0) painter.drawEllipse(point, 4, 4);
    painter.setPen(theme.accent);
    painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter, text);
}

std::pair<QRectF, QString> CodeSizeCurve::labelPlace(const QFontMetrics& metrics, const QRectF& plot, QPointF point,
                                                     const std::array<QRectF, 2>& taken,
                                                     const std::array<QPolygonF, 2>& lines) const {
    const QRectF room(plot.left(), 0, width() - plot.left(), plot.bottom() - 1);
    const auto isFree = [&](const QRectF& box) {
        const QRectF around = box.adjusted(-4, -1, 4, 1);
        return room.contains(box) && !box.intersects(taken[0]) && !box.intersects(taken[1]) &&
               !meets(lines[0], around) && !meets(lines[1], around);
    };
    for (const QString& text : m_label) {
        const QSizeF size = metrics.size(0, text) + QSize(2, 0);
        const double left = -size.width() - 10;
        const double above = -size.height() - 4;
        for (const QPointF& by : {QPointF(10, -size.height() / 2), QPointF(10, 4), QPointF(10, above),
                                  QPointF(left, -size.height() / 2), QPointF(left, 4), QPointF(left, above)})
            if (isFree({point + by, size})) return {{point + by, size}, text};
    }
    for (const QString& text : m_label) {
        const QSizeF size = metrics.size(0, text) + QSize(2, 0);
        const QRectF topRight(QPointF(room.right() - size.width(), 0), size);
        if (isFree(topRight)) return {topRight, text};
    }
    const QSizeF size = metrics.size(0, m_label[1]) + QSize(2, 0);
    return {{room.bottomLeft() + QPointF(4, -size.height()), size}, m_label[1]};
}

bool CodeSizeCurve::meets(const QPolygonF& line, const QRectF& box) {
    constexpr int kSteps = 64;
    for (qsizetype i = 0; i + 1 < line.size(); ++i)
        for (int step = 0; step <= kSteps; ++step)
            if (box.contains(line[i] + (line[i + 1] - line[i]) * step / kSteps)) return true;
    return false;
}

}  // namespace zwei
