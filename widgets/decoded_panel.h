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
class NoisyStrip;
class ValueSlider;

/// What the model says of one point: its image, its coordinates, what noise on them makes of it, the test images
/// nearest to it, and the figures of the whole test set. In a low card the nearest images give way, then the figures.
class DecodedPanel : public QWidget {
    Q_OBJECT

public:
    static constexpr int kNearest = 6;
    static constexpr int kJittered = 6;

    explicit DecodedPanel(QWidget* parent = nullptr);

    /// The image and its noisy neighbours alone: the sliders follow the cursor, which may have moved on, and the
    /// nearest images come by `setNearest`.
    void setPoint(const PointSnapshot& point);
    /// The first six are shown. `indices` are those in the test set; `labels` has one an image or is empty.
    void setNearest(const ImageBatch& images, const std::vector<int>& indices, const std::vector<std::uint8_t>& labels);
    /// One sentence in place of the images.
    void setNearestNote(const QString& note);
    /// Without: there is nothing to move and nothing near, only the figures.
    void setHasCode(bool hasCode);
    /// Nats an image on the test set; nothing where they are not known. What is not variational has a reconstruction
    /// alone.
    void setFigures(const std::optional<ElboTerms>& terms, bool isVariational = true);
    /// No image, and `why` in its place. Coordinates and figures stay.
    void clear(const QString& why);

    LatentSliders* sliders() const { return m_sliders; }
    double jitter() const;

    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void nearestPicked(int testIndex);
    void jitterChanged(double level);  ///< by a person: the noise's standard deviation, in [0, 2]

protected:
    bool event(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeNoise();
    QWidget* makeFigures();
    void showJitter(double level);
    void shareRoom();

    ImageView* m_image;
    LatentSliders* m_sliders;
    ValueSlider* m_jitter = nullptr;
    QLabel* m_jitterValue = nullptr;
    QWidget* m_noise;
    NoisyStrip* m_noisy;
    bool m_hasCode = true;
    QLabel* m_nearestHeading;
    ImageStrip* m_nearest;
    QLabel* m_figuresHeading;
    std::array<QLabel*, 3> m_figureNames{};
    std::array<QLabel*, 3> m_figures{};
    QWidget* m_figuresTable;
};

}  // namespace zwei
