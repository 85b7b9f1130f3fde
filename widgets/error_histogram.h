// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <string>
#include <vector>

#include "models/types/properties.h"
#include "widgets/property_drawing.h"

namespace zwei {

/// How many images have which error, for one or two sets, each of which is as large as the other.
class ErrorHistogram : public PropertyDrawing {
    Q_OBJECT

public:
    explicit ErrorHistogram(QWidget* parent = nullptr);
    void setErrors(const PropertiesSnapshot& properties);

protected:
    void paintEvent(QPaintEvent*) override;

private:
    static constexpr int kBins = 40;
    static constexpr int kAxis = 18;  // height of the ticks' line

    struct Set {
        bool isKnown = false;
        QString label;
        double mean = 0;
        std::array<double, kBins> shares{};  ///< of the images, from an error of 0 to `m_highest`
    };

    Set makeSet(const std::string& title, const std::vector<double>& errors) const;
    /// Where the mean lies on the axis, from 0 to 1: at its end where it is beyond, or no number.
    double meanShare(const Set& set) const;
    /// Each label over its mean; the second one a line lower where the two would meet.
    std::array<QRect, 2> labelBoxes() const;
    void paintAxis(QPainter& painter, const QRectF& plot) const;
    void paintShares(QPainter& painter, const QRectF& plot, const std::array<double, kBins>& shares,
                     const QColor& colour) const;

    std::array<Set, 2> m_sets;  ///< the model's own, and the other
    double m_highest = 1;
};

}  // namespace zwei
