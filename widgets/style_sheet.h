// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPalette>
#include <QString>

#include "widgets/drawing/theme.h"

namespace zwei {

/// How Qt's own widgets look in `theme`, for the whole application; the style below it is Fusion. Widgets ask for a
/// variant by a property: buttons by `primary`, line edits by `quiet` and `invalid`, labels by `role` (`muted`,
/// `warning`).
QString styleSheet(const Theme& theme);

/// The same colours for whatever no style sheet reaches.
QPalette palette(const Theme& theme);

/// `share` of `b` in `a`, from 0 to 1.
QColor mixed(const QColor& a, const QColor& b, double share);

/// What a sentence about a mistake is written in: readable on a card and on the ground, and not the accent.
QColor warningColour(const Theme& theme);

/// Text and values of a control that is locked: quieter than the muted colour, and still to be read.
QColor disabledColour(const Theme& theme);

}  // namespace zwei
