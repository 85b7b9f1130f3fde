// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/recipe_text.h"

#include <QRegularExpression>
#include <QStringList>
#include <cmath>

#include "widgets/drawing/numerals.h"

namespace zwei {

std::optional<int> parseInteger(const QString& text) {
    bool isInteger = false;
    const int value = text.trimmed().toInt(&isInteger);
    return isInteger ? std::optional(value) : std::nullopt;
}

std::optional<std::vector<int>> parseLayers(const QString& text, int mostLayers, int widest) {
    QString plain = text.trimmed();
    if (plain.endsWith(u',')) plain.chop(1);
    const bool hasCommas = plain.contains(u',');
    const QStringList parts = plain.split(hasCommas ? u',' : u' ', hasCommas ? Qt::KeepEmptyParts : Qt::SkipEmptyParts);
    if (parts.isEmpty() || parts.size() > mostLayers) return std::nullopt;
    std::vector<int> layers;
    for (const QString& part : parts) {
        const auto width = parseInteger(part);
        if (!width || *width < 1 || *width > widest) return std::nullopt;
        layers.push_back(*width);
    }
    return layers;
}

QString layersText(const std::vector<int>& layers) {
    QStringList parts;
    for (const int width : layers) parts << QString::number(width);
    return parts.join(QStringLiteral(", "));
}

std::optional<std::pair<double, double>> parseLevels(const QString& text, double highest) {
    // Blanks or a semicolon leave the comma to be a decimal one: 0,2; 0,8.
    static const QRegularExpression apart(QStringLiteral("\\s*,\\s+|\\s*;\\s*|\\s+"));
    const QString plain = text.trimmed();
    QStringList parts = plain.split(apart);
    if (parts.size() == 1) parts = plain.split(u',');
    if (parts.size() > 2 || parts.first().endsWith(u',') || parts.last().endsWith(u',')) return std::nullopt;
    const auto least = parseNumber(parts.first());
    const auto most = parseNumber(parts.last());
    if (!least || !most || *least < 0 || *least > *most || *most > highest) return std::nullopt;
    return std::pair(*least, *most);
}

QString levelsText(double least, double most) {
    if (least == most) return shortText(least);
    return shortText(least) + QStringLiteral(", ") + shortText(most);
}

QString rateText(double rate) {
    for (int decimals = 1; decimals <= 5; ++decimals) {
        const QString text = QString::number(rate, 'f', decimals);
        if (std::abs(text.toDouble() - rate) <= 1e-9 * std::abs(rate)) return text;
    }
    QString text = QString::number(rate, 'g', 6);
    return text.replace(QStringLiteral("e-0"), QStringLiteral("e-")).replace(u'-', QChar(0x2212));
}

QString shortText(double value) { return QString::number(value, 'g', 6).replace(u'-', QChar(0x2212)); }

}  // namespace zwei
