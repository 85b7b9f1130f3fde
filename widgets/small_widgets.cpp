// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/small_widgets.h"

#include <QPainter>
#include <QStyle>
#include <QTextDocument>
#include <QVariant>

#include "widgets/drawing/theme.h"

namespace zwei {

QLabel* headingLabel(const QString& text, QWidget* parent) {
    QLabel* label = mutedLabel(text, 10, parent);
    QFont font = Theme::font(10, QFont::DemiBold);
    font.setCapitalization(QFont::AllUppercase);
    font.setLetterSpacing(QFont::AbsoluteSpacing, 0.7);
    label->setFont(font);
    return label;
}

QLabel* mutedLabel(const QString& text, int pixels, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setFont(Theme::font(pixels));
    label->setProperty("role", QStringLiteral("muted"));
    return label;
}

ElidedLabel::ElidedLabel(QWidget* parent) : QLabel(parent) {
    setTextFormat(Qt::PlainText);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
}

void ElidedLabel::setFullText(const QString& text) {
    if (text == m_fullText) return;
    m_fullText = text;
    setAccessibleName(text);
    updateGeometry();
    elide();
}

QSize ElidedLabel::sizeHint() const {
    return {fontMetrics().horizontalAdvance(m_fullText) + 2, QLabel::sizeHint().height()};
}

QSize ElidedLabel::minimumSizeHint() const { return {0, QLabel::minimumSizeHint().height()}; }

void ElidedLabel::resizeEvent(QResizeEvent* event) {
    QLabel::resizeEvent(event);
    elide();
}

void ElidedLabel::elide() {
    // Less than half a text says nothing.
    QString shown = fontMetrics().elidedText(m_fullText, Qt::ElideRight, width());
    if (shown != m_fullText && shown.size() * 2 < m_fullText.size()) shown.clear();
    setText(shown);
    setToolTip(shown == m_fullText ? QString() : plainToolTip(m_fullText));
}

CountingLabel::CountingLabel(const QString& widest, int pixels, QWidget* parent) : QLabel(parent) {
    setFont(Theme::font(pixels));
    setProperty("role", QStringLiteral("muted"));
    setTextFormat(Qt::PlainText);
    setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    makeRoomFor(widest);
}

void CountingLabel::setCount(const QString& text) {
    if (text == this->text()) return;
    makeRoomFor(text);
    setText(text);
}

void CountingLabel::makeRoomFor(const QString& text) {
    const QFontMetrics metrics(font());
    const int wanted = metrics.horizontalAdvance(text);
    if (wanted > minimumWidth()) setFixedSize(wanted, metrics.height());
}

QString plainToolTip(const QString& text) { return Qt::mightBeRichText(text) ? text.toHtmlEscaped() : text; }

void setStyleProperty(QWidget& widget, const char* name, const QVariant& value) {
    if (widget.property(name) == value) return;
    widget.setProperty(name, value);
    widget.style()->unpolish(&widget);
    widget.style()->polish(&widget);
}

void paintEmptyNote(QWidget& view, const QRect& box, const QString& why) {
    QPainter painter(&view);
    painter.setFont(Theme::font(11));
    painter.setPen(Theme::current().muted);
    const int margin = std::min(16, box.width() / 16);
    painter.drawText(box.adjusted(margin, 0, -margin, 0), Qt::AlignCenter | Qt::TextWordWrap, why);
}

}  // namespace zwei
