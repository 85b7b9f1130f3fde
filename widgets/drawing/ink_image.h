// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QImage>

#include "models/types/image.h"

namespace zwei {

/// Image `index` of the batch as ink on the current theme's card, one pixel a pixel.
QImage inkImage(const ImageBatch& images, int index);

/// The same in an ink of its own.
QImage inkImage(const ImageBatch& images, int index, const QColor& ink);

/// The image as it is stored: grey, 0 paper and 255 ink.
QImage storedImage(const ImageBatch& images, int index);

/// All images side by side, `columns` a row, first image top left; for views that draw many at once.
QImage inkSheet(const ImageBatch& images, int columns);

}  // namespace zwei
