// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/steps_view.h"

#include <QEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "models/types/reconstruction.h"
#include "widgets/drawing/ink_image.h"
#include "widgets/drawing/smooth_image.h"
#include "widgets/drawing/theme.h"
#include "widgets/small_widgets.h"

namespace zwei {
namespace {

constexpr int kMostPage = 1200;  // pixels of a page that is kept
constexpr int kCaption = 34;     // two lines
constexpr int kGap = 4 * kSpace;
constexpr int kMostSide = 360;
constexpr int kFitted = 20;

QImage fitted(const QImage& picture, int side) {
    return picture.scaled(side, side, Qt::KeepAspectRatio, Qt::SmoothTransformation);
}

/// Where the mass of an image lies, in pixels from its upper left corner.
QPointF centreOfMass(const ImageBatch& image) {
    double mass = 0, x = 0, y = 0;
    for (int i = 0; i < static_cast<int>(image.pixels.size()); ++i) {
        const double ink = image.pixels[static_cast<std::size_t>(i)];
        mass += ink;
        x += ink * (i % image.width + 0.5);
        y += ink * (i / image.width + 0.5);
    }
    return mass > 0 ? QPointF(x / mass, y / mass) : QPointF(image.width / 2.0, image.height / 2.0);
}

}  // namespace

StepsView::StepsView(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("How a digit is made MNIST-like"));
    clear(tr("Draw or drop an image to see how it is made like those of MNIST."));
}

void StepsView::setPage(const QImage& page) {
    const bool isLarge = std::max(page.width(), page.height()) > kMostPage;
    m_page = isLarge ? fitted(page, kMostPage) : page;
    m_drawn.clear();
    update();
}

void StepsView::setSteps(const NormalisedPage& steps, int digit, bool isAsIs) {
    m_steps = steps;
    m_digit = digit;
    m_isAsIs = isAsIs;
    m_why = steps.digits.count == 0 ? noDigitFound() : QString();
    m_drawn.clear();
    update();
}

void StepsView::clear(const QString& why) {
    m_page = {};
    m_steps = {};
    m_why = why;
    m_drawn.clear();
    update();
}

int StepsView::side() const {
    const int steps = m_isAsIs ? 2 : 4;
    return std::clamp(std::min((width() - (steps - 1) * kGap) / steps, height() - kCaption), 16, kMostSide);
}

void StepsView::draw() {
    const int pixels = static_cast<int>(side() * devicePixelRatioF());
    const auto add = [&](const QString& caption, QImage picture) {
        picture.setDevicePixelRatio(devicePixelRatioF());
        m_drawn.push_back({caption, std::move(picture)});
    };
    add(tr("as it came"), drawPage(pixels));
    if (!m_isAsIs) {
        add(m_steps.tone == InkTone::Dark ? tr("dark ink,\nwithout its paper") : tr("light ink,\nwithout its paper"),
            drawInk(pixels));
        add(m_steps.boxes.size() == 1 ? tr("digit found")
                                      : tr("digit %1 of %2").arg(m_digit + 1).arg(m_steps.boxes.size()),
            drawCrop(pixels));
    }
    add(m_isAsIs ? tr("made 28 × 28") : tr("in 20 × 20,\ncentred by mass"), drawDigit(pixels));
}

QString noDigitFound() {
    return StepsView::tr("No digit was found. Draw a frame around it on the image, or take all of it as one digit.");
}

QImage StepsView::drawPage(int side) const { return m_page.isNull() ? QImage() : fitted(m_page, side); }

QImage StepsView::drawInk(int side) const {
    return m_steps.ink.count > 0 ? fitted(inkImage(m_steps.ink, 0), side) : QImage();
}

QImage StepsView::drawCrop(int side) const {
    const auto& box = m_steps.fits[static_cast<std::size_t>(m_digit)].page;
    const double scale = m_steps.scale;
    const QRectF part(box.x / scale, box.y / scale, box.width / scale, box.height / scale);
    return fitted(inkImage(m_steps.ink, 0).copy(part.toAlignedRect()), side);
}

QImage StepsView::drawDigit(int side) const {
    const auto digit = selectImages(m_steps.digits, {m_digit});
    const Theme& theme = Theme::current();
    auto picture = smoothInkImage(digit, 0, side, side, theme.text);
    if (m_isAsIs) return picture;
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    const double unit = side / double(kImageSide);
    const auto& in = m_steps.fits[static_cast<std::size_t>(m_digit)].image;
    const QPointF middle(in.x + in.width / 2.0, in.y + in.height / 2.0);
    painter.setPen(QPen(theme.muted, std::max(1.0, unit / 8), Qt::DashLine));
    painter.drawRect(QRectF((middle.x() - kFitted / 2.0) * unit, (middle.y() - kFitted / 2.0) * unit, kFitted * unit,
                            kFitted * unit));
    const QPointF mass = centreOfMass(digit) * unit;
    painter.setPen(QPen(theme.accent, std::max(1.5, unit / 5)));
    painter.drawLine(mass - QPointF(unit, 0), mass + QPointF(unit, 0));
    painter.drawLine(mass - QPointF(0, unit), mass + QPointF(0, unit));
    return picture;
}

void StepsView::paintEvent(QPaintEvent*) {
    if (!m_why.isEmpty() || m_steps.digits.count == 0) return paintEmptyNote(*this, rect(), m_why);
    if (m_drawn.empty()) draw();
    const Theme& theme = Theme::current();
    QPainter painter(this);
    painter.setFont(Theme::font(11));
    const int side = this->side();
    const int top = std::max(0, (height() - side - kCaption) / 2);
    for (std::size_t i = 0; i < m_drawn.size(); ++i) {
        const QRect box(static_cast<int>(i) * (side + kGap), top, side, side);
        const auto& picture = m_drawn[i].picture;
        const QSizeF size = picture.deviceIndependentSize();
        painter.drawImage(
            QPointF(box.center().x() + 0.5 - size.width() / 2, box.center().y() + 0.5 - size.height() / 2), picture);
        painter.setPen(theme.line);
        painter.drawRect(box.adjusted(0, 0, -1, -1));
        painter.setPen(theme.muted);
        const QRect caption(box.left() - kGap / 2, box.bottom() + kSpace, side + kGap, kCaption - kSpace);
        painter.drawText(i == 0 ? caption.adjusted(kGap / 2, 0, 0, 0) : caption, Qt::AlignHCenter | Qt::AlignTop,
                         m_drawn[i].caption);
    }
}

void StepsView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    m_drawn.clear();
}

void StepsView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange) {
        m_drawn.clear();
        update();
    }
    QWidget::changeEvent(event);
}

}  // namespace zwei
