// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tile_view.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QSet>
#include <QToolTip>
#include <algorithm>
#include <limits>

#include "widgets/drawing/ink_image.h"
#include "widgets/drawing/smooth_image.h"
#include "widgets/drawing/theme.h"
#include "widgets/small_widgets.h"

namespace zwei {
namespace {

TileView::NamedImage namedImage(const TileView::Tile& tile) {
    return {storedImage(*tile.images, tile.index), tile.name};
}

QImage drawnTile(const TileView::Tile& tile, int pixels) {
    const QColor& ink = tile.isDifference ? Theme::current().difference : Theme::current().text;
    if (!tile.hasSquarePixels) return smoothInkImage(*tile.images, tile.index, pixels, pixels, ink);
    return inkImage(*tile.images, tile.index, ink).scaled(pixels, pixels);
}

}  // namespace

TileView::TileView(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

int TileView::selectedTile() const { return tileWithId(m_selectedId); }

std::optional<TileView::NamedImage> TileView::selectedImage() const {
    const int tile = selectedTile();
    if (tile < 0) return std::nullopt;
    return namedImage(m_tiles[static_cast<std::size_t>(tile)]);
}

std::vector<TileView::NamedImage> TileView::allImages() const {
    std::vector<NamedImage> images;
    QSet<QString> names;
    for (const Tile& tile : m_tiles) {
        if (names.contains(tile.name)) continue;
        names.insert(tile.name);
        images.push_back(namedImage(tile));
    }
    return images;
}

void TileView::tileSelected(const Tile&) {}

void TileView::layOutAgain() {
    m_tiles = layOut();
    m_sheet = {};
    if (m_pointed >= static_cast<int>(m_tiles.size())) point(-1);
    setFocusPolicy(m_tiles.empty() ? Qt::NoFocus : Qt::StrongFocus);
    update();
}

void TileView::setNote(const QString& why) { m_note = why; }

void TileView::selectTile(int tile) {
    // The layout that a selection may lead to makes other tiles of these.
    const Tile chosen = m_tiles[static_cast<std::size_t>(tile)];
    m_selectedId = chosen.id;
    update();
    tileSelected(chosen);
    Q_EMIT selected(tileWithId(chosen.id));
}

void TileView::moveSelectionTo(int id) {
    m_selectedId = id;
    update();
}

bool TileView::moveSelection(Qt::Key direction) {
    const int from = selectedTile();
    const bool isShown = from >= 0 && !m_tiles[static_cast<std::size_t>(from)].box.isNull();
    const int to = isShown ? neighbour(from, direction) : firstShown();
    if (to >= 0) selectTile(to);
    return to >= 0;
}

bool TileView::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int index = tileAt(help->pos());
    if (index < 0) {
        QToolTip::hideText();
        return true;
    }
    const Tile& tile = m_tiles[static_cast<std::size_t>(index)];
    const QString text = tile.figures.isEmpty() ? tile.name : tile.name + u'\n' + tile.figures;
    QToolTip::showText(help->globalPos(), text, this, tile.box);
    return true;
}

void TileView::paintEvent(QPaintEvent*) {
    if (m_tiles.empty()) return paintEmptyNote(*this, rect(), m_note);
    const Theme& theme = Theme::current();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintBeside(painter);
    painter.drawPixmap(0, 0, sheet());
    paintOutline(painter, m_pointed, theme.muted);
    const int marked = selectedTile();
    if (marked >= 0) return paintOutline(painter, marked, theme.accent);
    if (hasFocus()) paintOutline(painter, firstShown(), theme.muted);
}

void TileView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    point(-1);
    layOutAgain();
}

void TileView::mousePressEvent(QMouseEvent* event) {
    const int tile = tileAt(event->position().toPoint());
    if (event->button() != Qt::LeftButton || tile < 0) return;
    m_pressedId = m_tiles[static_cast<std::size_t>(tile)].id;
    m_pressedAt = event->position().toPoint();
    selectTile(tile);
}

