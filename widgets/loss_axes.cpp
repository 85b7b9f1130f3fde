// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/loss_axes.h"

#include <qcustomplot.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "widgets/drawing/axis_step.h"
#include "widgets/drawing/numerals.h"
#include "widgets/loss_view.h"

namespace zwei {
namespace {

class EpochTicker : public QCPAxisTicker {
protected:
    double getTickStep(const QCPRange& range) override { return std::max(1.0, niceStep(range.size(), tickCount())); }
    int getSubTickCount(double) override { return 0; }
    QVector<QString> createLabelVector(const QVector<double>& ticks, const QLocale&, QChar, int) override {
        QVector<QString> labels;
        for (const double tick : ticks) labels << (tick < 0.5 ? QString() : numberText(tick, 0));
        if (!labels.isEmpty() && !labels.last().isEmpty()) labels.last().prepend(LossView::tr("epoch "));
        return labels;
    }
};

class ValueTicker : public QCPAxisTicker {
public:
    explicit ValueTicker(QString unit) : m_unit(std::move(unit)) {}

protected:
    double getTickStep(const QCPRange& range) override { return m_step = niceStep(range.size(), tickCount()); }
    int getSubTickCount(double) override { return 0; }
    QString getTickLabel(double tick, const QLocale&, QChar, int) override {
        return numberText(tick, decimalsFor(m_step)) + m_unit;
    }

private:
    QString m_unit;
    double m_step = 1;
};

class DecadeTicker : public QCPAxisTickerLog {
public:
    explicit DecadeTicker(QString unit) : m_unit(std::move(unit)) { setLogBase(10); }

protected:
    int getSubTickCount(double) override { return 0; }
    QString getTickLabel(double tick, const QLocale&, QChar, int) override {
        return numberText(tick, decimalsFor(tick)) + m_unit;
    }

private:
    QString m_unit;
};

}  // namespace

QSharedPointer<QCPAxisTicker> epochTicker() { return QSharedPointer<EpochTicker>::create(); }

QSharedPointer<QCPAxisTicker> valueTicker(const QCPRange& range, bool isLog, const QString& unit) {
    const bool isWide = isLog && range.upper / range.lower > 30;
    if (isWide) return QSharedPointer<DecadeTicker>::create(unit);
    return QSharedPointer<ValueTicker>::create(unit);
}

QCPRange valueRange(std::vector<double> values, bool isLog, bool mayCut) {
    if (values.empty()) values = {1, 2};
    std::sort(values.begin(), values.end());
    const double lowest = values.front();
    double highest = values.back();
    if (mayCut && !isLog) {
        const double upperQuartile = values[values.size() * 3 / 4];
        const double fence = upperQuartile + 3 * (upperQuartile - lowest);
        highest = *std::prev(std::upper_bound(values.begin(), values.end(), fence));
    }
    if (isLog) {
        const double margin = std::max(1.02, std::pow(highest / lowest, 0.06));
        return {lowest / margin, highest * margin};
    }
    const double margin = std::max({(highest - lowest) * 0.06, std::abs(highest) * 1e-4, 1e-9});
    return {lowest - margin, highest + margin};
}

void makeQuiet(QCPAxis& axis) {
    axis.setBasePen(Qt::NoPen);
    axis.setTickPen(Qt::NoPen);
    axis.setSubTickPen(Qt::NoPen);
    axis.setTickLength(0, 0);
    axis.setPadding(0);
    axis.setTickLabelPadding(8);
}

}  // namespace zwei
