// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <QRect>
#include <QString>
#include <vector>

#include "models/types/latent_grid.h"
#include "models/types/map_plane.h"

class QPainter;

namespace zwei {

// ---- Areas of the plane ----

/// The nearest area a map may show: finite, square (the longer side decides), neither too small nor too far out.
LatentRect boundedArea(const LatentRect& wish);

/// `area` with its sides `factor` times as long (or as near to that as the limits allow); `anchor` stays in its place.
LatentRect zoomedArea(const LatentRect& area, QPointF anchor, double factor);

/// `area` moved by `by`, in latent units.
LatentRect pannedArea(const LatentRect& area, QPointF by);

/// What the directions of a map are called.
struct AxisNames {
    QString x = QStringLiteral("z₁");
    QString y = QStringLiteral("z₂");

    bool operator==(const AxisNames&) const = default;
};

/// "z₃" and "z₇", or "PC₁" and "PC₂".
AxisNames axisNames(const MapAxes& axes);

/// A point as the maps write it: "z₁ 0.31  z₂ −1.20".
QString latentPointText(QPointF z, const AxisNames& names = {});

// ---- A map of the plane on the screen ----

/// A number beside a map.
struct PlaneTick {
    double share = 0;  ///< of the side, from the left or the bottom
    QString text;
};

/// A square of a widget and the part of the latent plane that it shows: z1 to the right and z2 upwards. Pixels are the
/// widget's logical ones.
class LatentPlane {
public:
    LatentPlane(const QRect& square, const LatentRect& area, GridSpacing spacing = GridSpacing::Even);

    /// The square that every map draws itself in inside a widget of this size, so that maps of one size line up; its
    /// edges fall on whole device pixels.
    static QRect squareIn(QSize widget, double devicePixelRatio);

    /// The line below the map where the legend or a remark stands.
    static QRect footerIn(QSize widget);

    /// What a widget needs at least, and what it likes.
    static QSize smallestWidget();
    static QSize preferredWidget();

    const QRect& square() const { return m_square; }
    const LatentAxis& horizontal() const { return m_horizontal; }
    const LatentAxis& vertical() const { return m_vertical; }
    bool isEven() const { return m_horizontal.spacing == GridSpacing::Even; }

    QPointF toPixel(QPointF z) const;
    QPointF toLatent(QPointF pixel) const;  ///< always finite
    QRectF toPixels(const LatentRect& area) const;

    std::vector<PlaneTick> horizontalTicks() const { return ticks(m_horizontal); }
    std::vector<PlaneTick> verticalTicks() const { return ticks(m_vertical); }

    bool operator==(const LatentPlane&) const = default;

private:
    std::vector<PlaneTick> ticks(const LatentAxis& axis) const;

    QRect m_square;
    LatentAxis m_horizontal;
    LatentAxis m_vertical;
};

// ---- What every map draws in the same way ----

/// Hairline, numbers and names of the axes. `focused`: the keyboard's focus is here and should be seen.
void drawPlaneAxes(QPainter& painter, const LatentPlane& plane, bool focused, const AxisNames& names = {});

/// The same where each row of the map is a class: at the left are the classes, of which `label` is the current one.
void drawClassRowAxes(QPainter& painter, const LatentPlane& plane, bool focused, const AxisNames& names, int label);

/// The latent cursor: ring and crosshair; a dot at the edge where it is out of sight.
void drawPlaneCursor(QPainter& painter, const LatentPlane& plane, QPointF z);

/// The cursor where the height of a place means nothing: a line down the map, and a frame around `tile`.
void drawColumnCursor(QPainter& painter, const LatentPlane& plane, double x, const QRectF& tile);

/// What an empty map says in its middle.
void drawPlaneMessage(QPainter& painter, const LatentPlane& plane, const QString& text);

/// A remark in the line below the map.
void drawPlaneFootnote(QPainter& painter, QSize widget, const QString& text);

/// How near to the middle of the cursor's ring a press takes hold of it, in pixels.
inline constexpr double kCursorReach = 9;

}  // namespace zwei
