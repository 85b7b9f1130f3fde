// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "models/types/bench.h"
#include "widgets/tile_view.h"

namespace zwei {

/// One digit made small and large again, a row a factor: the small one with its pixels as squares, what two filters and
/// a network make of it, with figures below, the best ones brighter than the others, and the original.
class EnlargementView : public TileView {
    Q_OBJECT

public:
    explicit EnlargementView(QWidget* parent = nullptr);

    void setDigit(std::shared_ptr<const EnlargedDigit> digit);
    void clear(const QString& why);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    std::vector<Tile> layOut() override;
    void paintBeside(QPainter& painter) const override;

private:
    struct Column;
    struct Layout {
        int columnsOfRows = 1;  ///< how many rows stand beside each other
        int group = 0;          ///< width of each
        int side = 0;
        int pitch = 0;  ///< from one tile to the next one
        int down = 0;   ///< and to the one below
        int top = 0;
        bool hasOneLine = true;  ///< for both figures
    };

    std::vector<Column> columns(const Enlargement& enlargement) const;
    int rowCount() const;
    Layout layoutIn(int columnsOfRows) const;
    Layout layout() const;
    QRect tile(const Layout& at, int row, int column) const;
    void paintFigures(QPainter& painter, const Layout& at, const QRect& tile, const ImageQuality& quality) const;

    std::shared_ptr<const EnlargedDigit> m_digit;
};

}  // namespace zwei
