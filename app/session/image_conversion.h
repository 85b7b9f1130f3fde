// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QString>
#include <array>

#include "models/types/image.h"
#include "models/types/page.h"
#include "models/types/result.h"

namespace zwei {

using GreyPixels = std::array<std::uint8_t, kImagePixels>;

/// A picture as it was read.
struct ReadImage {
    QImage image;
    int frames = 1;  ///< of the file, of which it is the first
};

/// Any picture that Qt can read, turned as its EXIF says. Fails with a sentence about the file that does not name it.
[[nodiscard]] Result<ReadImage> readImage(const QString& file);

/// The same of a file that is open.
[[nodiscard]] Result<ReadImage> readImage(QIODevice& file);

/// What is transparent laid on white, as everything here takes it.
QImage onWhite(const QImage& image);

/// Its grey levels, transparency laid on white.
Page pageOf(const QImage& image);

/// Image `index` as MNIST stores it: grey, 0 black paper and 255 white ink.
QImage greyImage(const ImageBatch& images, int index);

/// A picture of any size and colour as one grey image of 28 x 28 with light ink on dark paper: its transparency laid on
/// white, centred in a square of its paper's own grey, each pixel the mean of the area it covers, and inverted where
/// its border is light.
GreyPixels greyPixels(const QImage& image);

/// That image as a batch of one.
ImageBatch greyImageBatch(const QImage& image);

/// The same of an image file: see `readImage`.
[[nodiscard]] Result<GreyPixels> readGreyPixels(const QString& file);

/// The same as a batch of one. Fails with a sentence that names the file.
[[nodiscard]] Result<ImageBatch> readGreyImage(const QString& file);

}  // namespace zwei
