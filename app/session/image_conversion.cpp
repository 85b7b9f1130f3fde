// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/image_conversion.h"

#include <QImageReader>
#include <QPainter>

namespace zwei {
namespace {

constexpr qint64 kMostPixels = 100'000'000;

QImage onWhite(const QImage& image) {
    QImage opaque(image.size(), QImage::Format_RGB32);
    opaque.fill(Qt::white);
    QPainter painter(&opaque);
    painter.drawImage(0, 0, image);
    return opaque;
}

/// The paper is what the border is mostly made of.
bool hasLightPaper(const QImage& grey) {
    int sum = 0;
    int count = 0;
    for (int y = 0; y < grey.height(); ++y)
        for (int x = 0; x < grey.width(); ++x)
            if (x == 0 || y == 0 || x == grey.width() - 1 || y == grey.height() - 1) {
                sum += grey.constScanLine(y)[x];
                ++count;
            }
    return sum > 127 * count;
}

/// Centred in a square of the paper's own grey.
QImage intoSquare(const QImage& image) {
    const int side = std::max(image.width(), image.height());
    QImage square(side, side, QImage::Format_RGB32);
    square.fill(image.pixel(0, 0));
    QPainter painter(&square);
    painter.drawImage((side - image.width()) / 2, (side - image.height()) / 2, image);
    return square;
}

}  // namespace

QImage greyImage(const ImageBatch& images, int index) {
    const auto pixels = images.image(index);
    return QImage(pixels.data(), images.width, images.height, images.width, QImage::Format_Grayscale8).copy();
}

Result<ImageBatch> readGreyImage(const QString& file) {
    const auto named = [&file](const QString& what) { return failure((file + ": " + what).toStdString()); };
    QImageReader reader(file);
    reader.setAutoTransform(true);
    reader.setDecideFormatFromContent(true);
    const QSize size = reader.size();
    if (qint64{size.width()} * size.height() > kMostPixels) return named("the image is too large to be read.");
    const QImage image = reader.read();
    if (image.isNull()) return named("this is not an image that can be read.");

    QImage grey = intoSquare(onWhite(image))
                      .scaled(kImageSide, kImageSide, Qt::IgnoreAspectRatio, Qt::SmoothTransformation)
                      .convertToFormat(QImage::Format_Grayscale8);
    if (hasLightPaper(grey)) grey.invertPixels();
    ImageBatch batch;
    batch.count = 1;
    for (int y = 0; y < kImageSide; ++y)
        batch.pixels.insert(batch.pixels.end(), grey.constScanLine(y), grey.constScanLine(y) + kImageSide);
    return batch;
}

}  // namespace zwei
