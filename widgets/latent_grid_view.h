// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <memory>

#include "models/types/snapshot.h"
#include "widgets/latent_plane_view.h"

namespace zwei {

/// Decoded images over the latent plane. It says what it wants decoded (`request`) and shows the last answer at once
/// where it belongs, until the next one comes.
///
/// With quantile spacing the tiles hold equal shares of the prior and the map shows the whole plane: its axes are
/// stretched by the prior's distribution function, and it neither zooms nor pans.
///
/// A conditional model draws one class here, or a row a class: then the map is only as wide as z1, every row is at the
/// cursor's z2, and picking a tile picks its class too.
class LatentGridView final : public LatentPlaneView {
    Q_OBJECT

public:
    static constexpr int kSmallestSide = 10;
    static constexpr int kLargestSide = 40;

    explicit LatentGridView(QWidget* parent = nullptr);

    void setSnapshot(std::shared_ptr<const GridSnapshot> snapshot);

    /// Shows nothing but `why` there is nothing, and how to change that.
    void clear(const QString& why);

    int side() const { return m_side; }
    void setSide(int tiles);  ///< tiles along a side, kept in [10, 40]

    GridSpacing spacing() const { return m_spacing; }
    void setSpacing(GridSpacing spacing);

    /// Whether the model draws a class at a time; without it the next two mean nothing.
    void setConditional(bool conditional);
    void setLabel(int label);  ///< the class that is drawn, or in whose row the cursor is; in [0, 10)
    void setRowALabel(bool hasRowALabel);

    /// What it wants decoded now. With quantile spacing the area means nothing and is the default one.
    GridRequest request() const;

Q_SIGNALS:
    void requestChanged(zwei::GridRequest request);
    void pointHovered(QPointF z);
    void labelPicked(int label);  ///< the user wants this class and not the one of now; `cursorPicked` follows

protected:
    GridSpacing planeSpacing() const override { return m_spacing; }
    bool hasHeight() const override { return !hasClassRows(); }
    QPointF cursorPixel() const override;
    void planeChanged() override;
    void cursorChanged() override { update(); }
    void carryTo(QPointF pixel) override;
    void hoverAt(QPointF pixel) override;
    void hoverEnded() override;
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    bool hasClassRows() const { return m_isConditional && m_hasRowALabel; }
    QPointF pointAt(QPointF pixel) const;
    int rowAt(QPointF pixel) const;
    QRectF tileAt(QPointF pixel) const;  ///< the picture of the one that holds it, or else of the nearest
    void announceRequest();
    void forgetDrawings();
    void prepareDrawings(QSize devicePixels);
    void drawTiles(QPainter& painter, const LatentPlane& map);
    void drawMoved(QPainter& painter, const LatentPlane& map);
    void drawRespaced(QPainter& painter, const LatentPlane& map);
    void drawClassRows(QPainter& painter, const LatentPlane& map);
    void drawAxes(QPainter& painter, const LatentPlane& map) const;
    void drawCursor(QPainter& painter, const LatentPlane& map) const;
    void drawTileUnderPointer(QPainter& painter) const;
    QString footnote() const;

    int m_side = 20;
    GridSpacing m_spacing = GridSpacing::Even;
    bool m_isConditional = false;
    bool m_hasRowALabel = false;
    int m_label = 0;
    GridRequest m_announced = request();
    std::shared_ptr<const GridSnapshot> m_snapshot;
    QString m_why;
    QImage m_sheet;   ///< the snapshot's tiles in ink, one pixel a pixel
    QImage m_scaled;  ///< the sheet as wide as the map's square, in device pixels
};

}  // namespace zwei
