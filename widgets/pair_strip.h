// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/types/reconstruction.h"
#include "widgets/property_drawing.h"

namespace zwei {

/// Images over what comes out for each: as many as fit side by side.
class PairStrip : public PropertyDrawing {
    Q_OBJECT

public:
    explicit PairStrip(QWidget* parent = nullptr);
    void setImages(const ReconstructionSnapshot& images, const QString& description);

protected:
    void paintEvent(QPaintEvent*) override;

private:
    /// As large as the height allows, and so that some fit side by side.
    int tileSide(int room) const;

    static constexpr int kSmallest = 28;
    static constexpr int kLargest = 64;
    static constexpr int kGap = 4;
    static constexpr int kFewest = 4;

    ReconstructionSnapshot m_images;
};

}  // namespace zwei
