// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/hover_card.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "models/types/class_colours.h"
#include "widgets/drawing/theme.h"

namespace zwei {
namespace {

constexpr double kPadding = 2 * kSpace;
constexpr double kGap = 3 * kSpace;  // between the point and the card
constexpr double kTextLine = 16;
constexpr double kDot = 8;

double titleIndent(const HoverNote& note) { return note.label ? kDot + kSpace : 0; }

QSizeF cardSize(const HoverNote& note) {
    const QFontMetricsF metrics(Theme::font(11));
    const double text =
        std::max(metrics.horizontalAdvance(note.title) + titleIndent(note), metrics.horizontalAdvance(note.place));
    const double picture = note.picture.isNull() ? 0 : kHoverPicture;
    return {std::ceil(std::max(text, picture)) + 2 * kPadding,
            picture + (picture > 0 ? kSpace : 0) + 2 * kTextLine + 2 * kPadding - kSpace};
}

/// To the right of the point and above it, or on the other side where it would be cut off.
QRectF cardRect(const QRectF& room, const HoverNote& note) {
    const QSizeF size = cardSize(note);
    double left = note.at.x() + kGap;
    double top = note.at.y() - kGap - size.height();
    if (left + size.width() > room.right()) left = note.at.x() - kGap - size.width();
    if (top < room.top()) top = note.at.y() + kGap;
    left = std::clamp(left, room.left(), std::max(room.left(), room.right() - size.width()));
    top = std::clamp(top, room.top(), std::max(room.top(), room.bottom() - size.height()));
    return {QPointF(std::round(left), std::round(top)), size};
}

void drawText(QPainter& painter, const QRectF& inner, double top, const HoverNote& note) {
    const Theme& theme = Theme::current();
    painter.setFont(Theme::font(11));
    if (note.label) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(QColor::fromRgb(kClassColours[static_cast<std::size_t>(*note.label)]));
        painter.drawEllipse(QRectF(inner.left(), top + (kTextLine - kDot) / 2, kDot, kDot));
    }
    painter.setPen(theme.text);
    painter.drawText(QRectF(inner.left() + titleIndent(note), top, inner.width(), kTextLine),
                     Qt::AlignLeft | Qt::AlignVCenter, note.title);
    painter.setPen(theme.muted);
    painter.drawText(QRectF(inner.left(), top + kTextLine, inner.width(), kTextLine), Qt::AlignLeft | Qt::AlignVCenter,
                     note.place);
}

}  // namespace

void drawHoverCard(QPainter& painter, const QRectF& room, const HoverNote& note) {
    const Theme& theme = Theme::current();
    const QRectF card = cardRect(room, note);
    const QRectF inner = card.adjusted(kPadding, kPadding, -kPadding, -kPadding);
    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.card, 4));
    painter.drawEllipse(note.at, 4.5, 4.5);
    painter.setPen(QPen(theme.text, 1.5));
    painter.drawEllipse(note.at, 4.5, 4.5);

    painter.setPen(QPen(theme.line, 1));
    painter.setBrush(theme.card);
    painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), kCardRadius, kCardRadius);
    double top = inner.top() - kSpace / 2.0;
    if (!note.picture.isNull()) {
        painter.drawImage(QRectF(inner.center().x() - kHoverPicture / 2.0, inner.top(), kHoverPicture, kHoverPicture),
                          note.picture);
        top = inner.top() + kHoverPicture + kSpace - kSpace / 2.0;
    }
    drawText(painter, inner, top, note);
    painter.restore();
}

}  // namespace zwei
