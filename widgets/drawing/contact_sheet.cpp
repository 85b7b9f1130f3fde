// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/drawing/contact_sheet.h"

#include <QFontMetrics>
#include <QPainter>
#include <algorithm>

#include "widgets/drawing/ink_image.h"
#include "widgets/drawing/numerals.h"
#include "widgets/drawing/theme.h"

namespace zwei {
namespace {

constexpr int kTile = 2 * kImageSide;
constexpr int kGap = 8;
constexpr int kMargin = 16;

struct Row {
    QString name;
    const ImageBatch* images;
    const std::optional<ImageQuality>* quality;
};

QImage blackOnWhite(const ImageBatch& images, int index) {
    QImage image = storedImage(images, index);
    image.invertPixels();
    return image.scaled(kTile, kTile, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
}

QString figuresOf(const std::optional<ImageQuality>& quality) {
    if (!quality) return {};
    return QStringLiteral("%1 dB  %2").arg(numberText(quality->psnr, 1), numberText(quality->ssim, 3));
}

std::vector<Row> rowsOf(const RestoredDigits& digits, const QStringList& names) {
    static const std::optional<ImageQuality> kNone;
    std::vector<Row> rows{{names.value(0), &digits.digits, &kNone}};
    if (digits.noisy.count > 0) rows.push_back({names.value(1), &digits.noisy, &digits.noisyQuality});
    for (const auto& each : digits.restored)
        rows.push_back({names.value(static_cast<int>(rows.size())), &each.images, &each.quality});
    return rows;
}

}  // namespace

QImage contactSheet(const RestoredDigits& digits, const QStringList& names) {
    const auto rows = rowsOf(digits, names);
    const QFontMetrics metrics(Theme::font(12));
    int nameWidth = 0, figuresWidth = 0;
    for (const auto& row : rows) {
        nameWidth = std::max(nameWidth, metrics.horizontalAdvance(row.name));
        figuresWidth = std::max(figuresWidth, metrics.horizontalAdvance(figuresOf(*row.quality)));
    }
    const int left = kMargin + nameWidth + 2 * kGap;
    const int right = left + digits.digits.count * (kTile + kGap) + kGap;
    QImage sheet(right + figuresWidth + kMargin, 2 * kMargin + static_cast<int>(rows.size()) * (kTile + kGap) - kGap,
                 QImage::Format_RGB32);
    sheet.fill(Qt::white);
    QPainter painter(&sheet);
    painter.setFont(Theme::font(12));
    int top = kMargin;
    for (const auto& row : rows) {
        painter.drawText(QRect(kMargin, top, nameWidth + kGap, kTile), Qt::AlignLeft | Qt::AlignVCenter, row.name);
        for (int i = 0; i < row.images->count; ++i)
            painter.drawImage(left + i * (kTile + kGap), top, blackOnWhite(*row.images, i));
        painter.drawText(QRect(right, top, figuresWidth + kGap, kTile), Qt::AlignLeft | Qt::AlignVCenter,
                         figuresOf(*row.quality));
        top += kTile + kGap;
    }
    return sheet;
}

}  // namespace zwei
