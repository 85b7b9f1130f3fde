// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QPixmap>
#include <QWidget>
#include <optional>
#include <vector>

#include "models/types/page.h"

namespace zwei {

/// A page as large as fits, and the numbered boxes of the digits on it, which a person can choose and correct: a click
/// chooses a box, a drag moves it or an edge of it, a drag on bare paper makes another one, Delete removes the current
/// one, Escape gives a drag up, and Left and Right choose the box before and after. No correction leads out of the page
/// or makes a box smaller than one pixel of it.
class PageView : public QWidget {
    Q_OBJECT

public:
    explicit PageView(QWidget* parent = nullptr);

    // None of these emits anything.
    /// Takes the boxes of the page before it away.
    void setPage(const QImage& page);
    void clear(const QString& why);

    /// In pixels of the page; what lies outside of it is cut off. They are not taken while a person drags one: the end
    /// of the drag tells anew.
    void setBoxes(const std::vector<Box>& boxes);
    const std::vector<Box>& boxes() const { return m_boxes; }
    /// -1: none.
    void setCurrent(int index);
    int current() const { return m_current; }
    /// Boxes that are not shown cannot be corrected.
    void setBoxesShown(bool shown);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// By a person. Where the boxes have changed with it, after `boxesEdited`.
    void currentChanged(int index);
    /// By a person, at each change during a drag and at its end.
    void boxesEdited(const std::vector<zwei::Box>& boxes);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    /// What the pointer has hold of: edges of a box (all of them move it), or bare paper.
    struct Grip {
        int box = -1;
        Qt::Edges edges;
    };
    struct Drag {
        Grip grip;
        QPointF start;  ///< pixels of the widget
        std::vector<Box> before;
        int currentBefore = -1;
        bool hasBegun = false;  ///< no longer a click
    };

    QRect pageRect() const;
    QPointF scale() const;  ///< pixels of the widget to one of the page, across and down
    QRectF onScreen(const Box& box) const;
    Qt::Edges edgesAt(const Box& box, const QPointF& position) const;
    Grip gripAt(const QPointF& position) const;

    Box draggedBox(const QPointF& position) const;
    std::optional<Box> newBox(const QPointF& position) const;
    void followDrag(const QPointF& position);
    void giveDragUp();
    void edit(const std::vector<Box>& boxes, int current);
    void choose(int index);
    void removeCurrent();
    bool takesKey(int key) const;
    void showCursor(const QPointF& position);
    void describe();

    const QPixmap& scaledPicture();
    void paintBoxes(QPainter& painter) const;
    void paintBox(QPainter& painter, int index) const;
    void paintNumber(QPainter& painter, int index, const QRectF& box) const;

    QImage m_page;
    QPixmap m_scaled;  ///< what is shown, in the screen's pixels; null until it is painted
    QString m_why;
    std::vector<Box> m_boxes;
    int m_current = -1;
    bool m_showsBoxes = true;
    std::optional<Drag> m_drag;
};

}  // namespace zwei
