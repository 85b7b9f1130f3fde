// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QToolButton>

#include "widgets/glyphs.h"

namespace zwei {

/// A small square button that is a sign, in the theme's colours. Its name is its tooltip, and what is read aloud.
class GlyphButton : public QToolButton {
    Q_OBJECT

public:
    GlyphButton(Glyph glyph, const QString& name, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    void draw();

    Glyph m_glyph;
};

}  // namespace zwei
