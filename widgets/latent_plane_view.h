// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <QWidget>
#include <optional>

#include "models/types/snapshot.h"
#include "widgets/drawing/latent_plane.h"
#include "widgets/drawing/latent_trail.h"

class QNativeGestureEvent;

namespace zwei {

/// What every map of the latent plane lets a person do, in the same way: the wheel, a pinch and + − zoom, a drag pans,
/// a click picks a point, a drag that starts on the cursor's ring (or with Shift) carries the cursor along, a double
/// click or 0 goes back to ±3. A view moves its own area, but only asks for another cursor.
class LatentPlaneView : public QWidget {
    Q_OBJECT

public:
    explicit LatentPlaneView(QWidget* parent = nullptr);

    /// Always square. Where the spacing is by quantiles the map shows the whole plane, and this is what it goes back
    /// to.
    LatentRect area() const { return m_area; }
    void setArea(const LatentRect& area);

    QPointF latentCursor() const { return m_cursor; }
    void setLatentCursor(QPointF z);

    /// Of the image on the bench, drawn below the cursor; an empty one is none.
    const LatentTrail& trail() const { return m_trail; }
    void setTrail(const LatentTrail& trail);

    /// What the directions to the right and upwards are called; z₁ and z₂ at first.
    const AxisNames& axisNames() const { return m_axisNames; }
    void setAxisNames(const QString& x, const QString& y);

    /// What is drawn where; in this widget's logical pixels.
    LatentPlane plane() const;

    QSize sizeHint() const override { return LatentPlane::preferredWidget(); }
    QSize minimumSizeHint() const override { return LatentPlane::smallestWidget(); }

Q_SIGNALS:
    void areaChanged(zwei::LatentRect area);  ///< the user zoomed or panned
    void cursorPicked(QPointF z);             ///< the user wants the cursor there
    void hoverLeft();                         ///< the pointer is on nothing any more

protected:
    virtual GridSpacing planeSpacing() const { return GridSpacing::Even; }
    virtual bool hasHeight() const { return true; }  ///< false: how high a place is on the map means nothing
    virtual QPointF cursorPixel() const { return plane().toPixel(m_cursor); }
    virtual void planeChanged() = 0;   ///< another area or names, or the focus came or went
    virtual void cursorChanged() = 0;  ///< the latent cursor moved, or the trail is another one
    virtual void hoverAt(QPointF pixel) = 0;
    virtual void hoverEnded() { Q_EMIT hoverLeft(); }
    virtual void pickAt(QPointF pixel) { carryTo(pixel); }
    virtual void carryTo(QPointF pixel) { Q_EMIT cursorPicked(plane().toLatent(pixel)); }

    bool showsFocus() const { return m_showsFocus; }
    std::optional<QPointF> pointer() const { return m_pointer; }  ///< while it hovers over the square
    void refreshHover();                                          ///< what is under the pointer may have changed
    void endHover();

    bool event(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    enum class Gesture { None, Press, Pan, PressOnCursor, Carry };

    bool isZoomable() const { return planeSpacing() == GridSpacing::Even; }
    bool isOnCursor(QPointF pixel) const;
    void moveTo(const LatentRect& area);  ///< by the user
    void zoomAt(QPointF pixel, double factor);
    bool pinch(const QNativeGestureEvent& event);
    void drag(QPointF pixel);
    void hover(QPointF pixel);
    void showPointer(QPointF pixel);

    LatentRect m_area;
    QPointF m_cursor{0, 0};
    LatentTrail m_trail;
    AxisNames m_axisNames;
    Gesture m_gesture = Gesture::None;
    QPointF m_pressedAt;
    LatentRect m_pressedArea;
    std::optional<QPointF> m_pointer;
    bool m_showsFocus = false;
};

}  // namespace zwei
