// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/drawing/latent_plane.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <functional>

#include "widgets/drawing/in_bands.h"
#include "widgets/drawing/numerals.h"
#include "widgets/drawing/theme.h"

namespace zwei {
namespace {

constexpr double kSmallestSide = 0.01;  // latent units; single precision codes are still told apart
constexpr double kLargestSide = 2000;
constexpr double kFarthestCentre = 1000;

constexpr int kTickRow = 20;  // below the square, pixels
constexpr int kTickGap = 5;   // between the square and its numbers
constexpr int kFooter = 24;
constexpr double kNameOpacity = 0.6;

QPointF centreOf(const LatentRect& area) { return {area.left + area.width() / 2, area.bottom + area.height() / 2}; }

LatentRect squareAround(QPointF centre, double side) {
    return {centre.x() - side / 2, centre.y() - side / 2, centre.x() + side / 2, centre.y() + side / 2};
}

bool isFinite(const LatentRect& area) {
    return std::isfinite(area.left) && std::isfinite(area.bottom) && std::isfinite(area.right) &&
           std::isfinite(area.top);
}

bool isWithinBounds(const LatentRect& area) {
    const double side = area.width();
    const QPointF centre = centreOf(area);
    return std::abs(side - area.height()) <= 1e-9 * side && side >= kSmallestSide * (1 - 1e-9) &&
           side <= kLargestSide * (1 + 1e-9) && std::abs(centre.x()) <= kFarthestCentre &&
           std::abs(centre.y()) <= kFarthestCentre;
}

/// Room for the numbers at the left: "−0.5" fits; longer ones are turned (see `drawVerticalNumber`).
int numberColumn() {
    static const double widest = QFontMetricsF(Theme::font(11)).horizontalAdvance(numberText(-0.5, 1));
    return static_cast<int>(std::ceil(widest)) + kTickGap;
}

/// The smallest number of logical pixels that is a whole number of device pixels, where there is one below 9.
int pixelGrid(double devicePixelRatio) {
    for (int pixels = 1; pixels <= 8; ++pixels) {
        const double device = pixels * devicePixelRatio;
        if (std::abs(device - std::round(device)) < 1e-6) return pixels;
    }
    return 1;
}

/// Like `std::clamp`, but the low end wins where there is no room at all.
double keptWithin(double value, double low, double high) { return std::max(low, std::min(value, high)); }

double devicePixelRatioOf(const QPainter& painter) {
    return painter.device() != nullptr ? painter.device()->devicePixelRatioF() : 1.0;
}

/// One device pixel on ordinary screens, and about as thick on finer ones; logical pixels.
double hairlineOf(const QPainter& painter) {
    const double ratio = devicePixelRatioOf(painter);
    return std::max(1.0, std::floor(ratio)) / ratio;
}

double snapped(const QPainter& painter, double pixel) {
    const double ratio = devicePixelRatioOf(painter);
    return std::round(pixel * ratio) / ratio;
}

int decimalsOf(double step) { return std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9))); }

/// The widest number at that step along one of the axes, in pixels.
double numberWidth(const LatentAxis& a, const LatentAxis& b, double step) {
    const QFontMetricsF metrics(Theme::font(11));
    double widest = 0;
    for (const double value : {a.from, a.to, b.from, b.to})
        widest = std::max(widest, metrics.horizontalAdvance(numberText(value, decimalsOf(step))));
    return widest;
}

/// 1, 2 or 5 times a power of ten: the smallest that leaves room for the numbers and puts no more than ten on a side.
/// Both axes have the same.
double tickStep(const LatentAxis& a, const LatentAxis& b, int side) {
    const double least = std::max(32.0, side / 9.0);  // pixels
    const double pixel = (a.to - a.from) / side;
    for (double magnitude = std::pow(10.0, std::floor(std::log10(least * pixel)));; magnitude *= 10)
        for (const double step : {magnitude, 2 * magnitude, 5 * magnitude})
            if (step >= pixel * std::max(least, numberWidth(a, b, step) + 2 * kSpace)) return step;
}

std::vector<PlaneTick> evenTicks(const LatentAxis& axis, double step) {
    constexpr double kSlack = 1e-6;  // a tick at the very edge is one
    std::vector<PlaneTick> ticks;
    const auto last = static_cast<long long>(std::floor(axis.to / step + kSlack));
    for (auto i = static_cast<long long>(std::ceil(axis.from / step - kSlack)); i <= last; ++i) {
        const double value = static_cast<double>(i) * step;
        ticks.push_back({std::clamp(axis.share(value), 0.0, 1.0), numberText(value, decimalsOf(step))});
    }
    return ticks;
}

