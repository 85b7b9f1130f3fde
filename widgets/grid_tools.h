// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "models/types/snapshot.h"

class QMenu;
class QToolButton;

namespace zwei {

/// The latent grid's small tools, for the title of its card: the range of the plane, the number of tiles, and whether
/// the clusters follow.
class GridTools : public QWidget {
    Q_OBJECT

public:
    explicit GridTools(QWidget* parent = nullptr);

    // None of these emits anything.
    void setSide(int side);
    void setArea(const LatentRect& area);
    void setSpacing(GridSpacing spacing);
    void setLinked(bool linked);
    bool isLinked() const;

Q_SIGNALS:
    void sideChosen(int side);
    void rangeChosen(double range);  ///< the plane from -range to +range, evenly spaced
    void quantilesChosen();
    void linkToggled(bool linked);

private:
    QToolButton* makeMenuButton(const QString& name, const QString& tip);
    void fillRanges(QMenu& menu);
    void fillSides(QMenu& menu);

    QToolButton* m_range;
    QToolButton* m_side;
    QToolButton* m_link;
};

}  // namespace zwei
