// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/class_legend.h"

#include <QAbstractButton>
#include <QKeyEvent>
#include <QPainter>
#include <algorithm>

#include "models/types/class_colours.h"
#include "widgets/drawing/theme.h"

namespace zwei {
namespace {

constexpr int kPitch = 28;  // from chip to chip, pixels, where there is room
constexpr int kNarrowest = 19;
constexpr int kHeight = 24;
constexpr int kTight = 24;  // a chip narrower than this makes do with less

}  // namespace

class ClassChip final : public QAbstractButton {
    Q_OBJECT

public:
    ClassChip(int index, QWidget* parent) : QAbstractButton(parent), m_index(index) {
        setCheckable(true);
        setChecked(true);
        setText(QString::number(index));
        setAccessibleName(tr("Class %1").arg(index));
        setToolTip(tr("Click to hide or show class %1; double-click to see it alone.").arg(index));
        setCursor(Qt::PointingHandCursor);
        setFocusPolicy(Qt::TabFocus);
    }

Q_SIGNALS:
    /// `undo`: the click that began the double click has already toggled this chip.
    void aloneWanted(int index, bool undo);

protected:
    void paintEvent(QPaintEvent*) override {
        const Theme& theme = Theme::current();
        const bool isFaint = !isChecked() && !underMouse();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const bool isTight = width() < kTight;
        const double diameter = isTight ? 6 : 8;
        const QRectF dot(0.5, (height() - diameter) / 2, diameter, diameter);
        const QColor colour = QColor::fromRgb(kClassColours[static_cast<std::size_t>(m_index)]);
        painter.setOpacity(isFaint ? 0.5 : 1);
        painter.setPen(isChecked() ? QPen(Qt::NoPen) : QPen(colour, 1.5));
        painter.setBrush(isChecked() ? QBrush(colour) : QBrush(Qt::NoBrush));
        painter.drawEllipse(isChecked() ? dot : dot.adjusted(0.75, 0.75, -0.75, -0.75));
        painter.setPen(underMouse() ? theme.text : theme.muted);
        painter.setFont(Theme::font(11));
        const QRectF digit(dot.right() + (isTight ? 3 : kSpace), 0, painter.fontMetrics().horizontalAdvance(text()),
                           height());
        painter.drawText(digit, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, text());
        drawFocus(painter, dot.left(), digit.right());
    }

    void enterEvent(QEnterEvent* event) override {
        update();
        QAbstractButton::enterEvent(event);
    }

    void leaveEvent(QEvent* event) override {
        update();
        QAbstractButton::leaveEvent(event);
    }

    void mouseDoubleClickEvent(QMouseEvent* event) override {
        if (event->button() == Qt::LeftButton) Q_EMIT aloneWanted(m_index, true);
    }

    void keyPressEvent(QKeyEvent* event) override {
        if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
            Q_EMIT aloneWanted(m_index, false);
        else
            QAbstractButton::keyPressEvent(event);
    }

    /// While a chip has the focus, Space is its own and no shortcut of the window's.
    bool event(QEvent* event) override {
        if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Space)
            event->accept();
        return QAbstractButton::event(event);
    }

private:
    /// `left` to `right`: what the line is drawn under.
    void drawFocus(QPainter& painter, double left, double right) const {
        if (hasFocus()) painter.fillRect(QRectF(left, height() - 4, right - left, 1), Theme::current().text);
    }

    int m_index;
};

ClassLegend::ClassLegend(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("Classes"));
    for (int index = 0; index < kClasses; ++index) {
        auto* chip = new ClassChip(index, this);
        m_chips[static_cast<std::size_t>(index)] = chip;
        connect(chip, &QAbstractButton::clicked, this, [this] { Q_EMIT visibleClassesChanged(visibleClasses()); });
        connect(chip, &ClassChip::aloneWanted, this, [this](int which, bool undo) {
            const ClassSet now = visibleClasses();
            showAlone(which, undo ? ClassSet(now).flip(static_cast<std::size_t>(which)) : now);
        });
    }
}

ClassSet ClassLegend::visibleClasses() const {
    ClassSet visible;
    for (std::size_t i = 0; i < m_chips.size(); ++i) visible[i] = m_chips[i]->isChecked();
    return visible;
}

void ClassLegend::setVisibleClasses(ClassSet visible) {
    for (std::size_t i = 0; i < m_chips.size(); ++i) m_chips[i]->setChecked(visible[i]);
}

QSize ClassLegend::sizeHint() const { return {kClasses * kPitch, kHeight}; }

QSize ClassLegend::minimumSizeHint() const { return {kClasses * kNarrowest, kHeight}; }

void ClassLegend::resizeEvent(QResizeEvent*) {
    const int pitch = std::clamp(width() / kClasses, kNarrowest, kPitch);
    for (int i = 0; i < kClasses; ++i) m_chips[static_cast<std::size_t>(i)]->setGeometry(i * pitch, 0, pitch, height());
}

void ClassLegend::showAlone(int index, ClassSet before) {
    const ClassSet alone = ClassSet().set(static_cast<std::size_t>(index));
    setVisibleClasses(before == alone ? ClassSet().set() : alone);
    Q_EMIT visibleClassesChanged(visibleClasses());
}

}  // namespace zwei

#include "class_legend.moc"
