// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/image_strip.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

#include "widgets/drawing/smooth_image.h"
#include "widgets/small_widgets.h"
#include "widgets/style_sheet.h"

namespace zwei {

ImageStrip::ImageStrip(int columns, QWidget* parent) : QWidget(parent), m_columns(columns) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setMouseTracking(true);
    setAccessibleName(tr("Nearest test images"));
}

void ImageStrip::setImages(const ImageBatch& images, const std::vector<int>& indices,
                           const std::vector<std::uint8_t>& labels) {
    m_images = images;
    m_indices = indices;
    m_labels = labels;
    m_focused = std::clamp(m_focused, 0, std::max(0, count() - 1));
    setFocusPolicy(count() > 0 ? Qt::StrongFocus : Qt::NoFocus);
    QStringList descriptions;
    for (int i = 0; i < count(); ++i) descriptions << description(i);
    setAccessibleDescription(descriptions.join(QStringLiteral("; ")));
    update();
}

void ImageStrip::setNote(const QString& note) {
    m_note = note;
    setImages({}, {}, {});
    setAccessibleDescription(note);
}

QSize ImageStrip::sizeHint() const { return {226, 40}; }

QSize ImageStrip::minimumSizeHint() const { return {120, 40}; }

bool ImageStrip::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int column = columnAt(help->pos());
    if (column >= 0)
        QToolTip::showText(help->globalPos(), description(column), this, cell(column));
    else
        QToolTip::hideText();
    return true;
}

void ImageStrip::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::current();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(hasFocus() ? theme.accent : theme.line);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    if (count() == 0) {
        painter.end();
        return paintEmptyNote(*this, rect(), m_note);
    }

    for (int i = 0; i < count(); ++i) {
        const QRect box = cell(i);
        const int side = std::min(box.width(), box.height()) - 6;
        const QRect image(box.center().x() - side / 2, box.center().y() - side / 2, side, side);
        const int pixels = static_cast<int>(side * devicePixelRatioF());
        painter.drawImage(image, smoothInkImage(m_images, i, pixels, pixels, theme.text));
        const bool isMarked = i == m_pointed || (hasFocus() && i == m_focused);
        if (!isMarked) continue;
        painter.setPen(hasFocus() && i == m_focused ? theme.accent : theme.muted);
        painter.drawRoundedRect(QRectF(image).adjusted(-1.5, -1.5, 1.5, 1.5), 4, 4);
    }
}

void ImageStrip::mousePressEvent(QMouseEvent* event) {
    const int column = columnAt(event->position().toPoint());
    if (column < 0 || event->button() != Qt::LeftButton) return;
    m_focused = column;
    Q_EMIT picked(m_indices[static_cast<std::size_t>(column)]);
}

void ImageStrip::mouseMoveEvent(QMouseEvent* event) { point(columnAt(event->position().toPoint())); }

void ImageStrip::leaveEvent(QEvent*) { point(-1); }

void ImageStrip::keyPressEvent(QKeyEvent* event) {
    if (count() == 0) return QWidget::keyPressEvent(event);
    if (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right) {
        m_focused = std::clamp(m_focused + (event->key() == Qt::Key_Right ? 1 : -1), 0, count() - 1);
        update();
    } else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        Q_EMIT picked(m_indices[static_cast<std::size_t>(m_focused)]);
    } else {
        QWidget::keyPressEvent(event);
    }
}

void ImageStrip::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) update();
}

int ImageStrip::count() const { return std::min({m_images.count, static_cast<int>(m_indices.size()), m_columns}); }

QRect ImageStrip::cell(int column) const {
    const double pitch = (width() - 8) / static_cast<double>(m_columns);
    const int left = 4 + static_cast<int>(column * pitch);
    return {left, 0, static_cast<int>(pitch), height()};
}

int ImageStrip::columnAt(QPoint position) const {
    for (int i = 0; i < count(); ++i)
        if (cell(i).contains(position)) return i;
    return -1;
}

QString ImageStrip::description(int column) const {
    const auto i = static_cast<std::size_t>(column);
    if (i < m_labels.size()) return tr("test image %1, labelled %2").arg(m_indices[i]).arg(m_labels[i]);
    return tr("test image %1").arg(m_indices[i]);
}

void ImageStrip::point(int column) {
    if (column == m_pointed) return;
    m_pointed = column;
    setCursor(column >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    update();
}

}  // namespace zwei
