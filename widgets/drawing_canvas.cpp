// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/drawing_canvas.h"

#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>
#include <QTabletEvent>
#include <QUndoCommand>
#include <algorithm>
#include <cmath>

#include "models/types/ink.h"
#include "widgets/drawing/theme.h"
#include "widgets/small_widgets.h"

namespace zwei {
namespace {

constexpr int kUndoLimit = 100;
constexpr double kLightestShare = 0.4;  // of the width, at no pressure
constexpr double kPiece = 2;            // length of one width where the width changes, pixels of the drawing
constexpr double kRadius = 4;

QImage emptyDrawing() {
    QImage image(DrawingCanvas::kSide, DrawingCanvas::kSide, QImage::Format_Grayscale8);
    image.fill(0);
    return image;
}

double pressureOf(const QTabletEvent& event) {
    const QPointingDevice* device = event.pointingDevice();
    const bool isMeasured = device && device->hasCapability(QInputDevice::Capability::Pressure);
    return isMeasured ? event.pressure() : 1;
}

bool isOwnKey(const QKeyEvent& event) {
    return event.matches(QKeySequence::Undo) || event.matches(QKeySequence::Redo) || event.key() == Qt::Key_Delete;
}

}  // namespace

class DrawingCanvas::Replacement : public QUndoCommand {
public:
    Replacement(DrawingCanvas& canvas, const QString& name, const QImage& before, const QImage& after)
        : QUndoCommand(name), m_canvas(canvas), m_before(before), m_after(after) {}

    void undo() override { m_canvas.restore(m_before); }
    void redo() override { m_canvas.restore(m_after); }

private:
    DrawingCanvas& m_canvas;
    QImage m_before, m_after;
};

DrawingCanvas::DrawingCanvas(QWidget* parent) : QWidget(parent), m_drawing(emptyDrawing()) {
    m_undoStack.setUndoLimit(kUndoLimit);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setTabletTracking(true);
    setContextMenuPolicy(Qt::PreventContextMenu);  // the right button erases, and a window would show its own menu
    setAccessibleName(tr("Drawing"));
}

bool DrawingCanvas::isEmpty() const {
    const uchar* first = m_drawing.constBits();  // rows of 280 bytes have no padding
    return std::all_of(first, first + m_drawing.sizeInBytes(), [](uchar ink) { return ink == 0; });
}

void DrawingCanvas::setDrawing(const QImage& image) {
    endStroke();
    QImage next = emptyDrawing();
    if (!image.isNull()) {
        next = image.convertToFormat(QImage::Format_Grayscale8);
        if (next.size() != m_drawing.size())
            next = next.scaled(m_drawing.size(), Qt::IgnoreAspectRatio, Qt::SmoothTransformation)
                       .convertToFormat(QImage::Format_Grayscale8);
        next.setDevicePixelRatio(1);
    }
    if (next != m_drawing) m_undoStack.push(new Replacement(*this, tr("other drawing"), m_drawing, next));
}

void DrawingCanvas::clear() {
    endStroke();
    if (!isEmpty()) m_undoStack.push(new Replacement(*this, tr("clear"), m_drawing, emptyDrawing()));
}

void DrawingCanvas::setTool(Tool tool) { m_tool = tool; }

void DrawingCanvas::setPenWidth(double pixels) {
    m_penWidth = std::clamp(pixels, kLeastWidth, kLargestWidth);
    update();
}

QSize DrawingCanvas::sizeHint() const { return {200, 200}; }

QSize DrawingCanvas::minimumSizeHint() const { return {96, 96}; }

bool DrawingCanvas::event(QEvent* event) {
    // The window may have the same keys for something else.
    if (event->type() == QEvent::ShortcutOverride && isOwnKey(*static_cast<QKeyEvent*>(event))) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

void DrawingCanvas::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::current();
    const QRectF outline = QRectF(frame()).adjusted(0.5, 0.5, -0.5, -0.5);
    const bool isBare = isEmpty();
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.card);
        painter.drawRoundedRect(outline, kRadius, kRadius);
        QPainterPath inside;
        inside.addRoundedRect(outline, kRadius, kRadius);
        painter.setClipPath(inside);
        if (!isBare) paintInk(painter);
        paintRing(painter);
        painter.setClipping(false);
        painter.setPen(hasFocus() ? theme.accent : theme.line);
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(outline, kRadius, kRadius);
    }
    if (isBare) paintEmptyNote(*this, frame(), tr("Draw a digit here, or drop images anywhere"));
}

void DrawingCanvas::keyPressEvent(QKeyEvent* event) {
    if (!isOwnKey(*event)) return QWidget::keyPressEvent(event);
    endStroke();
    if (event->matches(QKeySequence::Undo))
        m_undoStack.undo();
    else if (event->matches(QKeySequence::Redo))
        m_undoStack.redo();
    else
        clear();
}

void DrawingCanvas::mousePressEvent(QMouseEvent* event) {
    const bool isForDrawing = event->button() == Qt::LeftButton || event->button() == Qt::RightButton;
    if (!isForDrawing) return QWidget::mousePressEvent(event);
    const bool erases = m_tool == Tool::Eraser || event->button() == Qt::RightButton;
    beginStroke(sampleAt(event->position(), 1), erases, event->button());
    point(event->position());
}

void DrawingCanvas::mouseMoveEvent(QMouseEvent* event) {
    extendStroke(sampleAt(event->position(), 1));
    point(event->position());
}

