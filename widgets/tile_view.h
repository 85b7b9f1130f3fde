// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QPixmap>
#include <QWidget>
#include <optional>
#include <utility>
#include <vector>

#include "models/types/image.h"

namespace zwei {

/// Images as tiles that can be selected with the mouse or, once the view has the focus, with the arrow keys, and taken
/// out by dragging; or one sentence in their place. Where the tiles are is a subclass's business.
class TileView : public QWidget {
    Q_OBJECT

public:
    struct Tile {
        int id = 0;  ///< the same for what is the same after another layout
        QRect box;   ///< square; null: there is no room for it now
        const ImageBatch* images = nullptr;
        int index = 0;
        QString name;     ///< such as `denoiser 2`
        QString figures;  ///< for the tooltip; may be empty
        bool isDifference = false;
        bool hasSquarePixels = false;  ///< drawn as squares and not smoothed
    };
    using NamedImage = std::pair<QImage, QString>;

    explicit TileView(QWidget* parent = nullptr);

    /// In reading order; those without room too.
    const std::vector<Tile>& tiles() const { return m_tiles; }
    int selectedTile() const;  ///< -1 without one

    /// Grey, one pixel a pixel and 0 paper, as MNIST stores them; none without a selection.
    std::optional<NamedImage> selectedImage() const;
    /// Of all tiles, those without room too; of those with one name, the first.
    std::vector<NamedImage> allImages() const;

Q_SIGNALS:
    void selected(int tile);
    void dragRequested(const QImage& image, const QString& name);
    void contextMenuWanted(QPoint globalPosition);

protected:
    virtual std::vector<Tile> layOut() = 0;
    /// What stands beside the tiles; they and their outlines are drawn over it.
    virtual void paintBeside(QPainter& painter) const = 0;
    /// Before `selected` is emitted.
    virtual void tileSelected(const Tile& tile);

    /// Asks for the tiles again; the selection stays with its id.
    void layOutAgain();
    void setNote(const QString& why);
    void selectTile(int tile);
    /// Moves the selection without a word to anybody; to none with an id that no tile has.
    void moveSelectionTo(int id);
    /// False where there is no tile in that direction.
    bool moveSelection(Qt::Key direction);

    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    int tileAt(QPoint position) const;  ///< -1 where there is none
    int tileWithId(int id) const;       ///< -1 without one
    int firstShown() const;             ///< -1 without one
    int neighbour(int tile, Qt::Key direction) const;
    void point(int tile);
    void paintOutline(QPainter& painter, int tile, const QColor& colour) const;
    const QPixmap& sheet();

    std::vector<Tile> m_tiles;
    QString m_note;
    QPixmap m_sheet;  ///< the tiles as they were last drawn; null when they are to be drawn again
    int m_selectedId = -1;
    int m_pointed = -1;
    int m_pressedId = -1;
    QPoint m_pressedAt;
};

}  // namespace zwei