std::vector<PlaneTick> quantileTicks(const LatentAxis& axis, int side) {
    constexpr double kRoom = 24;  // pixels; whole numbers crowd towards the edges
    std::vector<PlaneTick> ticks = {{axis.share(0), numberText(0, 0)}};
    for (int value = 1; value <= 4; ++value) {
        const double share = axis.share(value);
        if ((share - ticks.back().share) * side < kRoom) break;
        ticks.insert(ticks.begin(), {1 - share, numberText(-value, 0)});
        ticks.push_back({share, numberText(value, 0)});
    }
    return ticks;
}

void drawHorizontalNumber(QPainter& painter, const QRect& square, double share, const QString& text) {
    const double width = painter.fontMetrics().horizontalAdvance(text);
    const double left = square.left() + share * square.width() - width / 2;
    const double kept = keptWithin(left, square.left(), square.left() + square.width() - width);
    painter.drawText(QRectF(kept - 2, square.top() + square.height() + 3, width + 4, kTickRow - 3), Qt::AlignCenter,
                     text);
}

bool isTurnedAtTheLeft(double width) { return width > numberColumn() - kTickGap; }

double verticalExtent(const QPainter& painter, const QString& text) {
    const double width = painter.fontMetrics().horizontalAdvance(text);
    return isTurnedAtTheLeft(width) ? width : painter.fontMetrics().capHeight() + 2;
}

/// A number that is too long for the column is turned by a quarter, so that the square need not move when a person
/// zooms in.
void drawVerticalNumber(QPainter& painter, const QRect& square, double share, const QString& text) {
    const double width = painter.fontMetrics().horizontalAdvance(text);
    const double column = square.left() - kTickGap;
    const bool isTurned = isTurnedAtTheLeft(width);
    const double extent = verticalExtent(painter, text);
    const double bottom = square.top() + square.height();
    const double middle = keptWithin(bottom - share * square.height(), square.top() + extent / 2, bottom - extent / 2);
    if (!isTurned) {
        painter.drawText(QRectF(0, middle - 10, column, 20), Qt::AlignRight | Qt::AlignVCenter, text);
        return;
    }
    painter.save();
    painter.translate(column - 7, middle);
    painter.rotate(-90);
    painter.drawText(QRectF(-width / 2 - 2, -10, width + 4, 20), Qt::AlignCenter, text);
    painter.restore();
}

double horizontalExtent(const QPainter& painter, const QString& text) {
    return painter.fontMetrics().horizontalAdvance(text);
}

/// Where the name of an axis stands: between the last two numbers, or in the place of the last but one, which goes,
/// where there is no room between them. `extentOf` says how long a text is along the axis, in pixels.
double makeRoomForName(std::vector<PlaneTick>& ticks, const QString& name, int side,
                       const std::function<double(const QString&)>& extentOf) {
    if (ticks.size() < 2) return ticks.empty() || ticks.front().share < 0.5 ? 0.9 : 0.1;
    const PlaneTick last = ticks.back();
    const PlaneTick before = ticks[ticks.size() - 2];
    const double half = extentOf(last.text) / 2;
    const double high = keptWithin(last.share * side, half, side - half) - half;
    const double low = before.share * side + extentOf(before.text) / 2;
    if (high - low >= extentOf(name) + kSpace) return (low + high) / 2 / side;
    ticks.erase(ticks.end() - 2);
    return before.share;
}

void drawHorizontalAxis(QPainter& painter, const LatentPlane& plane, const QString& name) {
    const QRect& square = plane.square();
    auto ticks = plane.horizontalTicks();
    const double share = makeRoomForName(ticks, name, square.width(),
                                         [&](const QString& text) { return horizontalExtent(painter, text); });
    for (const auto& tick : ticks) drawHorizontalNumber(painter, square, tick.share, tick.text);
    painter.setOpacity(kNameOpacity);
    drawHorizontalNumber(painter, square, share, name);
    painter.setOpacity(1);
}

void drawVerticalAxis(QPainter& painter, const LatentPlane& plane, const QString& name) {
    const QRect& square = plane.square();
    auto ticks = plane.verticalTicks();
    const double share = makeRoomForName(ticks, name, square.height(),
                                         [&](const QString& text) { return verticalExtent(painter, text); });
    for (const auto& tick : ticks) drawVerticalNumber(painter, square, tick.share, tick.text);
    painter.setOpacity(kNameOpacity);
    drawVerticalNumber(painter, square, share, name);
    painter.setOpacity(1);
}

void drawClasses(QPainter& painter, const QRect& square, int current) {
    for (int label = 0; label < kClasses; ++label) {
        painter.setPen(label == current ? Theme::current().text : Theme::current().muted);
        drawVerticalNumber(painter, square, 1 - (label + 0.5) / kClasses, QString::number(label));
    }
}

