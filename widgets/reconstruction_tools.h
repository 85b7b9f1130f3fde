// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <optional>

#include "models/types/noise.h"
#include "widgets/reconstruction_view.h"

class QLabel;
class QToolButton;

namespace zwei {

class SegmentedChoice;
class ValueSlider;

/// The small tools of the reconstructions, for the title of their card: test images or dreams, then what each of the
/// two offers. The choice stands last, where it stays while the others come and go.
class ReconstructionTools : public QWidget {
    Q_OBJECT

public:
    explicit ReconstructionTools(QWidget* parent = nullptr);

    // None of these emits anything.
    void setMode(ReconstructionView::Mode mode);
    ReconstructionView::Mode mode() const;
    /// Without: there is no choice of modes.
    void setDreamsOffered(bool offered);
    /// What is done to the images shown to the model; nothing, and there is no slider, where it is meant for clean
    /// ones.
    void setNoise(const std::optional<Noise>& noise);

Q_SIGNALS:
    void modeChosen(zwei::ReconstructionView::Mode mode);
    void otherImagesRequested();
    void dreamRequested();
    void noiseLevelChanged(double level);  ///< by a person, in [0, 1], a multiple of 0.05

private:
    QToolButton* makeButton(const QString& objectName, const QString& text, const QString& tip);
    void buildMode();
    void buildNoise();
    void layOut();
    void showTools();
    void showNoise();
    void editLevel(double level);

    SegmentedChoice* m_mode;
    QToolButton* m_otherImages;
    QToolButton* m_dreamAgain;
    QLabel* m_noiseLabel;
    ValueSlider* m_noiseSlider;
    std::optional<Noise> m_noise;
    bool m_offersDreams = true;
};

}  // namespace zwei
