// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/choice.h"

#include <QStylePainter>
#include <QStyledItemDelegate>
#include <QWheelEvent>

#include "widgets/glyphs.h"
#include "widgets/style_sheet.h"

namespace zwei {

Choice::Choice(QWidget* parent) : QComboBox(parent) {
    // The default delegate ignores the style sheet's rules for items.
    setItemDelegate(new QStyledItemDelegate(this));
    setFocusPolicy(Qt::StrongFocus);
    setSizeAdjustPolicy(QComboBox::AdjustToContents);
}

void Choice::setTextAlignment(Qt::Alignment alignment) {
    m_alignment = alignment;
    for (int i = 0; i < count(); ++i) setItemData(i, (alignment | Qt::AlignVCenter).toInt(), Qt::TextAlignmentRole);
    update();
}

void Choice::paintEvent(QPaintEvent*) {
    QStylePainter painter(this);
    QStyleOptionComboBox option;
    initStyleOption(&option);
    option.subControls = QStyle::SC_ComboBoxFrame;
    painter.drawComplexControl(QStyle::CC_ComboBox, option);

    const Theme& theme = Theme::current();
    constexpr int kChevron = 8;
    const bool isRight = m_alignment.testFlag(Qt::AlignRight);
    const QRect inner = rect().adjusted(8, 0, -8, 0);
    const QRect chevron(isRight ? inner.left() : inner.right() - kChevron + 1, inner.top(), kChevron, inner.height());
    paintGlyph(painter, Glyph::ChevronDown, chevron, isEnabled() ? theme.muted : disabledColour(theme));

    const QRect textBox = isRight ? inner.adjusted(kChevron + 4, 0, 0, 0) : inner.adjusted(0, 0, -kChevron - 4, 0);
    const bool isChosen = currentIndex() >= 0;
    const QString text = isChosen ? currentText() : placeholderText();
    painter.setPen(isEnabled() && isChosen ? theme.text : theme.muted);
    painter.drawText(textBox, static_cast<int>(m_alignment | Qt::AlignVCenter),
                     fontMetrics().elidedText(text, Qt::ElideRight, textBox.width()));
}

void Choice::wheelEvent(QWheelEvent* event) {
    if (hasFocus())
        QComboBox::wheelEvent(event);
    else
        event->ignore();
}

}  // namespace zwei
