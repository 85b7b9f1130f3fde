// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "widgets/point_index.h"

namespace zwei {

/// Small translucent discs in the colours of the classes, prepared once for a picture and pressed onto it very often.
class DiscStamps {
public:
    static constexpr double kOpacity = 0.78;
    static constexpr int kBeyond = 4;  ///< pixels after the last of a picture that are read and written back

    /// How many pixels a disc may reach from its centre's pixel.
    static int reachOf(double diameter) { return static_cast<int>(std::ceil(diameter / 2)) + 1; }

    /// Where on a picture points lie: at (x + perUnit * point.x, y - perUnit * point.y), if both are in [first, last)
    /// and their class is visible.
    struct Place {
        float x;
        float y;
        float perUnit;
        float first;
        float last;
        std::span<const bool> isVisible;
    };

    /// For pictures with rows of `stride` pixels.
    DiscStamps(double diameter, int stride);
    ~DiscStamps();
    DiscStamps(const DiscStamps&) = delete;
    DiscStamps& operator=(const DiscStamps&) = delete;

    /// One after the other onto pixels 0xffRRGGBB.
    void press(std::span<const CloudPoint> points, const Place& place, std::uint32_t* picture) const;

private:
    class Stamp;

    static void pressAll(const Stamp* stamps, int stride, std::span<const CloudPoint> points, const Place& place,
                         std::uint32_t* picture);

    std::vector<Stamp> m_stamps;  // of the classes, and of points without one
    int m_stride;
};

}  // namespace zwei
