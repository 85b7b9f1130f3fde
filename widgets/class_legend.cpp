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
constexpr int kNameGap = 2 * kSpace;

}  // namespace

class ClassChip final : public QAbstractButton {
    Q_OBJECT

public:
    ClassChip(int index, QWidget* parent) : QAbstractButton(parent), m_index(index) {
        setCheckable(true);
        setChecked(true);
        setName(QString::number(index));
        setCursor(Qt::PointingHandCursor);
        setFocusPolicy(Qt::TabFocus);
    }

    void setName(const QString& name) {
        setText(name);
        setAccessibleName(tr("Class %1").arg(name));
        setToolTip(tr("Click to hide or show class %1; double-click to see it alone.").arg(name));
    }

    /// Pixels for all of the name, the dot before it and nothing after it.
    int fullWidth() const {
        return std::max(kTight, 9 + kSpace + QFontMetrics(Theme::font(11)).horizontalAdvance(text()) + 1);
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
        const double diameter = isTight || isLow() ? 6 : 8;
        const QRectF dot(0.5, (height() - diameter) / 2, diameter, diameter);
        const QColor colour = QColor::fromRgb(kClassColours[static_cast<std::size_t>(m_index)]);
        painter.setOpacity(isFaint ? 0.5 : 1);
        painter.setPen(isChecked() ? QPen(Qt::NoPen) : QPen(colour, 1.5));
        painter.setBrush(isChecked() ? QBrush(colour) : QBrush(Qt::NoBrush));
        painter.drawEllipse(isChecked() ? dot : dot.adjusted(0.75, 0.75, -0.75, -0.75));
        painter.setPen(underMouse() ? theme.text : theme.muted);
        painter.setFont(Theme::font(isLow() ? 10 : 11));
        const double left = dot.right() + (isTight ? 3 : kSpace);
        const QString shown = text().size() == 1 ? text()
                                                 : painter.fontMetrics().elidedText(text(), Qt::ElideRight,
                                                                                    static_cast<int>(width() - left));
        const QRectF name(left, 0, painter.fontMetrics().horizontalAdvance(shown), height());
        painter.drawText(name, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, shown);
        drawFocus(painter, dot.left(), name.right());
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
    bool isLow() const { return height() < kHeight; }  ///< one of two rows

    /// `left` to `right`: what the line is drawn under.
    void drawFocus(QPainter& painter, double left, double right) const {
        const int below = isLow() ? 1 : 4;
        if (hasFocus()) painter.fillRect(QRectF(left, height() - below, right - left, 1), Theme::current().text);
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

void ClassLegend::setNames(const QStringList& names) {
    m_names = names;
    for (int i = 0; i < kClasses; ++i) {
        ClassChip* chip = m_chips[static_cast<std::size_t>(i)];
        chip->setName(i < names.size() ? names[i] : QString::number(i));
        chip->setVisible(names.isEmpty() || i < names.size());
    }
    layOut();
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

void ClassLegend::resizeEvent(QResizeEvent*) { layOut(); }

void ClassLegend::layOut() {
    if (m_names.isEmpty())
        layOutDigits();
    else
        layOutNames();
}

void ClassLegend::layOutDigits() {
    const int pitch = std::clamp(width() / kClasses, kNarrowest, kPitch);
    for (int i = 0; i < kClasses; ++i) m_chips[static_cast<std::size_t>(i)]->setGeometry(i * pitch, 0, pitch, height());
}

/// One row of names as long as they are, or else two rows of columns of one width, in which they may be elided.
void ClassLegend::layOutNames() {
    const int count = std::min(kClasses, static_cast<int>(m_names.size()));
    int needed = -kNameGap;
    for (int i = 0; i < count; ++i) needed += m_chips[static_cast<std::size_t>(i)]->fullWidth() + kNameGap;
    const int columns = (count + 1) / 2;
    const int pitch = width() / columns;
    int left = 0;
    for (int i = 0; i < count; ++i) {
        ClassChip* chip = m_chips[static_cast<std::size_t>(i)];
        if (needed <= width()) {
            chip->setGeometry(left, 0, chip->fullWidth(), height());
            left += chip->fullWidth() + kNameGap;
        } else {
            chip->setGeometry(i % columns * pitch, i / columns * (height() / 2), pitch - kSpace, height() / 2);
        }
    }
}

void ClassLegend::showAlone(int index, ClassSet before) {
    const ClassSet alone = ClassSet().set(static_cast<std::size_t>(index));
    setVisibleClasses(before == alone ? ClassSet().set() : alone);
    Q_EMIT visibleClassesChanged(visibleClasses());
}

}  // namespace zwei

#include "class_legend.moc"
