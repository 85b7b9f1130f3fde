// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/readout_card.h"

#include <QPainter>
#include <algorithm>

#include "widgets/style_sheet.h"

namespace zwei {
namespace {

constexpr int kPadding = 8;
constexpr int kRowHeight = 16;
constexpr int kColumnGap = 12;

}  // namespace

ReadoutCard::ReadoutCard(QWidget* parent) : QWidget(parent) {
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
}

void ReadoutCard::setTable(const QString& title, const QStringList& heads, const std::vector<QStringList>& rows) {
    m_title = title;
    m_heads = heads;
    m_rows = rows;
    const QFontMetrics bold(Theme::font(11, QFont::DemiBold), this);
    m_nameWidth = bold.horizontalAdvance(title);
    m_valueWidth = 0;
    for (const QString& head : heads) m_valueWidth = std::max(m_valueWidth, bold.horizontalAdvance(head));
    for (const QStringList& row : rows) {
        m_nameWidth = std::max(m_nameWidth, bold.horizontalAdvance(row.first()));
        for (const QString& value : row.mid(1)) m_valueWidth = std::max(m_valueWidth, bold.horizontalAdvance(value));
    }
    const int columns = static_cast<int>(heads.size());
    resize(2 * kPadding + m_nameWidth + columns * (kColumnGap + m_valueWidth),
           2 * kPadding + (1 + static_cast<int>(rows.size())) * kRowHeight);
    update();
}

void ReadoutCard::showBeside(int x) {
    constexpr int kDistance = 8;
    const bool fitsRight = x + kDistance + width() <= parentWidget()->width();
    const int left = fitsRight ? x + kDistance : std::max(0, x - kDistance - width());
    move(left, 4);
    show();
    raise();
}

void ReadoutCard::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::current();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(theme.line);
    painter.setBrush(mixed(theme.card, theme.text, theme.dark ? 0.04 : 0.0));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);

    const auto drawRow = [&](int row, const QString& name, const QStringList& values) {
        const int top = kPadding + row * kRowHeight;
        painter.drawText(QRect(kPadding, top, m_nameWidth, kRowHeight), Qt::AlignLeft | Qt::AlignVCenter, name);
        int left = kPadding + m_nameWidth + kColumnGap;
        for (const QString& value : values) {
            painter.drawText(QRect(left, top, m_valueWidth, kRowHeight), Qt::AlignRight | Qt::AlignVCenter, value);
            left += m_valueWidth + kColumnGap;
        }
    };
    painter.setFont(Theme::font(11, QFont::DemiBold));
    painter.setPen(theme.text);
    drawRow(0, m_title, {});
    painter.setFont(Theme::font(11));
    painter.setPen(theme.muted);
    drawRow(0, {}, m_heads);
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        painter.setPen(theme.muted);
        drawRow(static_cast<int>(i) + 1, m_rows[i].first(), {});
        painter.setPen(theme.text);
        drawRow(static_cast<int>(i) + 1, {}, m_rows[i].mid(1));
    }
}

}  // namespace zwei
