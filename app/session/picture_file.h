// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QColor>
#include <QSize>
#include <filesystem>
#include <functional>

#include "models/types/result.h"

class QImage;
class QPainter;

namespace zwei {

inline constexpr int kMostScale = 8;

/// Something that can be painted at any scale: lines, discs and text stay what they are where a file holds such.
struct Picture {
    QSize size;  ///< in its own pixels; of a PDF, in points
    QColor paper;
    /// `scale` is how many device pixels an image in it should have for each of the picture's.
    std::function<void(QPainter& painter, int scale)> paint;
};

/// What the file's ending asks for: SVG or PDF, with vectors; otherwise PNG, with `scale` pixels for each of the
/// picture's along both sides. `scale` is in [1, kMostScale]. Fails where it would be more pixels than a picture has
/// room for.
[[nodiscard]] Result<QByteArray> renderPicture(const Picture& picture, const std::filesystem::path& file, int scale);

/// The same, written whole or not at all.
[[nodiscard]] Result<void> writePicture(const Picture& picture, const std::filesystem::path& file, int scale);

/// PNG; empty where that fails.
QByteArray pngOf(const QImage& image);

}  // namespace zwei
