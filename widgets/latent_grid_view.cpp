// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/latent_grid_view.h"

#include <QEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <functional>

#include "widgets/drawing/in_bands.h"
#include "widgets/drawing/ink_image.h"
#include "widgets/drawing/numerals.h"
#include "widgets/drawing/smooth_image.h"
#include "widgets/drawing/theme.h"

namespace zwei {
namespace {

constexpr double kEnlarged = 1.5;  // from here on Qt's bilinear filter shows the pixels

/// The tiles side by side in a sheet of this size, each enlarged by itself: smoother than Qt's filter, and slower.
QImage enlargedSheet(const GridSnapshot& snapshot, QSize size) {
    QImage sheet(size, QImage::Format_RGB32);
    QPainter painter(&sheet);
    painter.setCompositionMode(QPainter::CompositionMode_Source);
    const int tiles = snapshot.request.side;
    const auto edge = [&](int tile) { return tile * size.width() / tiles; };
    for (int i = 0; i < snapshot.tiles.count; ++i) {
        const QPoint corner(edge(i % tiles), edge(i / tiles));
        painter.drawImage(corner, smoothInkImage(snapshot.tiles, i, edge(i % tiles + 1) - corner.x(),
                                                 edge(i / tiles + 1) - corner.y(), Theme::current().text));
    }
    return sheet;
}

/// `rows` of tiles at another size, some of them at a time: what is larger Qt shares among threads, and a window waits
/// long for these where a training keeps the processors.
QImage scaledSheet(const QImage& sheet, int rows, QSize size) {
    constexpr int kForOneThread = 1 << 17;  // pixels
    QImage scaled(size, sheet.format());
    QPainter painter(&scaled);
    painter.setCompositionMode(QPainter::CompositionMode_Source);
    const int ofRow = std::max(sheet.width() * sheet.height(), size.width() * size.height()) / rows;
    const int step = std::max(1, (kForOneThread - 1) / std::max(1, ofRow));
    for (int row = 0; row < rows; row += step) {
        const int end = std::min(row + step, rows);
        const auto edge = [rows](int at, int height) { return at * height / rows; };
        const int top = edge(row, sheet.height());
        const int scaledTop = edge(row, size.height());
        const QImage part(sheet.constScanLine(top), sheet.width(), edge(end, sheet.height()) - top,
                          sheet.bytesPerLine(), sheet.format());
        painter.drawImage(0, scaledTop,
                          part.scaled(size.width(), edge(end, size.height()) - scaledTop, Qt::IgnoreAspectRatio,
                                      Qt::SmoothTransformation));
    }
    return scaled;
}

/// The edges of a request's tiles along an axis, in pixels of `map` and in drawing order; the outermost tiles of
/// quantile spacing reach to infinity and are cut off as far from their middle as their inner edge is.
std::vector<double> tileEdges(const LatentAxis& axis, int side, const std::function<double(double)>& toPixel) {
    std::vector<double> edges;
    for (int i = 0; i <= side; ++i) edges.push_back(axis.value(static_cast<double>(i) / side));
    if (axis.spacing == GridSpacing::GaussianQuantiles) {
        const auto middles = tileCentres(axis, side);
        edges.front() = 2 * middles.front() - edges[1];
        edges.back() = 2 * middles.back() - edges[edges.size() - 2];
    }
    std::transform(edges.begin(), edges.end(), edges.begin(), toPixel);
    return edges;
}

}  // namespace

LatentGridView::LatentGridView(QWidget* parent) : LatentPlaneView(parent) {
    setObjectName(QStringLiteral("latentGridView"));
    setAccessibleName(tr("Latent grid"));
    m_why = tr("Load or train a model to see what it decodes here.");
}

void LatentGridView::setSnapshot(std::shared_ptr<const GridSnapshot> snapshot) {
    const bool isWhole = snapshot && snapshot->request.side > 0 && snapshot->tiles.width > 0 &&
                         snapshot->tiles.height > 0 &&
                         snapshot->tiles.count == snapshot->request.side * snapshot->request.rows();
    if (!isWhole) {
        clear(m_why);
        return;
    }
    m_snapshot = std::move(snapshot);
    setAccessibleDescription(
        tr("%1 by %2 decoded images").arg(m_snapshot->request.side).arg(m_snapshot->request.rows()));
    forgetDrawings();
    update();
}

void LatentGridView::clear(const QString& why) {
    m_snapshot.reset();
    m_why = why;
    setAccessibleDescription(why);
    forgetDrawings();
    update();
}

void LatentGridView::setSide(int tiles) {
    m_side = std::clamp(tiles, kSmallestSide, kLargestSide);
    announceRequest();
}

void LatentGridView::setSpacing(GridSpacing spacing) {
    if (spacing == m_spacing) return;
    m_spacing = spacing;
    planeChanged();
    refreshHover();
}

void LatentGridView::setConditional(bool conditional) {
    m_isConditional = conditional;
    update();
    announceRequest();
    refreshHover();
}

void LatentGridView::setLabel(int label) {
    m_label = std::clamp(label, 0, kClasses - 1);
    announceRequest();
}

void LatentGridView::setRowALabel(bool hasRowALabel) {
    m_hasRowALabel = hasRowALabel;
    announceRequest();
    refreshHover();
}

GridRequest LatentGridView::request() const {
    return {m_side, m_spacing == GridSpacing::Even ? area() : LatentRect{}, m_spacing, m_isConditional ? m_label : 0,
            hasClassRows()};
}

/// The place a pixel stands for: in rows of classes it says nothing of z2.
QPointF LatentGridView::pointAt(QPointF pixel) const {
    const QPointF z = plane().toLatent(pixel);
    return hasHeight() ? z : QPointF(z.x(), latentCursor().y());
}

int LatentGridView::rowAt(QPointF pixel) const {
    const QRectF square(plane().square());
    const int rows = request().rows();
    return std::clamp(static_cast<int>((pixel.y() - square.top()) / square.height() * rows), 0, rows - 1);
}

QRectF LatentGridView::tileAt(QPointF pixel) const {
    const QRectF square(plane().square());
    const QSizeF tile(square.width() / m_side, square.height() / request().rows());
    const double across = std::floor((pixel.x() - square.left()) / tile.width());
    const double column = std::clamp(across, 0.0, m_side - 1.0);
    const double margin = (tile.height() - tile.width()) / 2;  // classes' rows may be higher than their pictures
    return {QPointF(square.left() + column * tile.width(), square.top() + rowAt(pixel) * tile.height() + margin),
            QSizeF(tile.width(), tile.width())};
}

QPointF LatentGridView::cursorPixel() const {
    if (hasHeight()) return LatentPlaneView::cursorPixel();
    const LatentPlane map = plane();
    return {map.toPixel(latentCursor()).x(), map.square().top() + (m_label + 0.5) / kClasses * map.square().height()};
}

void LatentGridView::carryTo(QPointF pixel) {
    const int label = hasClassRows() ? rowAt(pixel) : m_label;
    if (label != m_label) Q_EMIT labelPicked(label);
    Q_EMIT cursorPicked(pointAt(pixel));
}

void LatentGridView::planeChanged() {
    update();
    announceRequest();
}

void LatentGridView::announceRequest() {
    const GridRequest wanted = request();
    if (wanted == std::exchange(m_announced, wanted)) return;
    update();
    Q_EMIT requestChanged(wanted);
}

void LatentGridView::hoverAt(QPointF pixel) {
    update();
    Q_EMIT pointHovered(pointAt(pixel));
}

void LatentGridView::hoverEnded() {
    update();
    LatentPlaneView::hoverEnded();
}

void LatentGridView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange) {
        forgetDrawings();
        update();
    }
    LatentPlaneView::changeEvent(event);
}