void drawFrame(QPainter& painter, const QRect& square, const QColor& colour) {
    const double line = hairlineOf(painter);
    const QRectF inner(square);
    const QRectF outer = inner.adjusted(-line, -line, line, line);
    painter.fillRect(QRectF(outer.left(), outer.top(), outer.width(), line), colour);
    painter.fillRect(QRectF(outer.left(), inner.bottom(), outer.width(), line), colour);
    painter.fillRect(QRectF(outer.left(), inner.top(), line, inner.height()), colour);
    painter.fillRect(QRectF(inner.right(), inner.top(), line, inner.height()), colour);
}

void startAxes(QPainter& painter, const LatentPlane& plane, bool focused) {
    const Theme& theme = Theme::current();
    drawFrame(painter, plane.square(), focused ? theme.muted : theme.line);
    painter.setFont(Theme::font(11));
    painter.setPen(theme.muted);
}

}  // namespace

LatentRect boundedArea(const LatentRect& wish) {
    if (!isFinite(wish)) return {};
    if (isWithinBounds(wish)) return wish;
    const double side =
        std::clamp(std::max(std::abs(wish.width()), std::abs(wish.height())), kSmallestSide, kLargestSide);
    const QPointF centre = centreOf(wish);
    return squareAround({std::clamp(centre.x(), -kFarthestCentre, kFarthestCentre),
                         std::clamp(centre.y(), -kFarthestCentre, kFarthestCentre)},
                        side);
}

LatentRect zoomedArea(const LatentRect& area, QPointF anchor, double factor) {
    const double side = area.width();
    const double kept = std::clamp(factor, kSmallestSide / side, kLargestSide / side);
    return boundedArea({anchor.x() + (area.left - anchor.x()) * kept, anchor.y() + (area.bottom - anchor.y()) * kept,
                        anchor.x() + (area.right - anchor.x()) * kept, anchor.y() + (area.top - anchor.y()) * kept});
}

LatentRect pannedArea(const LatentRect& area, QPointF by) {
    return boundedArea({area.left + by.x(), area.bottom + by.y(), area.right + by.x(), area.top + by.y()});
}

AxisNames axisNames(const MapAxes& axes) {
    if (axes.isPrincipal) return {QStringLiteral("PC₁"), QStringLiteral("PC₂")};
    return {subscripted(QStringLiteral("z"), axes.x + 1), subscripted(QStringLiteral("z"), axes.y + 1)};
}

QString latentPointText(QPointF z, const AxisNames& names) {
    return QStringLiteral("%1 %2  %3 %4").arg(names.x, coordinateText(z.x()), names.y, coordinateText(z.y()));
}

LatentPlane::LatentPlane(const QRect& square, const LatentRect& area, GridSpacing spacing)
    : m_square(square), m_horizontal{area.left, area.right, spacing}, m_vertical{area.bottom, area.top, spacing} {}

QRect LatentPlane::squareIn(QSize widget, double devicePixelRatio) {
    const int grid = pixelGrid(devicePixelRatio);
    const auto floored = [grid](int pixel) { return std::max(0, pixel) / grid * grid; };
    const QPoint corner(floored(numberColumn() + grid - 1), floored(1 + grid - 1));
    const int width = widget.width() - 1 - corner.x();
    const int height = widget.height() - kTickRow - kFooter - kSpace - corner.y();
    const int side = std::max(grid, floored(std::min(width, height)));
    return {corner + QPoint(floored((width - side) / 2), floored((height - side) / 2)), QSize(side, side)};
}

QRect LatentPlane::footerIn(QSize widget) { return {0, widget.height() - kFooter, widget.width(), kFooter}; }

QSize LatentPlane::smallestWidget() { return {200, 200 - numberColumn() + kTickRow + kFooter + kSpace}; }

QSize LatentPlane::preferredWidget() { return {360, 360 - numberColumn() + kTickRow + kFooter + kSpace}; }

QPointF LatentPlane::toPixel(QPointF z) const {
    return {m_square.left() + m_horizontal.share(z.x()) * m_square.width(),
            m_square.top() + (1 - m_vertical.share(z.y())) * m_square.height()};
}

QPointF LatentPlane::toLatent(QPointF pixel) const {
    double across = (pixel.x() - m_square.left()) / m_square.width();
    double upwards = 1 - (pixel.y() - m_square.top()) / m_square.height();
    if (!isEven()) {  // the edges are infinitely far away: stay half a pixel inside
        const double edge = 0.5 / m_square.width();
        across = std::clamp(across, edge, 1 - edge);
        upwards = std::clamp(upwards, edge, 1 - edge);
    }
    return {m_horizontal.value(across), m_vertical.value(upwards)};
}