void DrawingCanvas::mouseReleaseEvent(QMouseEvent* event) {
    if (!m_stroke || event->button() != m_stroke->button) return;
    extendStroke(sampleAt(event->position(), 1));
    endStroke();
}

void DrawingCanvas::tabletEvent(QTabletEvent* event) {
    event->accept();  // or Qt makes mouse events of it
    const Sample sample = sampleAt(event->position(), pressureOf(*event));
    const bool erases = m_tool == Tool::Eraser || event->button() == Qt::RightButton ||
                        event->pointerType() == QPointingDevice::PointerType::Eraser;
    if (event->type() == QEvent::TabletPress) {
        setFocus(Qt::MouseFocusReason);
        beginStroke(sample, erases, event->button());
    } else if (event->type() == QEvent::TabletMove) {
        extendStroke(sample);
    } else if (event->type() == QEvent::TabletRelease && m_stroke && event->button() == m_stroke->button) {
        endStroke();  // where the pen left, its pressure is none
    }
    point(event->position());
}

void DrawingCanvas::leaveEvent(QEvent*) {
    m_pointer.reset();
    update();
}

void DrawingCanvas::hideEvent(QHideEvent* event) {
    endStroke();
    QWidget::hideEvent(event);
}

void DrawingCanvas::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) update();
}

QRect DrawingCanvas::frame() const {
    const int side = std::min(width(), height());
    return {(width() - side) / 2, (height() - side) / 2, side, side};
}

QRect DrawingCanvas::paper() const { return frame().adjusted(1, 1, -1, -1); }

DrawingCanvas::Sample DrawingCanvas::sampleAt(const QPointF& position, double pressure) const {
    const QRect square = paper();
    const double share = kLightestShare + (1 - kLightestShare) * std::clamp(pressure, 0.0, 1.0);
    return {(position - square.topLeft()) * kSide / std::max(1, square.width()), m_penWidth * share};
}

void DrawingCanvas::paintCurve(QImage& image, const Sample& from, const Sample& control, const Sample& to,
                               bool erases) {
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    QPen pen(erases ? Qt::black : Qt::white, from.width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
    QPainterPath path(from.at);
    path.quadTo(control.at, to.at);
    if (from.width == to.width) return painter.strokePath(path, pen);

    const int pieces = std::max(1, static_cast<int>(std::ceil(path.length() / kPiece)));
    for (int i = 0; i < pieces; ++i) {
        pen.setWidthF(from.width + (to.width - from.width) * (i + 0.5) / pieces);
        painter.setPen(pen);
        painter.drawLine(path.pointAtPercent(double(i) / pieces), path.pointAtPercent((i + 1.0) / pieces));
    }
}

void DrawingCanvas::beginStroke(const Sample& sample, bool erases, Qt::MouseButton button) {
    if (m_stroke) return;
    m_stroke = {m_drawing, m_drawing, sample, sample, erases, button};
    {
        QPainter painter(&m_stroke->settled);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(erases ? Qt::black : Qt::white);
        painter.drawEllipse(sample.at, sample.width / 2, sample.width / 2);
    }
    apply(m_stroke->settled);
}

void DrawingCanvas::extendStroke(const Sample& sample) {
    if (!m_stroke || m_stroke->last.at == sample.at) return;
    Stroke& stroke = *m_stroke;
    const Sample middle = {(stroke.last.at + sample.at) / 2, (stroke.last.width + sample.width) / 2};
    paintCurve(stroke.settled, stroke.end, stroke.last, middle, stroke.erases);
    stroke.end = middle;
    stroke.last = sample;
    QImage image = stroke.settled;
    paintCurve(image, middle, middle, sample, stroke.erases);
    apply(image);
}

void DrawingCanvas::endStroke() {
    if (!m_stroke) return;
    const Stroke stroke = *m_stroke;
    m_stroke.reset();
    if (m_drawing != stroke.before)
        m_undoStack.push(new Replacement(*this, stroke.erases ? tr("erase") : tr("stroke"), stroke.before, m_drawing));
    update();
}

void DrawingCanvas::point(const QPointF& position) {
    m_pointer = position;
    update();
}

void DrawingCanvas::apply(const QImage& image) {
    if (image == m_drawing) return;
    m_drawing = image;
    update();
    Q_EMIT drawn();
}

void DrawingCanvas::restore(const QImage& image) {
    m_stroke.reset();
    apply(image);
}

void DrawingCanvas::paintInk(QPainter& painter) const {
    QImage ink(m_drawing.constBits(), kSide, kSide, m_drawing.bytesPerLine(), QImage::Format_Indexed8);
    const Theme& theme = Theme::current();
    const auto table = inkTable(theme.card.rgb() & 0xffffffu, theme.text.rgb() & 0xffffffu);
    ink.setColorTable(QList<QRgb>(table.begin(), table.end()));
    const QSize pixels = paper().size() * devicePixelRatioF();
    painter.drawImage(paper(), ink.scaled(pixels, Qt::IgnoreAspectRatio, Qt::SmoothTransformation));
}

void DrawingCanvas::paintRing(QPainter& painter) const {
    // The pen's own ink shows where it is; an eraser's does not.
    if (!m_pointer || (m_stroke && !m_stroke->erases)) return;
    const double radius = m_penWidth / 2 * paper().width() / kSide;
    painter.setPen(QPen(Theme::current().muted, 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(*m_pointer, radius, radius);
}

}  // namespace zwei
