// SPDX-License-Identifier: GPL-3.0-or-later
#include <QBuffer>
#include <QImageReader>
#include <algorithm>
#include <opencv2/core.hpp>

#include "app/session/image_conversion.h"
#include "models/imaging/normaliser.h"
#include "tests/fuzz/reader.h"

namespace zwei {
namespace {

constexpr int kMostSide = 40;    // pixels: a million images have to be normalised
constexpr char kPageMark = 'Z';  // no image's: width, height, and grey levels, which no decoder has to let through

bool isOn(const Box& box, const Page& page) {
    return box.x >= 0 && box.y >= 0 && box.width > 0 && box.height > 0 && box.x + box.width <= page.width &&
           box.y + box.height <= page.height;
}

void check(const Page& page, const NormalisedPage& found) {
    const auto count = static_cast<std::size_t>(found.digits.count);
    fuzz::require(found.boxes.size() == count && found.fits.size() == count, "Boxes are missing.");
    fuzz::require(found.digits.pixels.size() == count * kImagePixels, "Pixels are missing.");
    for (const auto& box : found.boxes) fuzz::require(isOn(box, page), "A box is not on its page.");
    for (const auto& fit : found.fits) fuzz::require(isOn(fit.page, page), "A digit is not on its page.");
}

void normaliseAll(const Page& page) {
    const auto found = normalise(page);
    check(page, found);
    NormaliserChoices whole;
    whole.boxes = {{0, 0, page.width, page.height}};
    whole.tone = found.tone == InkTone::Dark ? InkTone::Light : InkTone::Dark;
    check(page, normalise(page, whole));
}

/// The grey levels repeat where there are too few.
Page pageFrom(const std::uint8_t* data, std::size_t size) {
    Page page{1 + data[0] % kMostSide, 1 + data[1] % kMostSide, {}};
    page.grey.resize(static_cast<std::size_t>(page.width) * static_cast<std::size_t>(page.height));
    for (std::size_t i = 0; i < page.grey.size(); ++i) page.grey[i] = data[2 + i % (size - 2)];
    return page;
}

bool isSmall(QIODevice& file) {
    const auto size = QImageReader(&file).size();
    file.seek(0);
    return std::max(size.width(), size.height()) <= kMostSide;
}

void readAsImage(const std::uint8_t* data, std::size_t size) {
    auto bytes = QByteArray::fromRawData(reinterpret_cast<const char*>(data), static_cast<qsizetype>(size));
    QBuffer file(&bytes);
    file.open(QIODevice::ReadOnly);
    if (!isSmall(file)) return;
    const auto read = readImage(file);
    // Its decoder may have made it larger than its header says.
    if (!read || std::max(read->image.width(), read->image.height()) > kMostSide) return;
    const auto image = onWhite(read->image);
    const auto page = pageOf(image);
    fuzz::require(page.width == image.width() && page.height == image.height(), "The page is not the image's size.");
    normaliseAll(page);
    greyPixels(image);
}

}  // namespace
}  // namespace zwei

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    [[maybe_unused]] static const bool isQuiet = [] {
        qInstallMessageHandler([](QtMsgType, const QMessageLogContext&, const QString&) {});
        cv::setNumThreads(1);
        return true;
    }();
    if (size > 3 && data[0] == zwei::kPageMark)
        zwei::normaliseAll(zwei::pageFrom(data + 1, size - 1));
    else
        zwei::readAsImage(data, size);
    return 0;
}
