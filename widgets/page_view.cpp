// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/page_view.h"

#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>
#include <utility>

#include "widgets/drawing/theme.h"
#include "widgets/small_widgets.h"

namespace zwei {
namespace {

// Pixels of the screen.
constexpr double kReach = 5;      // to either side of an edge
constexpr double kSlop = 3;       // what moves less is a click
constexpr double kLeastBand = 4;  // a new box
constexpr double kLine = 1.5;
constexpr double kCurrentLine = 2.5;
constexpr double kNumbered = 28;
constexpr double kNumberHeight = 13;
constexpr double kRadius = 4;

constexpr Qt::Edges kAllEdges = Qt::LeftEdge | Qt::RightEdge | Qt::TopEdge | Qt::BottomEdge;

Box withinPage(const Box& box, const QSize& page) {
    const int left = std::clamp(box.x, 0, page.width() - 1);
    const int top = std::clamp(box.y, 0, page.height() - 1);
    const int right = std::clamp(box.x + box.width, left + 1, page.width());
    const int bottom = std::clamp(box.y + box.height, top + 1, page.height());
    return {left, top, right - left, bottom - top};
}

/// Along one axis: moves the edges of [first, first + size) that are held, within [0, limit).
void dragSpan(int& first, int& size, int by, bool holdsFirst, bool holdsLast, int limit) {
    const int last = first + size;
    if (holdsFirst && holdsLast) {
        first = std::clamp(first + by, 0, limit - size);
    } else if (holdsFirst) {
        first = std::clamp(first + by, 0, last - 1);
        size = last - first;
    } else if (holdsLast) {
        size = std::clamp(last + by, first + 1, limit) - first;
    }
}

Qt::CursorShape cursorFor(Qt::Edges edges) {
    if (edges == kAllEdges) return Qt::SizeAllCursor;
    const bool isUpright = edges.testFlag(Qt::LeftEdge) || edges.testFlag(Qt::RightEdge);
    const bool isLevel = edges.testFlag(Qt::TopEdge) || edges.testFlag(Qt::BottomEdge);
    if (!isLevel) return Qt::SizeHorCursor;
    if (!isUpright) return Qt::SizeVerCursor;
    return edges.testFlag(Qt::LeftEdge) == edges.testFlag(Qt::TopEdge) ? Qt::SizeFDiagCursor : Qt::SizeBDiagCursor;
}

}  // namespace

PageView::PageView(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Page"));
}

void PageView::setPage(const QImage& page) {
    clear({});
    m_page = page;
    describe();
}

void PageView::clear(const QString& why) {
    m_drag.reset();
    m_page = {};
    m_boxes.clear();
    m_current = -1;
    m_why = why;
    m_scaled = {};
    update();
    unsetCursor();
    describe();
}

void PageView::setBoxes(const std::vector<Box>& boxes) {
    if (m_drag && m_drag->hasBegun) return;
    std::vector<Box> cut;
    if (!m_page.isNull())
        for (const Box& box : boxes) cut.push_back(withinPage(box, m_page.size()));
    if (cut == m_boxes) return;
    m_drag.reset();
    m_boxes = std::move(cut);
    m_current = std::min(m_current, static_cast<int>(m_boxes.size()) - 1);
    describe();
    update();
}

void PageView::setCurrent(int index) {
    const bool isThere = index >= 0 && index < static_cast<int>(m_boxes.size());
    m_current = isThere ? index : -1;
    update();
}

void PageView::setBoxesShown(bool shown) {
    m_showsBoxes = shown;
    if (!shown) {
        giveDragUp();
        unsetCursor();
    }
    update();
}

QSize PageView::sizeHint() const { return {220, 200}; }

QSize PageView::minimumSizeHint() const { return {96, 96}; }

bool PageView::event(QEvent* event) {
    // The window may have the same keys for something else.
    if (event->type() == QEvent::ShortcutOverride) {
        auto* key = static_cast<QKeyEvent*>(event);
        if (takesKey(key->key()) && (key->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier) {
            event->accept();
            return true;
        }
    }
    return QWidget::event(event);
}

void PageView::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::current();
    const QRectF outline =
        QRectF(m_page.isNull() ? rect() : pageRect().adjusted(-1, -1, 1, 1)).adjusted(0.5, 0.5, -0.5, -0.5);
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.card);
        painter.drawRoundedRect(outline, kRadius, kRadius);
        if (!m_page.isNull()) {
            QPainterPath inside;
            inside.addRoundedRect(outline, kRadius, kRadius);
            painter.setClipPath(inside);
            painter.drawPixmap(pageRect(), scaledPicture());
            painter.setClipping(false);
        }
        painter.setPen(hasFocus() ? theme.accent : theme.line);
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(outline, kRadius, kRadius);
        if (m_showsBoxes) paintBoxes(painter);
    }
    if (m_page.isNull()) paintEmptyNote(*this, rect(), m_why);
}

