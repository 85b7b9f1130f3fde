// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPainter>
#include <algorithm>
#include <cmath>

namespace zwei {

/// draw() for a few rows of `area` after the other, to which the painter is clipped. Of an image that is scaled or of a
/// colour that is not opaque Qt 6 shares more than 95 rows of pixels among threads, and a window waits long for these
/// where a training keeps the processors.
template <typename Draw>
void inBands(QPainter& painter, const QRectF& area, const Draw& draw) {
    constexpr double kPixels = 64;
    const double rows = std::max(1.0, std::floor(kPixels / painter.device()->devicePixelRatioF()));
    for (double top = std::floor(area.top()); top < area.bottom(); top += rows) {
        painter.save();
        painter.setClipRect(QRectF(area.left(), top, area.width(), rows), Qt::IntersectClip);
        draw();
        painter.restore();
    }
}

}  // namespace zwei