void TileView::mouseMoveEvent(QMouseEvent* event) {
    const QPoint position = event->position().toPoint();
    point(tileAt(position));
    const int pressed = tileWithId(m_pressedId);
    if (pressed < 0 || !(event->buttons() & Qt::LeftButton)) return;
    if ((position - m_pressedAt).manhattanLength() < QApplication::startDragDistance()) return;
    m_pressedId = -1;  // one drag a press
    const auto [image, name] = namedImage(m_tiles[static_cast<std::size_t>(pressed)]);
    Q_EMIT dragRequested(image, name);
}

void TileView::mouseReleaseEvent(QMouseEvent*) { m_pressedId = -1; }

void TileView::leaveEvent(QEvent*) { point(-1); }

void TileView::keyPressEvent(QKeyEvent* event) {
    const auto key = static_cast<Qt::Key>(event->key());
    const bool isArrow = key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Up || key == Qt::Key_Down;
    if (!isArrow || m_tiles.empty()) return QWidget::keyPressEvent(event);
    moveSelection(key);
}

void TileView::contextMenuEvent(QContextMenuEvent* event) {
    QPoint position = event->globalPos();
    if (event->reason() == QContextMenuEvent::Keyboard) {
        const int marked = selectedTile();
        if (marked >= 0) position = mapToGlobal(m_tiles[static_cast<std::size_t>(marked)].box.center());
    } else if (const int tile = tileAt(event->pos()); tile >= 0) {
        selectTile(tile);
    }
    Q_EMIT contextMenuWanted(position);
}

void TileView::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange) return;
    m_sheet = {};
    update();
}

int TileView::tileAt(QPoint position) const {
    for (std::size_t i = 0; i < m_tiles.size(); ++i)
        if (m_tiles[i].box.contains(position)) return static_cast<int>(i);
    return -1;
}

int TileView::tileWithId(int id) const {
    const auto found = std::find_if(m_tiles.begin(), m_tiles.end(), [id](const Tile& tile) { return tile.id == id; });
    return found == m_tiles.end() ? -1 : static_cast<int>(found - m_tiles.begin());
}

int TileView::firstShown() const {
    const auto isShown = [](const Tile& tile) { return !tile.box.isNull(); };
    const auto found = std::find_if(m_tiles.begin(), m_tiles.end(), isShown);
    return found == m_tiles.end() ? -1 : static_cast<int>(found - m_tiles.begin());
}

/// The nearest tile of the same row or column; -1 at an edge.
int TileView::neighbour(int tile, Qt::Key direction) const {
    const QPoint from = m_tiles[static_cast<std::size_t>(tile)].box.center();
    const bool isSideways = direction == Qt::Key_Left || direction == Qt::Key_Right;
    const int sign = direction == Qt::Key_Right || direction == Qt::Key_Down ? 1 : -1;
    int nearest = -1;
    int least = std::numeric_limits<int>::max();
    for (std::size_t i = 0; i < m_tiles.size(); ++i) {
        if (m_tiles[i].box.isNull()) continue;
        const QPoint way = m_tiles[i].box.center() - from;
        const int along = sign * (isSideways ? way.x() : way.y());
        if (along <= 0 || along >= least || (isSideways ? way.y() : way.x()) != 0) continue;
        least = along;
        nearest = static_cast<int>(i);
    }
    return nearest;
}

void TileView::point(int tile) {
    if (tile == m_pointed) return;
    m_pointed = tile;
    setCursor(tile >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    update();
}

void TileView::paintOutline(QPainter& painter, int tile, const QColor& colour) const {
    if (tile < 0 || m_tiles[static_cast<std::size_t>(tile)].box.isNull()) return;
    painter.setPen(colour);
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(QRectF(m_tiles[static_cast<std::size_t>(tile)].box).adjusted(-0.5, -0.5, 0.5, 0.5), 4, 4);
}

const QPixmap& TileView::sheet() {
    const double ratio = devicePixelRatioF();
    if (!m_sheet.isNull() && m_sheet.devicePixelRatio() == ratio) return m_sheet;

    m_sheet = QPixmap(size() * ratio);
    m_sheet.setDevicePixelRatio(ratio);
    m_sheet.fill(Qt::transparent);
    QPainter painter(&m_sheet);
    for (const Tile& tile : m_tiles)
        if (!tile.box.isNull())
            painter.drawImage(tile.box, drawnTile(tile, static_cast<int>(tile.box.width() * ratio)));
    return m_sheet;
}

}  // namespace zwei