void PageView::keyPressEvent(QKeyEvent* event) {
    if (!takesKey(event->key())) return QWidget::keyPressEvent(event);
    const int last = static_cast<int>(m_boxes.size()) - 1;
    switch (event->key()) {
        case Qt::Key_Escape:
            return giveDragUp();
        case Qt::Key_Left:
            return choose(m_current < 0 ? last : std::max(0, m_current - 1));
        case Qt::Key_Right:
            return choose(std::min(last, m_current + 1));
        default:
            removeCurrent();
    }
}

void PageView::mousePressEvent(QMouseEvent* event) {
    const QPointF at = event->position();
    const bool isOnPage = QRectF(pageRect()).adjusted(-kReach, -kReach, kReach, kReach).contains(at);
    const bool corrects = event->button() == Qt::LeftButton && m_showsBoxes && !m_page.isNull() && isOnPage;
    if (!corrects || m_drag) return QWidget::mousePressEvent(event);
    const Grip grip = gripAt(at);
    if (grip.box >= 0) choose(grip.box);
    // Whoever heard of the choice may have taken the box away.
    if (grip.box < static_cast<int>(m_boxes.size())) m_drag = {grip, at, m_boxes, m_current};
}

void PageView::mouseMoveEvent(QMouseEvent* event) {
    if (m_drag) return followDrag(event->position());
    showCursor(event->position());
}

void PageView::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || !m_drag) return;
    followDrag(event->position());
    const auto drag = std::exchange(m_drag, std::nullopt);
    if (drag && drag->before != m_boxes) Q_EMIT boxesEdited(std::vector<Box>(m_boxes));
    showCursor(event->position());
}

void PageView::hideEvent(QHideEvent* event) {
    giveDragUp();
    QWidget::hideEvent(event);
}

void PageView::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) update();
}

QRect PageView::pageRect() const {
    const QRect room = rect().adjusted(1, 1, -1, -1);  // inside the hairline
    const QSize size = m_page.size().scaled(room.size(), Qt::KeepAspectRatio).expandedTo({1, 1});
    return {room.x() + (room.width() - size.width()) / 2, room.y() + (room.height() - size.height()) / 2, size.width(),
            size.height()};
}

QPointF PageView::scale() const {
    const QRect shown = pageRect();
    return {double(shown.width()) / m_page.width(), double(shown.height()) / m_page.height()};
}

QRectF PageView::onScreen(const Box& box) const {
    const QPointF by = scale();
    const QPoint origin = pageRect().topLeft();
    return {origin.x() + box.x * by.x(), origin.y() + box.y * by.y(), box.width * by.x(), box.height * by.y()};
}

Qt::Edges PageView::edgesAt(const Box& box, const QPointF& position) const {
    const QRectF shown = onScreen(box);
    // A small box needs a middle too, to be moved by.
    const double acrossReach = std::min(kReach, shown.width() / 4);
    const double downReach = std::min(kReach, shown.height() / 4);
    Qt::Edges edges;
    edges.setFlag(Qt::LeftEdge, position.x() < shown.left() + acrossReach);
    edges.setFlag(Qt::RightEdge, position.x() > shown.right() - acrossReach);
    edges.setFlag(Qt::TopEdge, position.y() < shown.top() + downReach);
    edges.setFlag(Qt::BottomEdge, position.y() > shown.bottom() - downReach);
    return edges == Qt::Edges() ? kAllEdges : edges;
}

/// The box the point lies in, or else one whose edge is near: the current one first, then the smallest, since a large
/// one may have others inside.
PageView::Grip PageView::gripAt(const QPointF& position) const {
    if (!m_showsBoxes) return {};
    for (const double reach : {0.0, kReach}) {
        int found = -1;
        const auto area = [this](int i) { return double(m_boxes[i].width) * m_boxes[i].height; };
        for (int i = 0; i < static_cast<int>(m_boxes.size()); ++i) {
            if (!onScreen(m_boxes[i]).adjusted(-reach, -reach, reach, reach).contains(position)) continue;
            if (found < 0 || i == m_current || (found != m_current && area(i) < area(found))) found = i;
        }
        if (found >= 0) return {found, edgesAt(m_boxes[found], position)};
    }
    return {};
}

Box PageView::draggedBox(const QPointF& position) const {
    const QPointF way = position - m_drag->start;
    const Qt::Edges edges = m_drag->grip.edges;
    Box box = m_drag->before[m_drag->grip.box];
    dragSpan(box.x, box.width, static_cast<int>(std::lround(way.x() / scale().x())), edges.testFlag(Qt::LeftEdge),
             edges.testFlag(Qt::RightEdge), m_page.width());
    dragSpan(box.y, box.height, static_cast<int>(std::lround(way.y() / scale().y())), edges.testFlag(Qt::TopEdge),
             edges.testFlag(Qt::BottomEdge), m_page.height());
    return box;
}

