// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QString>
#include <QStringList>
#include <functional>
#include <limits>
#include <vector>

#include "models/types/metrics.h"

namespace zwei {

struct Theme;

/// What the curves of a run can show.
enum class LossQuantity { NegElbo, Reconstruction, Kl, Adversary, DiscriminatorAccuracy, PriorDistance };

struct LossCurve {
    QString name;       ///< in the key,
    QString shortName;  ///< and where that has little room
    QColor Theme::*colour;
    std::function<double(const EpochStatistics&)> value;  ///< not a number where an epoch has none
    double chance =
        std::numeric_limits<double>::quiet_NaN();  ///< what a blind guess costs or gets, where that is known
};

/// How a quantity is drawn and explained.
struct LossFigure {
    QString title;
    QString explanation;  ///< its unit, for the title of a card
    QString keyTip;
    QString unit;                   ///< after each number, with its space
    std::vector<LossCurve> curves;  ///< one or two
    bool falls = true;              ///< so that a first epoch far above the rest may be cut off
};

LossFigure lossFigure(LossQuantity quantity);

/// What is worth showing of a run, the best first: an adversarial one has figures of its own, and where no epoch has a
/// KL there is the reconstruction alone.
std::vector<LossQuantity> offeredQuantities(const std::vector<EpochStatistics>& history);

/// All figures of an epoch that belong to `offered`: a name, the value on the test set, the value in training.
std::vector<QStringList> epochRows(const EpochStatistics& epoch, const std::vector<LossQuantity>& offered);

}  // namespace zwei
