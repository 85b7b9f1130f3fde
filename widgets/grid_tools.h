// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "models/types/map_plane.h"
#include "models/types/snapshot.h"

class QAction;
class QMenu;
class QToolButton;

namespace zwei {

/// The latent grid's small tools, for the title of its card: the range of the plane, the number of tiles, and whether
/// the clusters follow; for conditional models also the class, and for codes of more than two dimensions those that are
/// shown.
class GridTools : public QWidget {
    Q_OBJECT

public:
    explicit GridTools(QWidget* parent = nullptr);

    // None of these emits anything.
    void setSide(int side);
    void setArea(const LatentRect& area);
    void setSpacing(GridSpacing spacing);
    void setFitted(bool fitted);  ///< the range is the one that holds the codes
    void setLinked(bool linked);
    bool isLinked() const;
    void setConditional(bool conditional);  ///< whether there is a class to choose
    void setLabel(int label);
    void setRowALabel(bool hasRowALabel);
    void setDimensions(int dimensions);  ///< of a code
    void setAxes(const MapAxes& axes);

Q_SIGNALS:
    void sideChosen(int side);
    void rangeChosen(double range);  ///< the plane from -range to +range, evenly spaced
    void quantilesChosen();
    void fitChosen();  ///< the range that holds the codes
    void linkToggled(bool linked);
    void labelChosen(int label);
    void rowALabelToggled(bool hasRowALabel);
    void axesChosen(zwei::MapAxes axes);

private:
    QToolButton* makeMenuButton(const QString& name, const QString& tip);
    void fillRanges(QMenu& menu);
    void fillSides(QMenu& menu);
    void fillLabels(QMenu& menu);
    void fillAxes(QMenu& menu);
    void fillDimensions(QMenu& menu, int MapAxes::*axis);
    void choose(const MapAxes& axes);
    void showRange();

    QToolButton* m_range;
    QToolButton* m_side;
    QToolButton* m_link;
    QToolButton* m_label;
    QAction* m_rowALabel = nullptr;
    QToolButton* m_axesButton;
    LatentRect m_area;
    GridSpacing m_spacing = GridSpacing::Even;
    bool m_isFitted = false;
    int m_dimensions = 2;
    MapAxes m_axes;
};

}  // namespace zwei
