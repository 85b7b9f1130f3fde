// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/loss_quantity.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "widgets/drawing/numerals.h"
#include "widgets/drawing/theme.h"
#include "widgets/loss_view.h"

namespace zwei {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kChance = std::numbers::ln2;

using Part = double (*)(const ElboTerms&);
constexpr Part kNegElbo = [](const ElboTerms& terms) { return terms.negElbo(); };
constexpr Part kReconstruction = [](const ElboTerms& terms) { return terms.reconstruction; };
constexpr Part kKl = [](const ElboTerms& terms) { return terms.kl; };

std::function<double(const EpochStatistics&)> adversary(double AdversaryTerms::*term, double factor = 1) {
    return [term, factor](const EpochStatistics& epoch) {
        return epoch.adversary ? factor * (*epoch.adversary).*term : kNone;
    };
}

double priorDistance(const EpochStatistics& epoch) { return epoch.priorDistance.value_or(kNone); }

QString testTip() { return LossView::tr("The test curve is of images the model never learns from."); }

LossCurve testCurve(std::function<double(const EpochStatistics&)> value) {
    return {LossView::tr("test"), LossView::tr("test"), &Theme::accent, std::move(value)};
}

LossCurve discriminatorCurve(std::function<double(const EpochStatistics&)> value, double chance) {
    return {LossView::tr("discriminator"), LossView::tr("D"), &Theme::text, std::move(value), chance};
}

LossFigure elboFigure(const QString& title, Part part) {
    const auto test = [part](const EpochStatistics& epoch) { return part(epoch.test); };
    const auto train = [part](const EpochStatistics& epoch) { return part(epoch.train); };
    return {title,
            LossView::tr("nats an image"),
            testTip(),
            {},
            {testCurve(test), {LossView::tr("train"), LossView::tr("train"), &Theme::muted, train}}};
}

LossFigure adversaryFigure() {
    return {
        LossView::tr("adversary"),
        LossView::tr("nats a code"),
        LossView::tr(
            "In training: what telling codes from the prior's points costs the discriminator, and what being told "
            "costs the generator, which is the encoder. Dotted: where nobody can tell."),
        {},
        {discriminatorCurve(adversary(&AdversaryTerms::discriminator), 2 * kChance),
         {LossView::tr("generator"), LossView::tr("G"), &Theme::muted, adversary(&AdversaryTerms::generator), kChance}},
        false};
}

LossFigure accuracyFigure() {
    return {LossView::tr("D accuracy"),
            LossView::tr("in training"),
            LossView::tr("How many codes and points of the prior the discriminator tells rightly: at 50 % it cannot."),
            QStringLiteral(" %"),
            {discriminatorCurve(adversary(&AdversaryTerms::accuracy, 100), 50)},
            false};
}

LossFigure distanceFigure() {
    return {LossView::tr("distance to N(0, I)"),
            LossView::tr("of the codes"),
            LossView::tr("How far the codes of the test images are from the prior: the sliced Wasserstein distance."),
            {},
            {testCurve(priorDistance)}};
}

bool hasKl(const EpochStatistics& epoch) { return epoch.test.kl != 0 || epoch.train.kl != 0; }

QString figureText(double value, int decimals, const QString& unit = {}) {
    return std::isfinite(value) ? numberText(value, decimals) + unit : QString(QChar(0x2013));
}

}  // namespace

LossFigure lossFigure(LossQuantity quantity) {
    switch (quantity) {
        case LossQuantity::NegElbo:
            return elboFigure(LossView::tr("−ELBO"), kNegElbo);
        case LossQuantity::Reconstruction:
            return elboFigure(LossView::tr("reconstruction"), kReconstruction);
        case LossQuantity::Kl:
            return elboFigure(LossView::tr("KL"), kKl);
        case LossQuantity::Adversary:
            return adversaryFigure();
        case LossQuantity::DiscriminatorAccuracy:
            return accuracyFigure();
        case LossQuantity::PriorDistance:
            return distanceFigure();
    }
    return {};
}

std::vector<LossQuantity> offeredQuantities(const std::vector<EpochStatistics>& history) {
    using enum LossQuantity;
    const auto any = [&history](const auto& has) { return std::any_of(history.begin(), history.end(), has); };
    const bool hasDistance = any([](const EpochStatistics& epoch) { return epoch.priorDistance.has_value(); });
    if (any([](const EpochStatistics& epoch) { return epoch.adversary.has_value(); })) {
        std::vector<LossQuantity> offered = {Reconstruction, Adversary, DiscriminatorAccuracy};
        if (hasDistance) offered.push_back(PriorDistance);
        return offered;
    }
    if (history.empty() || any(hasKl)) return {NegElbo, Reconstruction, Kl};
    return {Reconstruction};
}

std::vector<QStringList> epochRows(const EpochStatistics& epoch, const std::vector<LossQuantity>& offered) {
    std::vector<QStringList> rows;
    for (const LossQuantity quantity : offered) {
        const LossFigure figure = lossFigure(quantity);
        const auto value = [&](std::size_t curve) { return figure.curves[curve].value(epoch); };
        switch (quantity) {
            case LossQuantity::Adversary:
                for (std::size_t i = 0; i < figure.curves.size(); ++i)
                    rows.push_back({figure.curves[i].name, QString(), figureText(value(i), 3)});
                break;
            case LossQuantity::DiscriminatorAccuracy:
                rows.push_back({figure.title, QString(), figureText(value(0), 1, figure.unit)});
                break;
            case LossQuantity::PriorDistance:
                rows.push_back({figure.title, figureText(value(0), 3), QString()});
                break;
            default:
                rows.push_back({figure.title, figureText(value(0), 1), figureText(value(1), 1)});
        }
    }
    return rows;
}

}  // namespace zwei
