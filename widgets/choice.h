// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>

namespace zwei {

/// A combo box that draws its own chevron and can stand in a column of right-aligned values. The wheel turns it only
/// when it has the focus, so that scrolling past it changes nothing.
class Choice : public QComboBox {
    Q_OBJECT

public:
    explicit Choice(QWidget* parent = nullptr);

    /// Qt::AlignLeft (the chevron right of the text) or Qt::AlignRight (left of it).
    void setTextAlignment(Qt::Alignment alignment);

protected:
    void paintEvent(QPaintEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    Qt::Alignment m_alignment = Qt::AlignLeft;
};

}  // namespace zwei
