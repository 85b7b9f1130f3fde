// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace zwei {

/// Which two directions of a latent space the map shows.
struct MapAxes {
    bool isPrincipal = false;  ///< the first two principal components of the codes, and not dimensions
    int x = 0;                 ///< the dimension to the right,
    int y = 1;                 ///< and the one upwards; not the same

    bool operator==(const MapAxes&) const = default;
};

/// How the plane of the map lies in a latent space of any size: through `origin`, along two orthonormal directions. A
/// code of size 1 has a plane whose second direction is nowhere (all zeros).
struct MapPlane {
    std::vector<double> origin, right, up;

    static MapPlane ofDimensions(int size, int x, int y) {
        const std::vector<double> zeros(static_cast<std::size_t>(size));
        MapPlane plane{zeros, zeros, zeros};
        if (x < size) plane.right[static_cast<std::size_t>(x)] = 1;
        if (y < size) plane.up[static_cast<std::size_t>(y)] = 1;
        return plane;
    }

    /// Where a point lies on the map: what of it is along the two directions.
    template <typename Number>
    std::array<double, 2> project(std::span<const Number> z) const {
        std::array<double, 2> at{};
        for (std::size_t d = 0; d < origin.size() && d < z.size(); ++d) {
            at[0] += (static_cast<double>(z[d]) - origin[d]) * right[d];
            at[1] += (static_cast<double>(z[d]) - origin[d]) * up[d];
        }
        return at;
    }
    std::array<double, 2> project(const std::vector<double>& z) const { return project(std::span<const double>(z)); }

    /// `z` moved along the plane's directions until it lies at `at` on the map; the rest of it stays.
    std::vector<double> moved(std::vector<double> z, std::array<double, 2> at) const {
        const auto from = project(z);
        for (std::size_t d = 0; d < z.size() && d < origin.size(); ++d)
            z[d] += (at[0] - from[0]) * right[d] + (at[1] - from[1]) * up[d];
        return z;
    }

    bool operator==(const MapPlane&) const = default;
};

}  // namespace zwei
