// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/picture_file.h"

#include <QBuffer>
#include <QImage>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgGenerator>
#include <algorithm>

#include "models/io/whole_file.h"

namespace zwei {
namespace {

constexpr int kMostSide = 32767;             // that QPainter can paint on
constexpr qint64 kMostPixels = 400'000'000;  // of four bytes each

void paintOn(QPaintDevice& device, const Picture& picture, int scale, double zoom = 1) {
    QPainter painter(&device);
    painter.scale(zoom, zoom);
    painter.fillRect(QRect(QPoint(), picture.size), picture.paper);
    picture.paint(painter, scale);
}

Result<QByteArray> asPng(const Picture& picture, int scale) {
    const QSize size = picture.size * scale;
    if (std::max(size.width(), size.height()) > kMostSide || qint64{size.width()} * size.height() > kMostPixels)
        return failure("the picture would have " + std::to_string(size.width()) + " x " +
                       std::to_string(size.height()) + " pixels; choose a smaller scale");
    QImage image(size, QImage::Format_RGB32);
    if (image.isNull()) return failure("there is not enough memory for the picture");
    image.setDevicePixelRatio(scale);
    paintOn(image, picture, scale);
    image.setDevicePixelRatio(1);
    auto png = pngOf(image);
    if (png.isEmpty()) return failure("there is not enough memory for the picture");
    return png;
}

QByteArray asSvg(const Picture& picture, int scale) {
    constexpr int kPixelsAnInch = 96;  // as browsers have it
    QByteArray bytes;
    QBuffer buffer(&bytes);
    QSvgGenerator svg;
    svg.setOutputDevice(&buffer);
    svg.setResolution(kPixelsAnInch);
    svg.setSize(picture.size);
    svg.setViewBox(QRect(QPoint(), picture.size));
    svg.setTitle(QStringLiteral("Zwei"));
    paintOn(svg, picture, scale);
    return bytes;
}

QByteArray asPdf(const Picture& picture, int scale) {
    constexpr int kPointsAnInch = 72;
    constexpr int kFiner = 20;  // than a point, which is too coarse for the places of letters
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter pdf(&buffer);
    pdf.setCreator(QStringLiteral("Zwei"));
    pdf.setResolution(kFiner * kPointsAnInch);
    pdf.setPageSize(QPageSize(QSizeF(picture.size), QPageSize::Point, {}, QPageSize::ExactMatch));
    pdf.setPageMargins(QMarginsF());
    paintOn(pdf, picture, scale, kFiner);
    return bytes;
}

}  // namespace

QByteArray pngOf(const QImage& image) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    return image.save(&buffer, "PNG") ? bytes : QByteArray();
}

Result<QByteArray> renderPicture(const Picture& picture, const std::filesystem::path& file, int scale) {
    auto ending = file.extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
    if (ending == ".svg") return asSvg(picture, scale);
    if (ending == ".pdf") return asPdf(picture, scale);
    auto png = asPng(picture, scale);
    if (!png) return failure(file.string() + ": " + png.error() + ".");
    return png;
}

Result<void> writePicture(const Picture& picture, const std::filesystem::path& file, int scale) {
    const auto bytes = renderPicture(picture, file, scale);
    if (!bytes) return failure(bytes.error());
    return writeWholeFile(file, {bytes->begin(), bytes->end()});
}

}  // namespace zwei
