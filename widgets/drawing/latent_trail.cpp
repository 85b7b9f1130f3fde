// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/drawing/latent_trail.h"

#include <QCoreApplication>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "widgets/drawing/latent_plane.h"
#include "widgets/drawing/theme.h"

namespace zwei {
namespace {

constexpr double kMark = 4;            // pixels from the middle of a mark to its edge
constexpr double kDeviations = 2;      // of the ellipse
constexpr double kNearby = 3 * kMark;  // marks that are closer have one name only

QString tr(const char* text) { return QCoreApplication::translate("LatentTrail", text); }

struct Mark {
    QPointF at;
    QString name;
    QPainterPath shape;
};

QPainterPath disc(QPointF at) {
    QPainterPath path;
    path.addEllipse(at, kMark, kMark);
    return path;
}

QPainterPath diamond(QPointF at) {
    QPainterPath path;
    path.addPolygon(QPolygonF({at + QPointF(0, -1.3 * kMark), at + QPointF(1.3 * kMark, 0),
                               at + QPointF(0, 1.3 * kMark), at + QPointF(-1.3 * kMark, 0)}));
    path.closeSubpath();
    return path;
}

QPainterPath square(QPointF at) {
    QPainterPath path;
    path.addRect(QRectF(at - QPointF(kMark, kMark), at + QPointF(kMark, kMark)));
    return path;
}

std::vector<Mark> marksOf(const LatentPlane& plane, const LatentTrail& trail) {
    std::vector<Mark> marks;
    const auto add = [&](const std::optional<QPointF>& z, const char* name, QPainterPath (*shape)(QPointF)) {
        if (!z) return;
        const auto at = plane.toPixel(*z);
        marks.push_back({at, tr(name), shape(at)});
    };
    add(trail.clean, QT_TRANSLATE_NOOP("LatentTrail", "clean"), disc);
    add(trail.noisy, QT_TRANSLATE_NOOP("LatentTrail", "noisy"), diamond);
    add(trail.denoised, QT_TRANSLATE_NOOP("LatentTrail", "denoised"), square);
    return marks;
}

/// The points at `kDeviations` from the middle, by Cholesky's root of the covariance.
QPolygonF ellipse(const LatentPlane& plane, QPointF middle, const LatentTrail::Spread& spread) {
    constexpr int kPoints = 72;
    const double a = std::sqrt(std::max(spread.varianceX, 1e-12));
    const double b = spread.covariance / a;
    const double c = std::sqrt(std::max(spread.varianceY - b * b, 0.0));
    QPolygonF points;
    for (int i = 0; i < kPoints; ++i) {
        const double angle = 2 * std::numbers::pi * i / kPoints;
        const double u = kDeviations * std::cos(angle), v = kDeviations * std::sin(angle);
        points += plane.toPixel(middle + QPointF(a * u, b * u + c * v));
    }
    return points;
}

/// Marks that are close have one name together.
std::vector<Mark> withSharedNames(const std::vector<Mark>& marks) {
    std::vector<Mark> named;
    for (const auto& mark : marks) {
        const auto near = std::find_if(named.begin(), named.end(), [&](const Mark& other) {
            return std::abs(other.at.x() - mark.at.x()) < 5 * kNearby && std::abs(other.at.y() - mark.at.y()) < kNearby;
        });
        if (near == named.end())
            named.push_back(mark);
        else
            near->name += QStringLiteral(" · ") + mark.name;
    }
    return named;
}

/// Above its mark, to the left or right, away from the others.
QRectF nameBox(const Mark& mark, const std::vector<Mark>& marks, QSizeF size, const QRectF& room) {
    double others = 0;
    for (const auto& other : marks) others += other.at.x() - mark.at.x();
    QRectF box(mark.at + QPointF(2 * kMark, -size.height() - kMark), size);  // clear of the cursor's hairs
    const double left = mark.at.x() - 2 * kMark - size.width();
    if (others > 0 && left > room.left()) box.moveLeft(left);
    if (box.right() > room.right()) box.moveRight(room.right() - 2);
    return box;
}

void drawNames(QPainter& painter, const std::vector<Mark>& marks, const QRectF& room) {
    painter.setFont(Theme::font(10));
    const QFontMetricsF metrics(painter.font());
    for (const auto& mark : withSharedNames(marks)) {
        if (!room.contains(mark.at)) continue;
        const QSizeF size(metrics.horizontalAdvance(mark.name) + 6, metrics.height());
        const auto box = nameBox(mark, marks, size, room);
        QColor ground = Theme::current().card;
        ground.setAlphaF(0.8f);
        painter.setPen(Qt::NoPen);
        painter.setBrush(ground);
        painter.drawRoundedRect(box, 3, 3);
        painter.setPen(Theme::current().text);
        painter.drawText(box, Qt::AlignCenter, mark.name);
    }
}

}  // namespace

void drawLatentTrail(QPainter& painter, const LatentPlane& plane, const LatentTrail& trail) {
    if (trail.isEmpty()) return;
    const Theme& theme = Theme::current();
    const auto marks = marksOf(plane, trail);
    QPolygonF joined, steps;
    for (const auto& mark : marks) joined += mark.at;
    for (const auto& step : trail.steps) steps += plane.toPixel(step);
    painter.save();
    painter.setClipRect(plane.square());
    painter.setRenderHint(QPainter::Antialiasing);
    if (trail.spread) {
        QColor inside = theme.text;
        inside.setAlphaF(0.08f);
        painter.setPen(QPen(theme.text, 1));
        painter.setBrush(inside);
        painter.drawPolygon(ellipse(plane, trail.steps.front(), *trail.spread));
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.text, 1, Qt::DashLine));
    painter.drawPolyline(joined);
    painter.setPen(QPen(theme.accent, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPolyline(steps);
    painter.setPen(QPen(theme.card, 1.5));
    painter.setBrush(theme.text);
    for (const auto& mark : marks) painter.drawPath(mark.shape);
    drawNames(painter, marks, QRectF(plane.square()));
    painter.restore();
}

}  // namespace zwei
