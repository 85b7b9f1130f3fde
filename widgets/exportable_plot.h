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
/// a PDF, a larger image), instead of showing the pixels that it keeps: what is a line there stays one. On the screen
/// it draws itself when it is painted, and once for all that has changed: QCustomPlot's own `replot` has the whole
/// window painted at once.
class ExportablePlot : public QCustomPlot {
public:
    using QCustomPlot::QCustomPlot;

    void redraw();
    /// A layer that has its own buffer.
    void redraw(QCPLayer& layer);

protected:
    /// It draws itself anew where it is painted the next time.
    void invalidate() { m_isStale = true; }

    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

    /// Before it draws itself anew: brings up to date what depends on the size.
    virtual void prepareToDraw() {}

private:
    bool m_isStale = true;
};

}  // namespace zwei