QRectF LatentPlane::toPixels(const LatentRect& area) const {
    return {toPixel({area.left, area.top}), toPixel({area.right, area.bottom})};
}

std::vector<PlaneTick> LatentPlane::ticks(const LatentAxis& axis) const {
    return isEven() ? evenTicks(axis, tickStep(m_horizontal, m_vertical, m_square.width()))
                    : quantileTicks(axis, m_square.width());
}

void drawPlaneAxes(QPainter& painter, const LatentPlane& plane, bool focused, const AxisNames& names) {
    painter.save();
    startAxes(painter, plane, focused);
    drawHorizontalAxis(painter, plane, names.x);
    drawVerticalAxis(painter, plane, names.y);
    painter.restore();
}

void drawClassRowAxes(QPainter& painter, const LatentPlane& plane, bool focused, const AxisNames& names, int label) {
    painter.save();
    startAxes(painter, plane, focused);
    drawHorizontalAxis(painter, plane, names.x);
    drawClasses(painter, plane.square(), label);
    painter.restore();
}

void drawPlaneCursor(QPainter& painter, const LatentPlane& plane, QPointF z) {
    const Theme& theme = Theme::current();
    const QRectF square(plane.square());
    const QPointF at = plane.toPixel(z);
    const bool isAcross = at.x() >= square.left() && at.x() <= square.right();
    const bool isUp = at.y() >= square.top() && at.y() <= square.bottom();
    const double line = hairlineOf(painter);
    const QPointF hairs(snapped(painter, at.x() - line / 2), snapped(painter, at.y() - line / 2));
    const QPointF middle = hairs + QPointF(line / 2, line / 2);
    QColor hair = theme.accent;
    hair.setAlphaF(0.75f);
    painter.save();
    painter.setClipRect(square);
    const QRectF upright(hairs.x(), square.top(), line, square.height());
    if (isAcross) inBands(painter, square, [&] { painter.fillRect(upright, hair); });
    if (isUp) painter.fillRect(QRectF(square.left(), hairs.y(), square.width(), line), hair);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.accent, 2));
    painter.setBrush(theme.card);
    if (isAcross && isUp) {
        painter.drawEllipse(middle, 5, 5);
    } else {
        painter.setBrush(theme.accent);
        const QRectF inner = square.adjusted(3, 3, -3, -3);
        painter.drawEllipse(QPointF(keptWithin(middle.x(), inner.left(), inner.right()),
                                    keptWithin(middle.y(), inner.top(), inner.bottom())),
                            2, 2);
    }
    painter.restore();
}

void drawColumnCursor(QPainter& painter, const LatentPlane& plane, double x, const QRectF& tile) {
    const Theme& theme = Theme::current();
    const QRectF square(plane.square());
    const double line = hairlineOf(painter);
    const double left = snapped(painter, plane.toPixel({x, 0}).x() - line / 2);
    const double middle = left + line / 2;
    painter.save();
    painter.setClipRect(square);
    painter.setRenderHint(QPainter::Antialiasing);
    if (middle >= square.left() && middle <= square.right()) {
        QColor hair = theme.accent;
        hair.setAlphaF(0.75f);
        inBands(painter, square, [&] {
            painter.fillRect(QRectF(QPointF(left, square.top()), QPointF(left + line, tile.top())), hair);
            painter.fillRect(QRectF(QPointF(left, tile.bottom()), QPointF(left + line, square.bottom())), hair);
        });
        painter.setPen(QPen(theme.accent, 2));
        painter.drawRoundedRect(tile, 2, 2);
    } else {
        painter.setPen(QPen(theme.accent, 2));
        painter.setBrush(theme.accent);
        painter.drawEllipse(QPointF(keptWithin(middle, square.left() + 3, square.right() - 3), tile.center().y()), 2,
                            2);
    }
    painter.restore();
}

void drawPlaneMessage(QPainter& painter, const LatentPlane& plane, const QString& text) {
    painter.save();
    painter.setFont(Theme::font(12));
    painter.setPen(Theme::current().muted);
    const QRect room = plane.square().adjusted(4 * kSpace, 4 * kSpace, -4 * kSpace, -4 * kSpace);
    painter.drawText(room, Qt::AlignCenter | Qt::TextWordWrap, text);
    painter.restore();
}

void drawPlaneFootnote(QPainter& painter, QSize widget, const QString& text) {
    const QRect footer = LatentPlane::footerIn(widget);
    painter.save();
    painter.setFont(Theme::font(11));
    painter.setPen(Theme::current().muted);
    painter.drawText(footer, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(text, Qt::ElideRight, footer.width()));
    painter.restore();
}

}  // namespace zwei
