// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/latent_plane_view.h"

#include <QApplication>
#include <QMouseEvent>
#include <QNativeGestureEvent>
#include <cmath>

namespace zwei {
namespace {

constexpr double kZoomStep = 1.189207115002721;  // four notches of a wheel halve the area's sides

}  // namespace

LatentPlaneView::LatentPlaneView(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void LatentPlaneView::setArea(const LatentRect& area) {
    const LatentRect bounded = boundedArea(area);
    if (bounded == m_area) return;
    m_area = bounded;
    planeChanged();
    refreshHover();
}

void LatentPlaneView::setLatentCursor(QPointF z) {
    if (z == m_cursor || !std::isfinite(z.x()) || !std::isfinite(z.y())) return;
    m_cursor = z;
    cursorChanged();
}

void LatentPlaneView::setTrail(const LatentTrail& trail) {
    if (trail.isEmpty() && m_trail.isEmpty()) return;
    m_trail = trail;
    cursorChanged();
}

void LatentPlaneView::setAxisNames(const QString& x, const QString& y) {
    const AxisNames names{x, y};
    if (names == m_axisNames) return;
    m_axisNames = names;
    planeChanged();
    refreshHover();
}

LatentPlane LatentPlaneView::plane() const {
    return {LatentPlane::squareIn(size(), devicePixelRatioF()), m_area, planeSpacing()};
}

void LatentPlaneView::refreshHover() {
    if (m_pointer) hoverAt(*m_pointer);
}

bool LatentPlaneView::event(QEvent* event) {
    if (event->type() == QEvent::NativeGesture && pinch(*static_cast<QNativeGestureEvent*>(event))) return true;
    return QWidget::event(event);
}

bool LatentPlaneView::pinch(const QNativeGestureEvent& event) {
    if (event.gestureType() != Qt::ZoomNativeGesture || !isZoomable()) return false;
    zoomAt(event.position(), 1 / std::max(0.1, 1 + event.value()));
    return true;
}

void LatentPlaneView::wheelEvent(QWheelEvent* event) {
    const QPointF at = event->position();
    if (!isZoomable() || !QRectF(plane().square()).contains(at)) {
        event->ignore();
        return;
    }
    const double notches =
        event->angleDelta().y() != 0 ? event->angleDelta().y() / 120.0 : event->pixelDelta().y() / 60.0;
    if (notches != 0) zoomAt(at, std::pow(kZoomStep, -notches));
    event->accept();
}

void LatentPlaneView::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || !QRectF(plane().square()).contains(event->position())) {
        event->ignore();
        return;
    }
    const bool carries = isOnCursor(event->position()) || event->modifiers().testFlag(Qt::ShiftModifier);
    m_gesture = carries ? Gesture::PressOnCursor : Gesture::Press;
    m_pressedAt = event->position();
    m_pressedArea = m_area;
}

void LatentPlaneView::mouseMoveEvent(QMouseEvent* event) {
    if (m_gesture == Gesture::None)
        hover(event->position());
    else
        drag(event->position());
    showPointer(event->position());
}

void LatentPlaneView::drag(QPointF pixel) {
    const bool isFar = (pixel - m_pressedAt).manhattanLength() >= QApplication::startDragDistance();
    if (m_gesture == Gesture::Press && isFar && isZoomable()) m_gesture = Gesture::Pan;
    if (m_gesture == Gesture::PressOnCursor && isFar) m_gesture = Gesture::Carry;
    const QRectF square(plane().square());
    if (m_gesture == Gesture::Pan) {
        endHover();
        const double unit = m_pressedArea.width() / square.width();
        const QPointF moved = pixel - m_pressedAt;
        moveTo(pannedArea(m_pressedArea, {-moved.x() * unit, hasHeight() ? moved.y() * unit : 0}));
    } else if (m_gesture == Gesture::Carry) {
        endHover();
        carryTo({std::clamp(pixel.x(), square.left(), square.right()),
                 std::clamp(pixel.y(), square.top(), square.bottom())});
    }
}

void LatentPlaneView::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    const Gesture gesture = std::exchange(m_gesture, Gesture::None);
    const bool isClick = (event->position() - m_pressedAt).manhattanLength() < QApplication::startDragDistance();
    if ((gesture == Gesture::Press || gesture == Gesture::PressOnCursor) && isClick) pickAt(m_pressedAt);
    if (gesture != Gesture::None && rect().contains(event->position().toPoint())) hover(event->position());
    showPointer(event->position());
}

void LatentPlaneView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && isZoomable() && QRectF(plane().square()).contains(event->position()))
        moveTo({});
}

void LatentPlaneView::keyPressEvent(QKeyEvent* event) {
    const bool isPlain = !(event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier));
    const int key = isPlain && isZoomable() ? event->key() : 0;
    const QPointF middle = QRectF(plane().square()).center();
    if (key == Qt::Key_Plus || key == Qt::Key_Equal)
        zoomAt(middle, 1 / kZoomStep);
    else if (key == Qt::Key_Minus)
        zoomAt(middle, kZoomStep);
    else if (key == Qt::Key_0)
        moveTo({});
    else
        QWidget::keyPressEvent(event);
}

void LatentPlaneView::leaveEvent(QEvent*) { endHover(); }

void LatentPlaneView::focusInEvent(QFocusEvent* event) {
    const auto reason = event->reason();
    m_showsFocus =
        reason == Qt::TabFocusReason || reason == Qt::BacktabFocusReason || reason == Qt::ShortcutFocusReason;
    planeChanged();
}

void LatentPlaneView::focusOutEvent(QFocusEvent*) {
    m_showsFocus = false;
    planeChanged();
}

bool LatentPlaneView::isOnCursor(QPointF pixel) const {
    const QPointF apart = cursorPixel() - pixel;
    return std::hypot(apart.x(), apart.y()) <= kCursorReach;
}

void LatentPlaneView::moveTo(const LatentRect& area) {
    const LatentRect before = m_area;
    setArea(area);
    if (m_area != before) Q_EMIT areaChanged(m_area);
}

void LatentPlaneView::zoomAt(QPointF pixel, double factor) {
    const LatentPlane map = plane();
    const double height = hasHeight() ? pixel.y() : QRectF(map.square()).center().y();
    moveTo(zoomedArea(m_area, map.toLatent({pixel.x(), height}), factor));
}

void LatentPlaneView::hover(QPointF pixel) {
    if (!QRectF(plane().square()).contains(pixel)) {
        endHover();
        return;
    }
    m_pointer = pixel;
    hoverAt(pixel);
}

void LatentPlaneView::endHover() {
    if (!std::exchange(m_pointer, std::nullopt)) return;
    hoverEnded();
}

void LatentPlaneView::showPointer(QPointF pixel) {
    if (m_gesture == Gesture::Pan || m_gesture == Gesture::Carry)
        setCursor(Qt::ClosedHandCursor);
    else if (!QRectF(plane().square()).contains(pixel))
        unsetCursor();
    else
        setCursor(isOnCursor(pixel) ? Qt::OpenHandCursor : Qt::CrossCursor);
}

}  // namespace zwei
