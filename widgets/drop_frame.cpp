// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/drop_frame.h"

#include <QPainter>

#include "widgets/drawing/theme.h"

namespace zwei {

DropFrame::DropFrame(QWidget* window) : QWidget(window) {
    setObjectName(QStringLiteral("dropFrame"));
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
}

void DropFrame::showOver(const QRect& part, const QString& what) {
    m_what = what;
    setAccessibleName(what);
    setGeometry(part);
    show();
    raise();
    update();
}

void DropFrame::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::current();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor ground = theme.card;
    ground.setAlphaF(0.9F);
    painter.setBrush(ground);
    painter.setPen(QPen(theme.accent, 2));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), kCardRadius, kCardRadius);
    painter.setPen(theme.text);
    painter.setFont(Theme::font(16, QFont::DemiBold));
    painter.drawText(rect().adjusted(4 * kSpace, 4 * kSpace, -4 * kSpace, -4 * kSpace),
                     Qt::AlignCenter | Qt::TextWordWrap, m_what);
}

}  // namespace zwei
