// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <optional>
#include <vector>

class QPainter;

namespace zwei {

class LatentPlane;

/// How one image lies on a map, and the way that a search took from there.
struct LatentTrail {
    /// The points of an ellipse: standard deviations along the map's directions, and what of them is shared.
    struct Spread {
        double varianceX = 0;
        double varianceY = 0;
        double covariance = 0;
    };

    std::optional<QPointF> clean, noisy, denoised;
    std::vector<QPointF> steps;    ///< from what was encoded
    std::optional<Spread> spread;  ///< of the posterior around the first step

    bool isEmpty() const { return steps.empty(); }
};

/// The three images as a disc, a diamond and a square, each named, joined by a hairline; the steps in the accent; and
/// the ellipse that is two standard deviations around the first.
void drawLatentTrail(QPainter& painter, const LatentPlane& plane, const LatentTrail& trail);

}  // namespace zwei
