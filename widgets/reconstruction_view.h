// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPixmap>
#include <QWidget>
#include <memory>

#include "models/types/snapshot.h"

namespace zwei {

/// Test images, what the model makes of each, and where the two differ: three rows, as many columns as fit. An image
/// can be picked with the mouse or, once the view has the focus, with the arrow keys and Return.
class ReconstructionView : public QWidget {
    Q_OBJECT

public:
    explicit ReconstructionView(QWidget* parent = nullptr);

    void setSnapshot(std::shared_ptr<const ReconstructionSnapshot> snapshot);
    /// Nothing but a sentence that says what will be here.
    void clear(const QString& why);

    /// How many images fit side by side; at least 1.
    int columns() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void columnsChanged(int columns);
    void imagePicked(int testIndex);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    int shownCount() const;
    int tileSide() const;
    QRect tile(int row, int column) const;
    QRect columnBox(int column) const;
    int columnAt(QPoint position) const;  ///< -1 where there is no image
    void point(int column);
    void pick(int column);
    void paintRowLabels(QPainter& painter) const;
    void paintMark(QPainter& painter) const;
    const QPixmap& sheet();

    std::shared_ptr<const ReconstructionSnapshot> m_snapshot;
    QString m_why;
    QPixmap m_sheet;  ///< the images as they were last drawn; null when they are to be drawn again
    int m_lastColumns = 0;
    int m_pointed = -1;
    int m_focused = 0;
};

}  // namespace zwei
