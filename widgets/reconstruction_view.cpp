// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/reconstruction_view.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <array>

#include "widgets/drawing/smooth_image.h"
#include "widgets/drawing/theme.h"
#include "widgets/small_widgets.h"

namespace zwei {
namespace {

constexpr int kRows = 3;
constexpr int kGap = 8;        // between rows
constexpr int kColumnGap = 4;  // between columns, at least
constexpr int kSmallestTile = 16;
constexpr int kLargestTile = 96;

int labelWidth(const QWidget& view) {
    const QFontMetrics metrics(Theme::font(11), &view);
    return metrics.horizontalAdvance(ReconstructionView::tr("difference")) + 24;
}

}  // namespace

ReconstructionView::ReconstructionView(QWidget* parent)
    : QWidget(parent), m_why(tr("Test images and what the model makes of them appear here.")) {
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Live reconstructions"));
}

void ReconstructionView::setSnapshot(std::shared_ptr<const ReconstructionSnapshot> snapshot) {
    m_snapshot = std::move(snapshot);
    m_sheet = {};
    m_focused = std::clamp(m_focused, 0, std::max(0, shownCount() - 1));
    setFocusPolicy(shownCount() > 0 ? Qt::StrongFocus : Qt::NoFocus);
    setAccessibleDescription(tr("%1 test images, what the model makes of them, and the difference").arg(shownCount()));
    update();
}

void ReconstructionView::clear(const QString& why) {
    m_why = why;
    setSnapshot(nullptr);
    setAccessibleDescription(why);
}

int ReconstructionView::columns() const {
    const int room = width() - labelWidth(*this) + kColumnGap;
    return std::max(1, room / (tileSide() + kColumnGap));
}

QSize ReconstructionView::sizeHint() const { return {640, 184}; }

QSize ReconstructionView::minimumSizeHint() const { return {200, kRows * (32 + kGap)}; }

bool ReconstructionView::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int column = columnAt(help->pos());
    if (column >= 0) {
        const int index = m_snapshot->indices[static_cast<std::size_t>(column)];
        QToolTip::showText(help->globalPos(), tr("test image %1").arg(index), this, columnBox(column));
    } else {
        QToolTip::hideText();
    }
    return true;
}

void ReconstructionView::paintEvent(QPaintEvent*) {
    if (shownCount() == 0) return paintEmptyNote(*this, rect(), m_why);
    QPainter painter(this);
    painter.drawPixmap(0, 0, sheet());
    paintRowLabels(painter);
    paintMark(painter);
}

void ReconstructionView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    m_sheet = {};
    m_pointed = -1;
    const int now = columns();
    if (now == m_lastColumns) return;
    m_lastColumns = now;
    Q_EMIT columnsChanged(now);
}

void ReconstructionView::mousePressEvent(QMouseEvent* event) {
    const int column = columnAt(event->position().toPoint());
    if (event->button() == Qt::LeftButton && column >= 0) pick(column);
}

void ReconstructionView::mouseMoveEvent(QMouseEvent* event) { point(columnAt(event->position().toPoint())); }

void ReconstructionView::leaveEvent(QEvent*) { point(-1); }

void ReconstructionView::keyPressEvent(QKeyEvent* event) {
    if (shownCount() == 0) return QWidget::keyPressEvent(event);
    if (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right) {
        m_focused = std::clamp(m_focused + (event->key() == Qt::Key_Right ? 1 : -1), 0, shownCount() - 1);
        update();
    } else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        pick(m_focused);
    } else {
        QWidget::keyPressEvent(event);
    }
}

void ReconstructionView::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange) return;
    m_sheet = {};
    update();
}

int ReconstructionView::shownCount() const {
    if (!m_snapshot) return 0;
    return std::min({m_snapshot->inputs.count, m_snapshot->outputs.count, m_snapshot->differences.count,
                     static_cast<int>(m_snapshot->indices.size()), columns()});
}

int ReconstructionView::tileSide() const {
    return std::clamp((height() - (kRows - 1) * kGap) / kRows, kSmallestTile, kLargestTile);
}

QRect ReconstructionView::tile(int row, int column) const {
    const int side = tileSide();
    const int left = labelWidth(*this);
    // What is left over is spread between the columns, so that the last one ends at the view's edge.
    const int fitting = columns();
    const double pitch = fitting > 1 ? (width() - left - side) / static_cast<double>(fitting - 1) : 0;
    const int top = std::max(0, (height() - kRows * side - (kRows - 1) * kGap) / 2);
    return {left + static_cast<int>(column * pitch), top + row * (side + kGap), side, side};
}

QRect ReconstructionView::columnBox(int column) const { return tile(0, column).united(tile(kRows - 1, column)); }

int ReconstructionView::columnAt(QPoint position) const {
    for (int i = 0; i < shownCount(); ++i)
        if (columnBox(i).contains(position)) return i;
    return -1;
}

void ReconstructionView::point(int column) {
    if (column == m_pointed) return;
    m_pointed = column;
    setCursor(column >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    update();
}

void ReconstructionView::pick(int column) {
    m_focused = column;
    Q_EMIT imagePicked(m_snapshot->indices[static_cast<std::size_t>(column)]);
}

void ReconstructionView::paintRowLabels(QPainter& painter) const {
    const std::array<QString, kRows> names = {tr("in"), tr("out"), tr("difference")};
    painter.setFont(Theme::font(11));
    painter.setPen(Theme::current().muted);
    for (int row = 0; row < kRows; ++row) {
        const QRect box = tile(row, 0);
        painter.drawText(QRect(0, box.top(), box.left(), box.height()), Qt::AlignLeft | Qt::AlignVCenter,
                         names[static_cast<std::size_t>(row)]);
    }
}

void ReconstructionView::paintMark(QPainter& painter) const {
    const int column = hasFocus() ? m_focused : m_pointed;
    if (column < 0 || column >= shownCount()) return;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(hasFocus() ? Theme::current().accent : Theme::current().line);
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(QRectF(columnBox(column)).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
}

const QPixmap& ReconstructionView::sheet() {
    const double ratio = devicePixelRatioF();
    if (!m_sheet.isNull() && m_sheet.devicePixelRatio() == ratio) return m_sheet;

    m_sheet = QPixmap(size() * ratio);
    m_sheet.setDevicePixelRatio(ratio);
    m_sheet.fill(Qt::transparent);
    QPainter painter(&m_sheet);
    const Theme& theme = Theme::current();
    const auto drawRow = [&](int row, const ImageBatch& images, const QColor& ink) {
        for (int column = 0; column < shownCount(); ++column) {
            const QRect box = tile(row, column);
            const int pixels = static_cast<int>(box.width() * ratio);
            painter.drawImage(box, smoothInkImage(images, column, pixels, pixels, ink));
        }
    };
    drawRow(0, m_snapshot->inputs, theme.text);
    drawRow(1, m_snapshot->outputs, theme.text);
    drawRow(2, m_snapshot->differences, theme.difference);
    return m_sheet;
}

}  // namespace zwei