void LatentGridView::forgetDrawings() {
    m_sheet = {};
    m_scaled = {};
}

void LatentGridView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), Theme::current().card);
    const LatentPlane map = plane();
    if (m_snapshot) {
        drawTiles(painter, map);
        drawTileUnderPointer(painter);
    } else {
        drawPlaneMessage(painter, map, m_why);
    }
    drawAxes(painter, map);
    if (!m_snapshot) return;
    drawCursor(painter, map);
    drawPlaneFootnote(painter, size(), footnote());
}

void LatentGridView::drawAxes(QPainter& painter, const LatentPlane& map) const {
    if (hasClassRows())
        drawClassRowAxes(painter, map, showsFocus(), axisNames(), m_label);
    else
        drawPlaneAxes(painter, map, showsFocus(), axisNames());
}

void LatentGridView::drawCursor(QPainter& painter, const LatentPlane& map) const {
    if (hasClassRows()) return drawColumnCursor(painter, map, latentCursor().x(), tileAt(cursorPixel()));
    drawLatentTrail(painter, map, trail());
    drawPlaneCursor(painter, map, latentCursor());
}

void LatentGridView::drawTiles(QPainter& painter, const LatentPlane& map) {
    const GridRequest& shown = m_snapshot->request;
    const GridRequest wanted = request();
    if (shown.hasRowALabel != wanted.hasRowALabel) return;  // nothing of it belongs here
    prepareDrawings((QSizeF(map.square().size()) * devicePixelRatioF()).toSize());
    painter.save();
    painter.setClipRect(map.square());
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    if (wanted.hasRowALabel)
        drawClassRows(painter, map);
    else if (shown.spacing != wanted.spacing)
        drawRespaced(painter, map);
    else if (shown.area != wanted.area)
        drawMoved(painter, map);
    else
        painter.drawImage(map.square().topLeft(), m_scaled);
    painter.restore();
}

