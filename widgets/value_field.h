// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>

namespace zwei {

/// A right-aligned value that can be typed over. Return or leaving it commits, Escape goes back to what was in force.
/// It does not judge what was typed: whoever listens does, and answers with `setShown` or `setInvalid`.
class ValueField : public QLineEdit {
    Q_OBJECT

public:
    explicit ValueField(QWidget* parent = nullptr);

    /// The text in force. Emits nothing and ends what was being typed.
    void setShown(const QString& text);
    QString shown() const { return m_shown; }

    /// Looks like a label until it is pointed at or has the focus.
    void setQuiet(bool quiet);
    void setInvalid(bool invalid);
    bool isInvalid() const { return m_invalid; }

    /// Commits what was typed, where it differs from what is in force.
    void commit();

Q_SIGNALS:
    void committed(const QString& text);
    /// Escape, after the text in force is back.
    void abandoned();
    /// Arrow up and down and the wheel are one step, Page up and down ten; only while it has the focus.
    void stepped(int steps);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    QString m_shown;
    bool m_invalid = false;
};

}  // namespace zwei
