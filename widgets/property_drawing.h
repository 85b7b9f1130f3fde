// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSize>
#include <QString>
#include <QWidget>

namespace zwei {

/// A widget that draws itself in the theme's colours, in all the room that there is beyond its least.
class PropertyDrawing : public QWidget {
public:
    PropertyDrawing(QSize least, QWidget* parent);

    QSize sizeHint() const override { return minimumSize(); }

protected:
    void changeEvent(QEvent* event) override;

    /// A tick of an axis from 0 in steps of `step`.
    static QString tickText(double tick, double step);
};

}  // namespace zwei