/// Ink and size once for each answer, so that painting is a copy.
void LatentGridView::prepareDrawings(QSize devicePixels) {
    if (m_sheet.isNull()) m_sheet = inkSheet(m_snapshot->tiles, m_snapshot->request.side);
    const GridRequest& shown = m_snapshot->request;
    const int height = shown.hasRowALabel ? kClasses * (devicePixels.width() / shown.side) : devicePixels.height();
    const QSize wanted(devicePixels.width(), height);
    if (m_scaled.size() == wanted) return;
    const bool isEnlarged = wanted.width() >= kEnlarged * m_sheet.width();
    m_scaled = isEnlarged ? enlargedSheet(*m_snapshot, wanted) : scaledSheet(m_sheet, shown.rows(), wanted);
    m_scaled.setDevicePixelRatio(devicePixelRatioF());
}

/// The last answer where it belongs in the area of now: at once, if not yet sharp.
void LatentGridView::drawMoved(QPainter& painter, const LatentPlane& map) {
    const QRectF target = map.toPixels(m_snapshot->request.area);
    const double ratio = devicePixelRatioF();
    const double growth = target.width() * ratio / m_scaled.width();
    if (std::abs(growth - 1) < 1e-3) {  // panned only: whole device pixels keep it sharp, and need no filter
        painter.drawImage(QPointF(std::round(target.left() * ratio) / ratio, std::round(target.top() * ratio) / ratio),
                          m_scaled);
        return;
    }
    const QImage& source = growth > 1 ? m_sheet : m_scaled;
    inBands(painter, map.square(),
            [&] { painter.drawImage(target, source, QRectF(QPointF(0, 0), QSizeF(source.size()))); });
}

/// The last answer in the other spacing: tile by tile, as no one stretch fits all.
void LatentGridView::drawRespaced(QPainter& painter, const LatentPlane& map) {
    const GridRequest& shown = m_snapshot->request;
    const auto across = tileEdges(horizontalAxis(shown), shown.side, [&](double z) { return map.toPixel({z, 0}).x(); });
    const auto upwards = tileEdges(verticalAxis(shown), shown.side, [&](double z) { return map.toPixel({0, z}).y(); });
    const QSizeF tile(m_snapshot->tiles.width, m_snapshot->tiles.height);
    for (int row = 0; row < shown.side; ++row)
        for (int column = 0; column < shown.side; ++column) {
            const auto left = static_cast<std::size_t>(column);
            const auto bottom = static_cast<std::size_t>(shown.side - 1 - row);
            painter.drawImage(
                QRectF(QPointF(across[left], upwards[bottom + 1]), QPointF(across[left + 1], upwards[bottom])), m_sheet,
                QRectF(QPointF(column * tile.width(), row * tile.height()), tile));
        }
}

/// Each class's row of tiles across the middle of its share of the map: tiles stay square, whatever their number.
void LatentGridView::drawClassRows(QPainter& painter, const LatentPlane& map) {
    const GridRequest& shown = m_snapshot->request;
    const QRectF square(map.square());
    const bool isInPlace = shown.spacing == GridSpacing::GaussianQuantiles || shown.area == area();
    const QRectF across = isInPlace ? square : map.toPixels(shown.area);
    const QImage& source = across.width() > square.width() ? m_sheet : m_scaled;
    const double ratio = devicePixelRatioF();
    const double part = static_cast<double>(source.height()) / kClasses;
    const double height = square.height() / kClasses;
    const double picture = isInPlace ? part / ratio : std::min(height, across.width() / shown.side);
    for (int row = 0; row < kClasses; ++row) {
        const double top = std::round((square.top() + (row + 0.5) * height - picture / 2) * ratio) / ratio;
        painter.drawImage(QRectF(across.left(), top, across.width(), picture), source,
                          QRectF(0, row * part, source.width(), part));
    }
}

void LatentGridView::drawTileUnderPointer(QPainter& painter) const {
    if (!pointer() || m_snapshot->request != request()) return;
    QColor line = Theme::current().muted;
    line.setAlphaF(0.8f);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(line, 1));
    painter.drawRect(tileAt(*pointer()).adjusted(0.5, 0.5, -0.5, -0.5));
    painter.restore();
}

QString LatentGridView::footnote() const {
    const AxisNames& names = axisNames();
    if (pointer() && hasClassRows()) {
        const QPointF z = pointAt(*pointer());
        return tr("digit %1 at %2").arg(rowAt(*pointer())).arg(latentPointText(z, names));
    }
    if (pointer()) return latentPointText(pointAt(*pointer()), names);
    if (hasClassRows()) return tr("a row a digit, all at %1 %2").arg(names.y, coordinateText(latentCursor().y()));
    if (m_isConditional) return tr("every tile is the decoder's %1 at that point").arg(m_label);
    return m_spacing == GridSpacing::Even ? tr("every tile is the decoder's answer at that point")
                                          : tr("every tile holds the same share of the prior");
}

}  // namespace zwei
