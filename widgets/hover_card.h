// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QPointF>
#include <QRectF>
#include <QString>
#include <optional>

class QPainter;

namespace zwei {

/// Side of the picture in a hover card: three pixels for each of an MNIST image's.
inline constexpr int kHoverPicture = 84;

/// What a map says of the image under the pointer.
struct HoverNote {
    QPointF at;                ///< its place on the map, pixels
    QImage picture;            ///< drawn `kHoverPicture` pixels large; null where the image is not at hand
    std::optional<int> label;  ///< its class
    QString title;
    QString place;
};

/// A small floating card beside the point, on the side where it fits into `room`, and a ring around the point.
void drawHoverCard(QPainter& painter, const QRectF& room, const HoverNote& note);

}  // namespace zwei
