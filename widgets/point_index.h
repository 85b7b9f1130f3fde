// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace zwei {

/// A point of a cloud, in latent units.
struct CloudPoint {
    float x = 0;
    float y = 0;
    int index = 0;           ///< of its image
    std::uint8_t group = 0;  ///< its class; `kClasses` where it has none
};

/// Many points in the order of the cells of a uniform grid, row by row from the bottom, so that those of a place are
/// found, and drawn, together. The grid covers where most points are; its border cells also hold all that lies beyond.
class PointIndex {
public:
    PointIndex() = default;

    /// The points must be finite. Within a cell they stay in the order in which they came.
    explicit PointIndex(const std::vector<CloudPoint>& points);

    std::span<const CloudPoint> points() const { return m_points; }

    /// Calls `take(std::span<const CloudPoint>)` for runs of points that together hold all in the rectangle, and
    /// others near it.
    template <typename Take>
    void forEachRun(double left, double bottom, double right, double top, Take take) const {
        if (m_points.empty()) return;
        for (int r = row(bottom); r <= row(top); ++r) {
            const std::uint32_t begin = m_begins[cellAt(column(left), r)];
            const std::uint32_t end = m_begins[cellAt(column(right), r) + 1];
            take(points().subspan(begin, end - begin));
        }
    }

    /// The nearest point within `reach` of (x, y) among those for which `isIn[group]`; null if there is none.
    const CloudPoint* nearest(double x, double y, double reach, std::span<const bool> isIn) const;

private:
    void chooseExtent(std::span<const CloudPoint> points);
    int column(double x) const;
    int row(double y) const;
    std::size_t cellAt(int column, int row) const {
        return static_cast<std::size_t>(row) * static_cast<std::size_t>(m_cells) + static_cast<std::size_t>(column);
    }

    std::vector<CloudPoint> m_points;
    std::vector<std::uint32_t> m_begins;  ///< [cells * cells + 1] into `m_points`
    int m_cells = 0;                      ///< along a side
    double m_left = 0;
    double m_bottom = 0;
    double m_cellWidth = 1;
    double m_cellHeight = 1;
};

}  // namespace zwei
