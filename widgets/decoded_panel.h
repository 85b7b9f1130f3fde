// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/types/image.h"
#include "models/types/metrics.h"
#include "models/types/snapshot.h"

class QLabel;

namespace zwei {

class ImageStrip;
class ImageView;
class LatentSliders;

/// What the model says of one point: its image, its coordinates, the test images nearest to it, and the figures of the
/// whole test set.
class DecodedPanel : public QWidget {
    Q_OBJECT

public:
    static constexpr int kNearest = 6;

    explicit DecodedPanel(QWidget* parent = nullptr);

    /// The image alone: the sliders follow the cursor, which may have moved on, and the nearest images come by
    /// `setNearest`.
    void setPoint(const PointSnapshot& point);
    /// The first six are shown. `indices` are those in the test set; `labels` has one an image or is empty.
    void setNearest(const ImageBatch& images, const std::vector<int>& indices, const std::vector<std::uint8_t>& labels);
    /// One sentence in place of the images.
    void setNearestNote(const QString& note);
    /// Nats an image on the test set; nothing where they are not known.
    void setFigures(const std::optional<ElboTerms>& terms);
    /// No image, and `why` in its place. Coordinates and figures stay.
    void clear(const QString& why);

    LatentSliders* sliders() const { return m_sliders; }

Q_SIGNALS:
    void nearestPicked(int testIndex);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeFigures();

    ImageView* m_image;
    LatentSliders* m_sliders;
    ImageStrip* m_nearest;
    std::array<QLabel*, 3> m_figures{};
};

}  // namespace zwei
