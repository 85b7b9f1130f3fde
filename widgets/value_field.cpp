// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/value_field.h"

#include <QKeyEvent>
#include <QWheelEvent>

#include "widgets/small_widgets.h"

namespace zwei {
namespace {

int stepsOf(int key) {
    switch (key) {
        case Qt::Key_Up:
            return 1;
        case Qt::Key_Down:
            return -1;
        case Qt::Key_PageUp:
            return 10;
        case Qt::Key_PageDown:
            return -10;
        default:
            return 0;
    }
}

}  // namespace

ValueField::ValueField(QWidget* parent) : QLineEdit(parent) {
    setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    setFocusPolicy(Qt::StrongFocus);
    setAcceptDrops(false);  // a file that is dropped anywhere is an image, and not its own name
}

void ValueField::setShown(const QString& text) {
    m_shown = text;
    setInvalid(false);
    if (this->text() == text) return;
    setText(text);
    if (!hasFocus()) setCursorPosition(0);
}

void ValueField::setQuiet(bool quiet) {
    setStyleProperty(*this, "quiet", quiet);
    // Without a frame to see, the text itself should end where the field does.
    if (alignment().testFlag(Qt::AlignRight)) setTextMargins(0, 0, quiet ? -3 : 0, 0);
}

void ValueField::setInvalid(bool invalid) {
    if (invalid == m_invalid) return;
    m_invalid = invalid;
    setStyleProperty(*this, "invalid", invalid);
}

void ValueField::commit() {
    if (text() != m_shown || m_invalid) Q_EMIT committed(text());
}

void ValueField::keyPressEvent(QKeyEvent* event) {
    if (const int steps = stepsOf(event->key()); steps != 0) {
        commit();
        Q_EMIT stepped(steps);
    } else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        commit();
        selectAll();
    } else if (event->key() == Qt::Key_Escape && (text() != m_shown || m_invalid)) {
        setShown(m_shown);
        selectAll();
        Q_EMIT abandoned();
    } else {
        QLineEdit::keyPressEvent(event);
    }
}

void ValueField::wheelEvent(QWheelEvent* event) {
    const int steps = event->angleDelta().y() > 0 ? 1 : event->angleDelta().y() < 0 ? -1 : 0;
    if (!hasFocus() || steps == 0) return event->ignore();
    commit();
    Q_EMIT stepped(steps);
    event->accept();
}

void ValueField::focusOutEvent(QFocusEvent* event) {
    QLineEdit::focusOutEvent(event);
    commit();
}

}  // namespace zwei