std::optional<Box> PageView::newBox(const QPointF& position) const {
    const QRectF band = QRectF(m_drag->start, position).normalized() & QRectF(pageRect());
    if (band.width() < kLeastBand || band.height() < kLeastBand) return std::nullopt;
    const QPointF by = scale();
    const QPointF first = band.topLeft() - pageRect().topLeft();
    const int left = static_cast<int>(std::lround(first.x() / by.x()));
    const int top = static_cast<int>(std::lround(first.y() / by.y()));
    const int right = static_cast<int>(std::lround((first.x() + band.width()) / by.x()));
    const int bottom = static_cast<int>(std::lround((first.y() + band.height()) / by.y()));
    return withinPage({left, top, right - left, bottom - top}, m_page.size());
}

void PageView::followDrag(const QPointF& position) {
    m_drag->hasBegun |= (position - m_drag->start).manhattanLength() >= kSlop;
    if (!m_drag->hasBegun) return;
    std::vector<Box> boxes = m_drag->before;
    int current = m_drag->currentBefore;
    if (m_drag->grip.box >= 0) {
        boxes[m_drag->grip.box] = draggedBox(position);
    } else if (const auto box = newBox(position)) {
        boxes.push_back(*box);
        current = static_cast<int>(boxes.size()) - 1;
    }
    edit(boxes, current);
}

void PageView::giveDragUp() {
    const auto drag = std::exchange(m_drag, std::nullopt);
    if (drag) edit(drag->before, drag->currentBefore);
}

void PageView::edit(const std::vector<Box>& boxes, int current) {
    const bool areOthers = boxes != m_boxes;
    m_boxes = boxes;
    const int before = std::exchange(m_current, current);
    describe();
    update();
    if (areOthers) Q_EMIT boxesEdited(boxes);
    if (m_current != before) Q_EMIT currentChanged(m_current);
}

void PageView::choose(int index) { edit(std::vector<Box>(m_boxes), index); }

void PageView::removeCurrent() {
    std::vector<Box> boxes = m_boxes;
    boxes.erase(boxes.begin() + m_current);
    edit(boxes, std::min(m_current, static_cast<int>(boxes.size()) - 1));
}

bool PageView::takesKey(int key) const {
    if (m_drag) return key == Qt::Key_Escape;
    if (key == Qt::Key_Left || key == Qt::Key_Right) return !m_boxes.empty();
    return (key == Qt::Key_Delete || key == Qt::Key_Backspace) && m_current >= 0 && m_showsBoxes;
}

void PageView::showCursor(const QPointF& position) {
    const Grip grip = gripAt(position);
    if (grip.box >= 0) return setCursor(cursorFor(grip.edges));
    const bool isPaper = m_showsBoxes && !m_page.isNull() && QRectF(pageRect()).contains(position);
    setCursor(isPaper ? Qt::CrossCursor : Qt::ArrowCursor);
}

void PageView::describe() { setAccessibleDescription(m_page.isNull() ? m_why : tr("Boxes: %1").arg(m_boxes.size())); }

const QPixmap& PageView::scaledPicture() {
    const QSize pixels = (QSizeF(pageRect().size()) * devicePixelRatioF()).toSize();
    if (m_scaled.size() != pixels) {
        m_scaled = QPixmap::fromImage(m_page.scaled(pixels, Qt::IgnoreAspectRatio, Qt::SmoothTransformation));
        m_scaled.setDevicePixelRatio(1);  // it is drawn into a rectangle
    }
    return m_scaled;
}

void PageView::paintBoxes(QPainter& painter) const {
    const int count = static_cast<int>(m_boxes.size());
    for (int i = 0; i < count; ++i)
        if (i != m_current) paintBox(painter, i);
    if (m_current >= 0) paintBox(painter, m_current);
}

void PageView::paintBox(QPainter& painter, int index) const {
    const bool isCurrent = index == m_current;
    const QRectF shown = onScreen(m_boxes[index]);
    QColor fill = Theme::current().accent;
    fill.setAlphaF(isCurrent ? 0.1F : 0.0F);
    painter.setPen(
        QPen(Theme::current().accent, isCurrent ? kCurrentLine : kLine, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
    painter.setBrush(fill);
    painter.drawRect(shown);
    if (std::max(shown.width(), shown.height()) >= kNumbered) paintNumber(painter, index, shown);
}

void PageView::paintNumber(QPainter& painter, int index, const QRectF& box) const {
    const QFont font = Theme::font(10, QFont::DemiBold);
    const QString number = QString::number(index + 1);
    const double line = index == m_current ? kCurrentLine : kLine;
    QRectF tag(box.left() - line / 2, box.top() + line / 2 - kNumberHeight,
               QFontMetricsF(font).horizontalAdvance(number) + 6, kNumberHeight);
    if (tag.top() < 0) tag.moveTop(box.top() - line / 2);
    painter.setPen(Qt::NoPen);
    painter.setBrush(Theme::current().accent);
    painter.drawRect(tag);
    painter.setFont(font);
    painter.setPen(Qt::white);
    painter.drawText(tag, Qt::AlignCenter, number);
}

}  // namespace zwei
