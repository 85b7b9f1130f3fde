// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/point_index.h"

#include <algorithm>
#include <cmath>

namespace zwei {
namespace {

constexpr std::size_t kSample = 4096;
constexpr double kPointsPerCell = 4;
constexpr int kMostCells = 512;

struct Interval {
    double from;
    double to;
};

/// Where the middle 96% of the values lie, and a quarter more at either side: one stray code must not make the cells
/// of all others coarse.
Interval bulkOf(std::vector<float>& values) {
    if (values.empty()) return {-1, 1};
    std::sort(values.begin(), values.end());
    const double low = values[values.size() / 50];
    const double high = values[values.size() - 1 - values.size() / 50];
    const double margin = std::max((high - low) / 4, 1e-6 * (1 + std::abs(low) + std::abs(high)));
    return {low - margin, high + margin};
}

int clampedCell(double offset, int cells) {
    if (!(offset > 0)) return 0;
    return offset >= cells ? cells - 1 : static_cast<int>(offset);
}

}  // namespace

PointIndex::PointIndex(const std::vector<CloudPoint>& points) {
    const double cells = std::sqrt(static_cast<double>(points.size()) / kPointsPerCell);
    m_cells = std::clamp(static_cast<int>(cells), 1, kMostCells);
    chooseExtent(points);

    std::vector<std::uint32_t> cellOf(points.size());
    m_begins.assign(cellAt(0, m_cells) + 1, 0);
    for (std::size_t i = 0; i < points.size(); ++i) {
        cellOf[i] = static_cast<std::uint32_t>(cellAt(column(points[i].x), row(points[i].y)));
        ++m_begins[cellOf[i] + 1];
    }
    for (std::size_t i = 1; i < m_begins.size(); ++i) m_begins[i] += m_begins[i - 1];

    m_points.resize(points.size());
    auto next = m_begins;
    for (std::size_t i = 0; i < points.size(); ++i) m_points[next[cellOf[i]]++] = points[i];
}

void PointIndex::chooseExtent(std::span<const CloudPoint> points) {
    std::vector<float> xs;
    std::vector<float> ys;
    for (std::size_t i = 0; i < points.size(); i += 1 + points.size() / kSample) {
        xs.push_back(points[i].x);
        ys.push_back(points[i].y);
    }
    const Interval across = bulkOf(xs);
    const Interval upwards = bulkOf(ys);
    m_left = across.from;
    m_bottom = upwards.from;
    m_cellWidth = (across.to - across.from) / m_cells;
    m_cellHeight = (upwards.to - upwards.from) / m_cells;
}

int PointIndex::column(double x) const { return clampedCell((x - m_left) / m_cellWidth, m_cells); }

int PointIndex::row(double y) const { return clampedCell((y - m_bottom) / m_cellHeight, m_cells); }

/// Looks at square rings of cells around (x, y), from the inside out. What lies in ring n is at least n - 1 cells
/// away, so that the search ends as soon as something nearer was found.
const CloudPoint* PointIndex::nearest(double x, double y, double reach, std::span<const bool> isIn) const {
    if (m_points.empty() || !std::isfinite(x) || !std::isfinite(y)) return nullptr;
    const CloudPoint* best = nullptr;
    double bestSquare = reach * reach;
    const auto look = [&](int fromColumn, int toColumn, int r) {
        for (auto i = m_begins[cellAt(fromColumn, r)]; i < m_begins[cellAt(toColumn, r) + 1]; ++i) {
            const CloudPoint& point = m_points[i];
            const double square = (point.x - x) * (point.x - x) + (point.y - y) * (point.y - y);
            if (square > bestSquare || !isIn[point.group]) continue;
            bestSquare = square;
            best = &point;
        }
    };
    const int midColumn = column(x);
    const int midRow = row(y);
    const int leftmost = column(x - reach);
    const int rightmost = column(x + reach);
    const int lowest = row(y - reach);
    const int highest = row(y + reach);
    const double cell = std::min(m_cellWidth, m_cellHeight);
    for (int ring = 0; ring < m_cells && (ring - 1) * cell <= std::sqrt(bestSquare); ++ring) {
        const int left = midColumn - ring;
        const int right = midColumn + ring;
        for (int r = std::max(midRow - ring, lowest); r <= std::min(midRow + ring, highest); ++r) {
            if (std::abs(r - midRow) == ring) {
                look(std::max(left, leftmost), std::min(right, rightmost), r);
                continue;
            }
            if (left >= leftmost) look(left, left, r);
            if (right <= rightmost) look(right, right, r);
        }
    }
    return best;
}

}  // namespace zwei
