// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/enlargement_view.h"

#include <QPainter>
#include <algorithm>
#include <utility>

#include "widgets/drawing/numerals.h"
#include "widgets/drawing/theme.h"

namespace zwei {
namespace {

constexpr int kColumns = 5;
constexpr int kHeader = 16;
constexpr int kLabel = 28;  // with the gap to the first column
constexpr int kLine = 14;   // of figures, 11 px
constexpr int kRowGap = 6;
constexpr int kColumnGap = 8;
constexpr int kFiguresInOneLine = 92;
constexpr int kMostGap = 32;  // a wide view sets tiles apart by no more
constexpr int kSmallestTile = 28;
constexpr int kLargestTile = 280;
constexpr int kWholePixels = 14;  // a side of so many times this gives pixels of both small images whole squares

// Of tiles: a row's are together.
constexpr int kIds = 8;

QString psnrText(const ImageQuality& quality) { return EnlargementView::tr("%1 dB").arg(numberText(quality.psnr, 1)); }

}  // namespace

struct EnlargementView::Column {
    QString name;
    const ImageBatch* images = nullptr;
    const ImageQuality* quality = nullptr;  ///< null where it says nothing about this column
    bool isBest = false;
};

EnlargementView::EnlargementView(QWidget* parent) : TileView(parent) {
    setAccessibleName(tr("Enlarged digit"));
    clear(tr("A digit made small and large again appears here."));
}

void EnlargementView::setDigit(std::shared_ptr<const EnlargedDigit> digit) {
    m_digit = std::move(digit);
    layOutAgain();
    QStringList rows;
    for (int row = 0; row < rowCount(); ++row) {
        const auto& of = m_digit->enlarged[static_cast<std::size_t>(row)];
        QStringList texts;
        for (const Column& column : columns(of))
            if (column.quality) texts << column.name + u' ' + psnrText(*column.quality);
        rows << tr("%1×: %2").arg(of.factor).arg(texts.join(QStringLiteral(", ")));
    }
    if (!rows.isEmpty()) setAccessibleDescription(rows.join(QStringLiteral("; ")));
}

void EnlargementView::clear(const QString& why) {
    m_digit = nullptr;
    setNote(why);
    setAccessibleDescription(why);
    moveSelectionTo(-1);
    layOutAgain();
}

QSize EnlargementView::sizeHint() const { return {640, 190}; }

QSize EnlargementView::minimumSizeHint() const {
    return {kLabel + kColumns * 64, kHeader + 2 * (kSmallestTile + 2 * kLine) + kRowGap};
}

std::vector<TileView::Tile> EnlargementView::layOut() {
    std::vector<Tile> tiles;
    const auto at = layout();
    for (int row = 0; row < rowCount(); ++row) {
        const auto& of = m_digit->enlarged[static_cast<std::size_t>(row)];
        int column = 0;
        for (const Column& shown : columns(of)) {
            Tile made{row * kIds + column, tile(at, row, column), shown.images, 0, shown.name, {}};
            if (shown.images != &m_digit->digit) made.name += QStringLiteral(" %1×").arg(of.factor);
            made.hasSquarePixels = shown.images == &of.small;
            if (shown.quality)
                made.figures = tr("PSNR %1, SSIM %2").arg(psnrText(*shown.quality), numberText(shown.quality->ssim, 3));
            if (shown.isBest) made.figures += u'\n' + tr("the best of the three");
            tiles.push_back(std::move(made));
            ++column;
        }
    }
    return tiles;
}

void EnlargementView::paintBeside(QPainter& painter) const {
    const Theme& theme = Theme::current();
    painter.setFont(Theme::font(11));
    const auto at = layout();
    for (int row = 0; row < rowCount(); ++row) {
        const auto& of = m_digit->enlarged[static_cast<std::size_t>(row)];
        const QRect first = tile(at, row, 0);
        painter.setPen(theme.muted);
        painter.drawText(QRect(first.left() - kLabel, first.top(), kLabel, first.height()),
                         Qt::AlignLeft | Qt::AlignVCenter, tr("%1×").arg(of.factor));
        int column = 0;
        for (const Column& shown : columns(of)) {
            const QRect box = tile(at, row, column++);
            painter.setPen(theme.muted);
            if (row < at.columnsOfRows)
                painter.drawText(QRect(box.center().x() - at.pitch / 2, box.top() - kHeader, at.pitch, kHeader),
                                 Qt::AlignHCenter | Qt::AlignTop, shown.name);
            if (shown.isBest) painter.setPen(theme.text);
            if (shown.quality) paintFigures(painter, at, box, *shown.quality);
        }
    }
}

std::vector<EnlargementView::Column> EnlargementView::columns(const Enlargement& enlargement) const {
    std::vector<Column> columns{{tr("small"), &enlargement.small},
                                {tr("bicubic"), &enlargement.bicubic, &enlargement.bicubicQuality},
                                {tr("Lanczos"), &enlargement.lanczos, &enlargement.lanczosQuality},
                                {tr("network"), &enlargement.network, &enlargement.networkQuality},
                                {tr("original"), &m_digit->digit}};
    const auto isWorse = [](const Column& a, const Column& b) { return a.quality->psnr < b.quality->psnr; };
    std::max_element(columns.begin() + 1, columns.end() - 1, isWorse)->isBest = true;
    return columns;
}

int EnlargementView::rowCount() const { return m_digit ? static_cast<int>(m_digit->enlarged.size()) : 0; }

EnlargementView::Layout EnlargementView::layoutIn(int columnsOfRows) const {
    const int rows = std::max(1, rowCount() / columnsOfRows);
    Layout made;
    made.columnsOfRows = columnsOfRows;
    made.group = width() / columnsOfRows;
    const int wide = (made.group - kLabel) / kColumns;
    made.hasOneLine = wide >= kFiguresInOneLine;
    const int figures = made.hasOneLine ? kLine : 2 * kLine;
    const int high = (height() - kHeader - (rows - 1) * kRowGap) / rows;
    const int side = std::clamp(std::min(wide - kColumnGap, high - figures), kSmallestTile, kLargestTile);
    made.side = side - side % kWholePixels;
    made.pitch = std::min(wide, std::max(made.side + kMostGap, kFiguresInOneLine));
    made.down = made.side + figures + kRowGap;
    made.top = kHeader + std::max(0, (height() - kHeader - rows * made.down + kRowGap) / 2);
    return made;
}

/// One below the other, or beside each other where that makes larger tiles.
EnlargementView::Layout EnlargementView::layout() const {
    const auto below = layoutIn(1);
    const auto beside = layoutIn(std::max(1, rowCount()));
    return beside.side > below.side ? beside : below;
}

QRect EnlargementView::tile(const Layout& at, int row, int column) const {
    const int left = kLabel + (at.group - kLabel - kColumns * at.pitch) / 2 + (at.pitch - at.side) / 2;
    const int x = left + column * at.pitch + row % at.columnsOfRows * at.group;
    return {x, at.top + row / at.columnsOfRows * at.down, at.side, at.side};
}

void EnlargementView::paintFigures(QPainter& painter, const Layout& at, const QRect& tile,
                                   const ImageQuality& quality) const {
    const QRect line(tile.center().x() - at.pitch / 2, tile.bottom() + 1, at.pitch, kLine);
    const QString ssim = numberText(quality.ssim, 3);
    if (at.hasOneLine) {
        painter.drawText(line, Qt::AlignCenter, psnrText(quality) + QStringLiteral("  ") + ssim);
        return;
    }
    painter.drawText(line, Qt::AlignCenter, psnrText(quality));
    painter.drawText(line.translated(0, kLine), Qt::AlignCenter, ssim);
}

}  // namespace zwei
