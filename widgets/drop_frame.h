// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace zwei {

/// Lies over a part of a window while something is dragged over it, and says what would become of it there.
class DropFrame : public QWidget {
    Q_OBJECT

public:
    explicit DropFrame(QWidget* window);

    void showOver(const QRect& part, const QString& what);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_what;
};

}  // namespace zwei
