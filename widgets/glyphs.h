// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>
#include <QRectF>

class QPainter;
class QColor;

namespace zwei {

/// The few signs the program needs, drawn as paths so that no font decides how they look.
enum class Glyph {
    Play,
    Pause,
    Menu,
    Expand,
    Collapse,
    Close,
    ChevronDown,
    Previous,
    Next,
    Pen,
    Eraser,
    Undo,
    Redo,
    Open,
    Again,
};

/// Draws `glyph` into the square in the middle of `box`.
void paintGlyph(QPainter& painter, Glyph glyph, const QRectF& box, const QColor& colour);

/// The glyph as an icon that is sharp at every scale factor, and at 45 % strength where it is disabled.
QIcon glyphIcon(Glyph glyph, const QColor& colour);

}  // namespace zwei
