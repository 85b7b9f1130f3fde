// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <cstdint>

#include "models/types/noise.h"

class QLabel;

namespace zwei {

class Choice;
class ValueField;
class ValueSlider;

/// The noise that is added to the digits on the bench: its kind, its level and the seed that it can be repeated by. At
/// level 0 there is none.
class BenchNoise : public QWidget {
    Q_OBJECT

public:
    explicit BenchNoise(QWidget* parent = nullptr);

    const Noise& noise() const { return m_noise; }
    std::uint64_t seed() const { return m_seed; }

Q_SIGNALS:
    void edited(const zwei::Noise& noise, std::uint64_t seed);

private:
    void layOut();
    void editLevel(double level);
    void editSeed(const QString& text);
    void stepSeed(int steps);
    void showValues();
    void tell();

    Choice* m_kind;
    ValueSlider* m_slider;
    QLabel* m_level;
    ValueField* m_seedField;
    Noise m_noise{.level = 0};
    std::uint64_t m_seed = 1;
};

}  // namespace zwei
