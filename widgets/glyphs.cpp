// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/glyphs.h"

#include <QColor>
#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>
#include <QTransform>

namespace zwei {
namespace {

// Every glyph is drawn in a square of 12 units.
constexpr qreal kUnits = 12;

QPainterPath lines(std::initializer_list<std::pair<QPointF, QPointF>> strokes) {
    QPainterPath path;
    for (const auto& [from, to] : strokes) {
        path.moveTo(from);
        path.lineTo(to);
    }
    return path;
}

QPainterPath corner(QPointF a, QPointF tip, QPointF b) {
    QPainterPath path(a);
    path.lineTo(tip);
    path.lineTo(b);
    return path;
}

QPainterPath filledShape(Glyph glyph) {
    QPainterPath path;
    if (glyph == Glyph::Play) {
        path.addPolygon(QPolygonF({{2.5, 1}, {11, 6}, {2.5, 11}}));
        path.closeSubpath();
    } else if (glyph == Glyph::Pause) {
        path.addRoundedRect(QRectF(2, 1, 3, 10), 0.8, 0.8);
        path.addRoundedRect(QRectF(7, 1, 3, 10), 0.8, 0.8);
    }
    return path;
}

QPainterPath turned(const QPainterPath& path, bool isMirrored) {
    return isMirrored ? QTransform(-1, 0, 0, 1, kUnits, 0).map(path) : path;
}

/// An arc that goes back to the left, with the head of an arrow.
QPainterPath backwards() {
    QPainterPath path(QPointF(1.8, 4));
    path.lineTo(7.5, 4);
    path.arcTo(QRectF(4.2, 4, 6, 6), 90, -180);
    path.lineTo(4, 10);
    path.addPath(corner({4, 1.6}, {1.6, 4}, {4, 6.4}));
    return path;
}

QPainterPath pen() {
    QPainterPath path;
    path.addPolygon(QPolygonF({{1.5, 10.5}, {2.3, 7.5}, {8.6, 1.2}, {10.8, 3.4}, {4.5, 9.7}}));
    path.closeSubpath();
    path.addPath(lines({{{7.2, 2.6}, {9.4, 4.8}}}));
    return path;
}

QPainterPath eraser() {
    QPainterPath path;
    path.addPolygon(QPolygonF({{1.2, 7.4}, {6.8, 1.8}, {10.4, 5.4}, {5.8, 10}, {3.8, 10}}));
    path.closeSubpath();
    path.addPath(lines({{{4, 4.6}, {7.6, 8.2}}, {{3.8, 10.2}, {10.6, 10.2}}}));
    return path;
}

QPainterPath folder() {
    QPainterPath path;
    path.addPolygon(QPolygonF({{1, 10}, {1, 2.2}, {4.6, 2.2}, {5.8, 3.8}, {11, 3.8}, {11, 10}}));
    path.closeSubpath();
    return path;
}

QPainterPath roundAgain() {
    QPainterPath path;
    path.arcMoveTo(QRectF(1.8, 1.8, 8.4, 8.4), 40);
    path.arcTo(QRectF(1.8, 1.8, 8.4, 8.4), 40, 290);
    path.addPath(corner({10.4, 0.8}, {9.6, 3.8}, {6.6, 3.2}));
    return path;
}

QPainterPath strokedShape(Glyph glyph) {
    switch (glyph) {
        case Glyph::Previous:
        case Glyph::Next:
            return turned(corner({8, 2}, {4, 6}, {8, 10}), glyph == Glyph::Next);
        case Glyph::Undo:
        case Glyph::Redo:
            return turned(backwards(), glyph == Glyph::Redo);
        case Glyph::Pen:
            return pen();
        case Glyph::Eraser:
            return eraser();
        case Glyph::Open:
            return folder();
        case Glyph::Again:
            return roundAgain();
        case Glyph::Menu:
            return lines({{{0.5, 2}, {11.5, 2}}, {{0.5, 6}, {11.5, 6}}, {{0.5, 10}, {11.5, 10}}});
        case Glyph::Close:
            return lines({{{2.5, 2.5}, {9.5, 9.5}}, {{9.5, 2.5}, {2.5, 9.5}}});
        case Glyph::ChevronDown:
            return corner({2, 4}, {6, 8}, {10, 4});
        case Glyph::Expand: {
            QPainterPath path = lines({{{2, 10}, {10, 2}}});
            path.addPath(corner({6.5, 1.8}, {10.2, 1.8}, {10.2, 5.5}));
            path.addPath(corner({1.8, 6.5}, {1.8, 10.2}, {5.5, 10.2}));
            return path;
        }
        case Glyph::Collapse: {
            QPainterPath path = lines({{{1.2, 10.8}, {4.8, 7.2}}, {{7.2, 4.8}, {10.8, 1.2}}});
            path.addPath(corner({1.4, 7}, {5, 7}, {5, 10.6}));
            path.addPath(corner({7, 1.4}, {7, 5}, {10.6, 5}));
            return path;
        }
        default:
            return {};
    }
}

class GlyphEngine : public QIconEngine {
public:
    GlyphEngine(Glyph glyph, const QColor& colour) : m_glyph(glyph), m_colour(colour) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        QColor colour = m_colour;
        if (mode == QIcon::Disabled) colour.setAlphaF(0.45F);
        paintGlyph(*painter, m_glyph, rect, colour);
    }

    // The base class's pixmap is not cleared before it is painted on.
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect({}, size), mode, state);
        return pixmap;
    }

    QIconEngine* clone() const override { return new GlyphEngine(m_glyph, m_colour); }

private:
    Glyph m_glyph;
    QColor m_colour;
};

}  // namespace

void paintGlyph(QPainter& painter, Glyph glyph, const QRectF& box, const QColor& colour) {
    const qreal side = std::min(box.width(), box.height());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(box.center().x() - side / 2, box.center().y() - side / 2);
    painter.scale(side / kUnits, side / kUnits);
    if (const QPainterPath filled = filledShape(glyph); !filled.isEmpty()) {
        painter.fillPath(filled, colour);
    } else {
        painter.setPen(QPen(colour, 1.3, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.setBrush(Qt::NoBrush);
        painter.drawPath(strokedShape(glyph));
    }
    painter.restore();
}

QIcon glyphIcon(Glyph glyph, const QColor& colour) { return QIcon(new GlyphEngine(glyph, colour)); }

}  // namespace zwei
