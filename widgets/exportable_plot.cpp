// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/exportable_plot.h"

#include <utility>

namespace zwei {

void ExportablePlot::redraw() {
    invalidate();
    update();
}

void ExportablePlot::redraw(QCPLayer& layer) {
    if (m_isStale)
        update();
    else
        layer.replot();
}

void ExportablePlot::resizeEvent(QResizeEvent*) {
    setViewport(rect());
    redraw();
}

void ExportablePlot::paintEvent(QPaintEvent* event) {
    QCPPainter painter(this);
    if (!painter.isActive()) return;
    const auto engine = painter.paintEngine()->type();
    const bool isVector = engine == QPaintEngine::SVG || engine == QPaintEngine::Pdf;
    const bool isOtherScale = painter.paintEngine()->paintDevice()->devicePixelRatioF() != devicePixelRatioF();
    if (!isVector && !isOtherScale) {
        painter.end();
        if (bufferDevicePixelRatio() != devicePixelRatioF()) {
            setBufferDevicePixelRatio(devicePixelRatioF());
            invalidate();
        }
        prepareToDraw();
        if (std::exchange(m_isStale, false)) {
            setAttribute(Qt::WA_UpdatesDisabled);  // or else it asks to be painted once more
            replot(QCustomPlot::rpQueuedRefresh);
            setAttribute(Qt::WA_UpdatesDisabled, false);
        }
        return QCustomPlot::paintEvent(event);
    }
    painter.setMode(QCPPainter::pmVectorized, isVector);
    painter.setMode(QCPPainter::pmNoCaching);
    prepareToDraw();
    draw(&painter);
}

}  // namespace zwei
