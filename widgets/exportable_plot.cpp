// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/exportable_plot.h"

namespace zwei {

void ExportablePlot::paintEvent(QPaintEvent* event) {
    QCPPainter painter(this);
    if (!painter.isActive()) return;
    const auto engine = painter.paintEngine()->type();
    const bool isVector = engine == QPaintEngine::SVG || engine == QPaintEngine::Pdf;
    const bool isOtherScale = painter.paintEngine()->paintDevice()->devicePixelRatioF() != devicePixelRatioF();
    if (!isVector && !isOtherScale) {
        painter.end();
        return QCustomPlot::paintEvent(event);
    }
    painter.setMode(QCPPainter::pmVectorized, isVector);
    painter.setMode(QCPPainter::pmNoCaching);
    prepareToDraw();
    draw(&painter);
}

}  // namespace zwei
