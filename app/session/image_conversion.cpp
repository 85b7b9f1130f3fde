// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/image_conversion.h"

#include <QFile>
#include <QImageReader>
#include <QPainter>
#include <algorithm>
#include <vector>

namespace zwei {
namespace {

constexpr int kMostSide = 100'000;           // pixels
constexpr qint64 kMostPixels = 100'000'000;  // of which several copies must find room
constexpr qint64 kMostBytes = 256LL << 20;   // what Qt reads unless it is told otherwise
constexpr int kStrip = 64;                   // rows that are converted at once

/// How much of a pixel of the square is covered by one of the picture, along one axis. The former is 2 * side wide and
/// the latter 2 * 28: all borders are whole numbers.
struct Overlap {
    int from;
    int to;
    qint64 width;
};

std::vector<Overlap> overlaps(int length, int side) {
    std::vector<Overlap> found;
    const qint64 pitch = qint64{2} * side;
    for (int from = 0; from < length; ++from) {
        const qint64 begin = (qint64{2} * from + side - length) * kImageSide;
        const qint64 end = begin + 2 * kImageSide;
        for (qint64 to = begin / pitch; to * pitch < end; ++to)
            found.push_back(
                {from, static_cast<int>(to), std::min(end, (to + 1) * pitch) - std::max(begin, to * pitch)});
    }
    return found;
}

/// Takes the rows of a picture, from the first to the last, and has their means over the square's pixels.
class AreaMeans {
public:
    explicit AreaMeans(QSize size);
    void add(const std::vector<std::uint8_t>& row);
    /// The median of the border, which is mostly paper.
    std::uint8_t paper() const;
    GreyPixels means() const;

private:
    QSize m_size;
    int m_side;
    std::vector<Overlap> m_columns, m_rows;
    std::size_t m_nextRow = 0;  // in m_rows
    int m_y = 0;
    std::array<qint64, kImagePixels> m_sums{};
    std::array<qint64, 256> m_border{};  // a histogram
};

AreaMeans::AreaMeans(QSize size)
    : m_size(size),
      m_side(std::max(size.width(), size.height())),
      m_columns(overlaps(size.width(), m_side)),
      m_rows(overlaps(size.height(), m_side)) {}

void AreaMeans::add(const std::vector<std::uint8_t>& row) {
    std::array<qint64, kImageSide> sums{};
    for (const auto& [from, to, width] : m_columns) sums[to] += width * row[from];
    for (; m_nextRow < m_rows.size() && m_rows[m_nextRow].from == m_y; ++m_nextRow)
        for (int x = 0; x < kImageSide; ++x)
            m_sums[m_rows[m_nextRow].to * kImageSide + x] += m_rows[m_nextRow].width * sums[x];

    if (m_y == 0 || m_y == m_size.height() - 1) {
        for (const auto grey : row) ++m_border[grey];
    } else {
        ++m_border[row.front()];
        ++m_border[row.back()];
    }
    ++m_y;
}

std::uint8_t AreaMeans::paper() const {
    qint64 count = 0;
    for (const auto each : m_border) count += each;
    qint64 below = 0;
    int grey = 0;
    while (2 * (below += m_border[grey]) < count) ++grey;
    return static_cast<std::uint8_t>(grey);
}

GreyPixels AreaMeans::means() const {
    std::array<qint64, kImageSide> across{}, down{};
    for (const auto& column : m_columns) across[column.to] += column.width;
    for (const auto& row : m_rows) down[row.to] += row.width;
    const qint64 area = qint64{4} * m_side * m_side;
    const qint64 grey = paper();
    GreyPixels pixels;
    for (int i = 0; i < kImagePixels; ++i) {
        const qint64 bare = area - across[i % kImageSide] * down[i / kImageSide];
        pixels[i] = static_cast<std::uint8_t>((2 * (m_sums[i] + bare * grey) + area) / (2 * area));
    }
    return pixels;
}

std::uint8_t greyOnWhite(QRgb colour) {
    const int alpha = qAlpha(colour);
    return static_cast<std::uint8_t>((qGray(colour) * alpha + 255 * (255 - alpha) + 127) / 255);
}

/// Calls visit(grey levels) for one row after the other. A strip at a time: a large picture is never there twice.
template <typename Visit>
void forEachRow(const QImage& image, const Visit& visit) {
    std::vector<std::uint8_t> row(image.width());
    for (int top = 0; top < image.height(); top += kStrip) {
        const int rows = std::min(kStrip, image.height() - top);
        const auto strip = image.copy(0, top, image.width(), rows).convertToFormat(QImage::Format_ARGB32);
        Q_CHECK_PTR(strip.constBits());
        for (int y = 0; y < rows; ++y) {
            const auto* colours = reinterpret_cast<const QRgb*>(strip.constScanLine(y));
            std::transform(colours, colours + row.size(), row.begin(), greyOnWhite);
            visit(row);
        }
    }
}

bool isTooLarge(const QImageReader& reader) {
    const QSize size = reader.size();
    if (std::max(size.width(), size.height()) > kMostSide) return true;
    if (qint64{size.width()} * size.height() > kMostPixels) return true;
    // Any number where the file is damaged: Qt's reader of JPEG tells what it never set.
    const int format = static_cast<int>(reader.imageFormat());
    const bool isKnown = format > QImage::Format_Invalid && format < QImage::NImageFormats;
    const int bits = isKnown ? QImage::toPixelFormat(static_cast<QImage::Format>(format)).bitsPerPixel() : 32;
    return size.isValid() && qint64{size.width()} * size.height() * bits / 8 > kMostBytes;
}

}  // namespace

QImage onWhite(const QImage& image) {
    if (!image.hasAlphaChannel()) return image;
    QImage laid(image.size(), QImage::Format_RGB32);
    laid.fill(Qt::white);
    QPainter(&laid).drawImage(0, 0, image);
    return laid;
}

QImage greyImage(const ImageBatch& images, int index) {
    const auto pixels = images.image(index);
    return QImage(pixels.data(), images.width, images.height, images.width, QImage::Format_Grayscale8).copy();
}

GreyPixels greyPixels(const QImage& image) {
    AreaMeans square(image.size());
    forEachRow(image, [&square](const std::vector<std::uint8_t>& row) { square.add(row); });
    auto pixels = square.means();
    if (square.paper() > 127)
        for (auto& pixel : pixels) pixel = static_cast<std::uint8_t>(255 - pixel);
    return pixels;
}

ImageBatch greyImageBatch(const QImage& image) {
    const auto pixels = greyPixels(image);
    return {1, kImageSide, kImageSide, {pixels.begin(), pixels.end()}};
}

Page pageOf(const QImage& image) {
    Page page{image.width(), image.height(), {}};
    page.grey.reserve(static_cast<std::size_t>(image.width()) * static_cast<std::size_t>(image.height()));
    forEachRow(image, [&page](const std::vector<std::uint8_t>& row) {
        page.grey.insert(page.grey.end(), row.begin(), row.end());
    });
    return page;
}

Result<ReadImage> readImage(const QString& file) {
    QFile opened(file);
    if (!opened.open(QIODevice::ReadOnly))
        return failure("the file cannot be opened (" + opened.errorString().toStdString() + ").");
    return readImage(opened);
}

Result<ReadImage> readImage(QIODevice& file) {
    if (file.size() == 0) return failure("the file is empty.");
    QImageReader reader(&file);
    reader.setAutoTransform(true);
    reader.setDecideFormatFromContent(true);
    if (!reader.canRead()) return failure("this is not an image that can be read.");
    if (isTooLarge(reader)) return failure("the image is too large to be read.");
    const QImage image = reader.read();
    if (image.isNull()) return failure("the image is damaged.");
    return ReadImage{image, reader.supportsAnimation() ? std::max(1, reader.imageCount()) : 1};
}

Result<GreyPixels> readGreyPixels(const QString& file) {
    return readImage(file).map([](const ReadImage& read) { return greyPixels(read.image); });
}

Result<ImageBatch> readGreyImage(const QString& file) {
    const auto read = readImage(file);
    if (!read) return failure(file.toStdString() + ": " + read.error());
    return greyImageBatch(read->image);
}

}  // namespace zwei
