// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QImage>

#include "models/types/image.h"

namespace zwei {

/// Image `index` of the batch as ink on the current theme's card, `width` x `height` pixels large. Enlarged by cubic
/// interpolation (Keys, 1981, a = -1/2), which shows strokes where Qt's bilinear one shows the pixels' diamonds.
QImage smoothInkImage(const ImageBatch& images, int index, int width, int height, const QColor& ink);

}  // namespace zwei
