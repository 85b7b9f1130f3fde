// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <qcustomplot.h>

namespace zwei {

/// Of what a plot draws on: the screen's own pixels or another number of them for each of the widget's.
inline double targetPixelRatio(QCPPainter& painter) {
    const bool isDirect = painter.modes().testFlag(QCPPainter::pmNoCaching);
    // A painter that `QWidget::render` shares says that it is on the widget.
    return isDirect ? painter.paintEngine()->paintDevice()->devicePixelRatioF() : painter.device()->devicePixelRatioF();
}

/// A plot that draws itself anew where it is rendered onto something else than the screen (`QWidget::render` on an SVG,
/// a PDF, a larger image), instead of showing the pixels that it keeps: what is a line there stays one.
class ExportablePlot : public QCustomPlot {
public:
    using QCustomPlot::QCustomPlot;

protected:
    void paintEvent(QPaintEvent* event) override;

    /// Before it draws itself anew: brings up to date what depends on the size.
    virtual void prepareToDraw() {}
};

}  // namespace zwei
