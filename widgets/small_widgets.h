// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace zwei {

/// The heading of a group: 10 px, letter-spaced capitals in the muted colour. Give the text in sentence case.
QLabel* headingLabel(const QString& text, QWidget* parent = nullptr);

/// An explanation in the muted colour.
QLabel* mutedLabel(const QString& text, int pixels, QWidget* parent = nullptr);

/// One line that ends in an ellipsis where it has no room, and then shows all of itself as its tooltip.
class ElidedLabel : public QLabel {
    Q_OBJECT

public:
    explicit ElidedLabel(QWidget* parent = nullptr);

    void setFullText(const QString& text);
    QString fullText() const { return m_fullText; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void elide();

    QString m_fullText;
};

/// A number that changes many times a second. It keeps the width that its widest text wanted, and so asks for no new
/// layout of all that is around it, which a QLabel does with each text.
class CountingLabel : public QLabel {
    Q_OBJECT

public:
    /// With room for `widest`.
    CountingLabel(const QString& widest, int pixels, QWidget* parent = nullptr);

    void setCount(const QString& text);

private:
    void makeRoomFor(const QString& text);
};

/// A text that may come from a stranger's file as a tooltip shows it: as it is, and not as HTML.
QString plainToolTip(const QString& text);

/// Sets a property the style sheet looks at, and has the sheet look again.
void setStyleProperty(QWidget& widget, const char* name, const QVariant& value);

/// Writes `why` in the middle of `box`, wrapped and muted: what an empty view says.
void paintEmptyNote(QWidget& view, const QRect& box, const QString& why);

}  // namespace zwei
