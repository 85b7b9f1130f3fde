// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/image_view.h"

#include <QEvent>
#include <QPainter>

#include "widgets/drawing/smooth_image.h"
#include "widgets/drawing/theme.h"
#include "widgets/small_widgets.h"

namespace zwei {
namespace {

constexpr int kInset = 4;  // between hairline and image

}  // namespace

ImageView::ImageView(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Decoded image"));
}

void ImageView::setImage(const ImageBatch& images, int index) {
    const auto pixels = images.image(index);
    m_image = {1, images.height, images.width, {pixels.begin(), pixels.end()}};
    update();
}

void ImageView::clear(const QString& why) {
    m_image = {};
    m_why = why;
    update();
}

QSize ImageView::sizeHint() const { return {168, 168}; }

QSize ImageView::minimumSizeHint() const { return {72, 72}; }

void ImageView::paintEvent(QPaintEvent*) {
    const QRect box = frame();
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Theme::current().line);
        painter.setBrush(Theme::current().card);
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    }
    if (m_image.count == 0) return paintEmptyNote(*this, box, m_why);

    const QRect inner = box.adjusted(kInset, kInset, -kInset, -kInset);
    const QSize pixels = inner.size() * devicePixelRatioF();
    QPainter painter(this);
    painter.drawImage(inner, smoothInkImage(m_image, 0, pixels.width(), pixels.height(), Theme::current().text));
}

void ImageView::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) update();
}

QRect ImageView::frame() const {
    const int side = std::min(width(), height());
    return {(width() - side) / 2, (height() - side) / 2, side, side};
}

}  // namespace zwei
