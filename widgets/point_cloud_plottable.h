// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <qcustomplot.h>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "models/types/snapshot.h"
#include "widgets/drawing/latent_plane.h"
#include "widgets/point_index.h"

namespace zwei {

/// Very many points as small translucent discs, in one picture that is kept until what it shows changes. At each place
/// they are drawn in a random but fixed order, so that no class covers another, and they remember which image each
/// belongs to (which QCPGraph does not).
class PointCloudPlottable final : public QCPAbstractPlottable {
public:
    static constexpr int kGroups = kClasses + 1;  ///< the classes, and the points that have none

    PointCloudPlottable(QCPAxis* keyAxis, QCPAxis* valueAxis);

    /// Takes over the dimensions `x` and `y` of the means. A code without a label in [0, 10) has no class; codes that
    /// are not finite are left out.
    void setCodes(const Codes& codes, int x, int y, std::span<const std::uint8_t> labels);

    void setPlane(const LatentPlane& plane);
    void setGroupVisible(int group, bool visible);

    /// Diameter in pixels of a point of a cloud of 10,000 on a map of 340 pixels; in larger ones they are smaller.
    void setPointSize(double pixels);

    /// Colours may have changed.
    void forgetPicture() { m_picture.clear(); }

    /// Index of the visible image whose point is nearest to `pixel`, at most `reach` pixels away; -1 if there is none.
    int indexAt(QPointF pixel, double reach) const;

    double selectTest(const QPointF& pos, bool onlySelectable, QVariant* details = nullptr) const override;
    QCPRange getKeyRange(bool& foundRange, QCP::SignDomain inSignDomain = QCP::sdBoth) const override;
    QCPRange getValueRange(bool& foundRange, QCP::SignDomain inSignDomain = QCP::sdBoth,
                           const QCPRange& inKeyRange = QCPRange()) const override;

protected:
    void draw(QCPPainter* painter) override;
    void drawLegendIcon(QCPPainter* painter, const QRectF& rect) const override;

private:
    void shuffle(int count);
    void drawDiscs(QCPPainter& painter) const;  ///< one by one, for a picture of vectors
    double diameter() const;
    double unitsPerPixel() const;
    void render(double devicePixelRatio);

    PointIndex m_index;                  ///< holds the points
    std::vector<std::uint32_t> m_order;  ///< a permutation, kept while the count stays
    std::array<bool, kGroups> m_isVisible;
    LatentPlane m_plane;
    double m_pointSize = 3;

    std::vector<std::uint32_t> m_picture;  ///< [extent, extent] device pixels 0xffRRGGBB, with a margin; or empty
    int m_margin = 0;
    int m_side = 0;
    double m_ratio = 1;
};

}  // namespace zwei
