// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/drawing/numerals.h"

#include <QLocale>
#include <cmath>

namespace zwei {
namespace {

constexpr QChar kMinus(0x2212);
constexpr QChar kEnDash(0x2013);

}  // namespace

QString numberText(double value, int decimals) {
    if (!std::isfinite(value)) return kEnDash;
    QString text = QString::number(std::abs(value), 'f', decimals);
    // What rounds to nothing has no sign.
    const bool isZero = text.toDouble() == 0.0;
    return value < 0 && !isZero ? kMinus + text : text;
}

QString countText(qint64 count) {
    static const QLocale english(QLocale::English, QLocale::UnitedStates);
    return english.toString(count).replace(u'-', kMinus);
}

QString durationText(double seconds) {
    if (!std::isfinite(seconds) || seconds < 0 || seconds > 1e7) return kEnDash;
    const auto whole = static_cast<int>(std::lround(seconds));
    const auto twoDigits = [](int number) { return QStringLiteral("%1").arg(number, 2, 10, QLatin1Char('0')); };
    const int minutes = whole / 60;
    if (minutes < 60) return QStringLiteral("%1:%2").arg(minutes).arg(twoDigits(whole % 60));
    return QStringLiteral("%1:%2:%3").arg(minutes / 60).arg(twoDigits(minutes % 60), twoDigits(whole % 60));
}

QString coordinateText(double z) {
    const double thousandths = z * 1000;
    const bool isOnThirdDecimal = std::abs(thousandths - std::round(thousandths)) < 1e-6;
    const bool isOnSecondDecimal = std::abs(z * 100 - std::round(z * 100)) < 1e-7;
    return numberText(z, isOnThirdDecimal && !isOnSecondDecimal ? 3 : 2);
}

QString subscripted(const QString& letter, int index) {
    QString text = letter;
    for (const QChar digit : QString::number(index)) text += QChar(0x2080 + digit.digitValue());
    return text;
}

std::optional<double> parseNumber(const QString& text) {
    QString plain = text.trimmed();
    plain.replace(kMinus, u'-').replace(kEnDash, u'-').replace(u',', u'.');
    bool isNumber = false;
    const double value = plain.toDouble(&isNumber);
    if (!isNumber || !std::isfinite(value)) return std::nullopt;
    return value;
}

}  // namespace zwei
