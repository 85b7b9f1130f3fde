// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <utility>
#include <vector>

#include "models/types/properties.h"
#include "widgets/property_drawing.h"

namespace zwei {

/// The error that principal components leave at each size of the code, and where the model stands.
class CodeSizeCurve : public PropertyDrawing {
    Q_OBJECT

public:
    explicit CodeSizeCurve(QWidget* parent = nullptr);
    void setCurve(const PropertiesSnapshot& properties);

protected:
    void paintEvent(QPaintEvent*) override;

private:
    static constexpr int kAxis = 18;   // height of the ticks' line
    static constexpr int kTitle = 16;  // height of the line over the plot

    QRectF plotBox(const QFontMetrics& metrics) const;
    QPointF pixel(const QRectF& plot, int size, double mse) const;
    void paintErrorAxis(QPainter& painter, const QRectF& plot) const;
    void paintSizeAxis(QPainter& painter, const QRectF& plot) const;
    /// Returns where it stands: beside the curve's upper half, where nothing else is.
    QRectF paintCurveName(QPainter& painter, const QRectF& plot, const QPolygonF& curve) const;
    /// A point at the model's size; without a code it has none, and is a line.
    void paintModel(QPainter& painter, const QRectF& plot, const std::array<QRectF, 2>& taken,
                    const QPolygonF& curve) const;
    /// The first place where the label meets nothing: beside `point` in one line or in two, else in a corner.
    std::pair<QRectF, QString> labelPlace(const QFontMetrics& metrics, const QRectF& plot, QPointF point,
                                          const std::array<QRectF, 2>& taken,
                                          const std::array<QPolygonF, 2>& lines) const;
    static bool meets(const QPolygonF& line, const QRectF& box);

    std::vector<PropertiesSnapshot::LossAtSize> m_linear;
    int m_codeSize = 0;
    double m_mse = 0;
    std::array<QString, 2> m_label;  ///< in one line and in two
    int m_mostSize = 2;
    double m_highest = 1;
};

}  // namespace zwei
