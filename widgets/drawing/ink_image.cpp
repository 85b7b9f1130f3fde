// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/drawing/ink_image.h"

#include "models/types/ink.h"
#include "widgets/drawing/theme.h"

namespace zwei {
namespace {

std::array<std::uint32_t, 256> tableFor(const QColor& ink) {
    return inkTable(Theme::current().card.rgb() & 0xffffffu, ink.rgb() & 0xffffffu);
}

void paintTile(QImage& sheet, int left, int top, const ImageBatch& images, int index,
               const std::array<std::uint32_t, 256>& table) {
    const auto pixels = images.image(index);
    for (int row = 0; row < images.height; ++row) {
        auto* line = reinterpret_cast<std::uint32_t*>(sheet.scanLine(top + row)) + left;
        const auto* source = pixels.data() + static_cast<std::size_t>(row) * static_cast<std::size_t>(images.width);
        for (int column = 0; column < images.width; ++column) line[column] = table[source[column]];
    }
}

}  // namespace

QImage inkImage(const ImageBatch& images, int index) { return inkImage(images, index, Theme::current().text); }

QImage inkImage(const ImageBatch& images, int index, const QColor& ink) {
    QImage image(images.width, images.height, QImage::Format_RGB32);
    paintTile(image, 0, 0, images, index, tableFor(ink));
    return image;
}

QImage storedImage(const ImageBatch& images, int index) {
    const auto pixels = images.image(index);
    return QImage(pixels.data(), images.width, images.height, images.width, QImage::Format_Grayscale8).copy();
}

QImage inkSheet(const ImageBatch& images, int columns) {
    const int rows = (images.count + columns - 1) / columns;
    QImage sheet(columns * images.width, rows * images.height, QImage::Format_RGB32);
    sheet.fill(Theme::current().card);
    const auto table = tableFor(Theme::current().text);
    for (int i = 0; i < images.count; ++i)
        paintTile(sheet, i % columns * images.width, i / columns * images.height, images, i, table);
    return sheet;
}

}  // namespace zwei
