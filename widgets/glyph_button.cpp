// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/glyph_button.h"

#include <QEvent>

#include "widgets/drawing/theme.h"

namespace zwei {

GlyphButton::GlyphButton(Glyph glyph, const QString& name, QWidget* parent) : QToolButton(parent), m_glyph(glyph) {
    setAccessibleName(name);
    setToolTip(name);
    setIconSize(QSize(13, 13));
    setFixedSize(kPanelControl, kPanelControl);
    setFocusPolicy(Qt::TabFocus);
    draw();
}

void GlyphButton::changeEvent(QEvent* event) {
    QToolButton::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) draw();
}

void GlyphButton::draw() { setIcon(glyphIcon(m_glyph, Theme::current().text)); }

}  // namespace zwei
