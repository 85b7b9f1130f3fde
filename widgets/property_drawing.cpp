// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/property_drawing.h"

#include <QEvent>

#include "widgets/drawing/axis_step.h"
#include "widgets/drawing/numerals.h"

namespace zwei {

PropertyDrawing::PropertyDrawing(QSize least, QWidget* parent) : QWidget(parent) {
    setMinimumSize(least);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void PropertyDrawing::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) update();
}

QString PropertyDrawing::tickText(double tick, double step) {
    return tick < step / 2 ? QStringLiteral("0") : numberText(tick, decimalsFor(step));
}

}  // namespace zwei
