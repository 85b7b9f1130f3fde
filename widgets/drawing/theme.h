// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>

namespace zwei {

/// The colours and measures every view is drawn with. One theme is in force at a time; a view reads it when it paints
/// and repaints when it gets `QEvent::PaletteChange`. GUI thread only.
struct Theme {
    bool dark = true;
    QColor ground;      ///< behind the cards
    QColor card;        ///< the paper on which digits are drawn
    QColor line;        ///< hairlines
    QColor text;        ///< also the ink of digits
    QColor muted;       ///< explanations, axes, the training curve
    QColor field;       ///< where something can be set
    QColor accent;      ///< primary button, slider, cursor, test curve, progress; nothing else
    QColor difference;  ///< ink of difference images, so that they cannot be taken for digits

    static Theme darkTheme();
    static Theme lightTheme();
    static const Theme& current();
    static void setCurrent(const Theme& theme);

    /// The system's sans (Inter where it is) with tabular figures. `pixels` is one of 16, 12, 11, 10.
    static QFont font(int pixels, QFont::Weight weight = QFont::Normal);
};

inline constexpr int kSpace = 4;  ///< the spacing unit: 4, 8, 12, 16
inline constexpr int kCardRadius = 8;
inline constexpr int kBarControl = 30;    ///< height of a control in the bar
inline constexpr int kPanelControl = 26;  ///< height of a control in a panel

}  // namespace zwei
