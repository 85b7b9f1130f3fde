// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QString>

#include "models/types/image.h"
#include "models/types/result.h"

namespace zwei {

/// Image `index` as MNIST stores it: grey, 0 black paper and 255 white ink.
QImage greyImage(const ImageBatch& images, int index);

/// An image file that Qt can read as one grey image of 28 x 28 with light ink on dark paper: turned as its EXIF says,
/// its transparency laid on white, scaled whole into the square, and inverted where its border is lighter than its
/// middle. Fails with a sentence that names the file.
[[nodiscard]] Result<ImageBatch> readGreyImage(const QString& file);

}  // namespace zwei
