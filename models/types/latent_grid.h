// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/types/gaussian_quantile.h"
#include "models/types/snapshot.h"

namespace zwei {

/// How one latent dimension is laid along one side of a map: `share` runs from 0 at the left (or bottom) edge to 1 at
/// the other. Even spacing lays out [from, to]. Quantile spacing lays out the whole line by the prior's distribution
/// function and ignores `from` and `to`. What is drawn, picked and decoded all goes through this one map.
struct LatentAxis {
    double from = -3;
    double to = 3;
    GridSpacing spacing = GridSpacing::Even;

    double share(double z) const { return spacing == GridSpacing::Even ? (z - from) / (to - from) : normalCdf(z); }
    double value(double share) const {
        return spacing == GridSpacing::Even ? from + share * (to - from) : normalQuantile(share);
    }

    bool operator==(const LatentAxis&) const = default;
};

/// z1, to the right.
inline LatentAxis horizontalAxis(const GridRequest& request) {
    return {request.area.left, request.area.right, request.spacing};
}

/// z2, upwards.
inline LatentAxis verticalAxis(const GridRequest& request) {
    return {request.area.bottom, request.area.top, request.spacing};
}

/// The middles of `side` tiles along the axis, ascending. With quantile spacing: those of equal shares of the prior.
inline std::vector<double> tileCentres(const LatentAxis& axis, int side) {
    std::vector<double> centres(static_cast<std::size_t>(side));
    for (int i = 0; i < side; ++i) centres[static_cast<std::size_t>(i)] = axis.value((i + 0.5) / side);
    return centres;
}

/// The points to decode for a latent grid: [rows * side, 2], row by row. Row 0 is the top one, with the largest z2.
/// Where each row is a class, all rows have the same points, with z2 = `height`, which means nothing otherwise.
inline std::vector<float> gridPoints(const GridRequest& request, double height = 0) {
    const auto across = tileCentres(horizontalAxis(request), request.side);
    const auto upwards = request.hasRowALabel ? std::vector<double>(static_cast<std::size_t>(request.rows()), height)
                                              : tileCentres(verticalAxis(request), request.side);
    std::vector<float> points;
    points.reserve(2 * across.size() * upwards.size());
    for (auto z2 = upwards.rbegin(); z2 != upwards.rend(); ++z2)
        for (const double z1 : across) {
            points.push_back(static_cast<float>(z1));
            points.push_back(static_cast<float>(*z2));
        }
    return points;
}

/// Of which class a conditional decoder should draw each tile: [rows * side], in the order of `gridPoints`.
inline std::vector<std::uint8_t> gridLabels(const GridRequest& request) {
    const auto side = static_cast<std::size_t>(request.side);
    std::vector<std::uint8_t> labels(static_cast<std::size_t>(request.rows()) * side);
    for (std::size_t tile = 0; tile < labels.size(); ++tile)
        labels[tile] =
            static_cast<std::uint8_t>(request.hasRowALabel ? tile / side : static_cast<std::size_t>(request.label));
    return labels;
}

}  // namespace zwei
