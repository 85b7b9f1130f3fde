// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPixmap>
#include <QWidget>
#include <memory>
#include <vector>

#include "models/types/snapshot.h"

namespace zwei {

/// Test images, what the model makes of each, and where the two differ: a column an image, as many as fit; where the
/// model is shown noisy or small images, the clean ones stand above them. In dream mode, images that were never there
/// fill the same room. An image can be picked with the mouse or, once the view has the focus, with the arrow keys and
/// Return.
class ReconstructionView : public QWidget {
    Q_OBJECT

public:
    enum class Mode { Reconstructions, Dream };

    explicit ReconstructionView(QWidget* parent = nullptr);

    /// Which of the two is shown. What comes for the other one meanwhile is kept, and shown with it.
    void setMode(Mode mode);
    Mode mode() const { return m_mode; }

    void setSnapshot(std::shared_ptr<const ReconstructionSnapshot> snapshot);
    void setDream(std::shared_ptr<const DreamSnapshot> dream);
    /// Neither of them, and a sentence that says what will be here in place of the reconstructions.
    void clear(const QString& why);

    /// How many images fit side by side; at least 1. The mode changes nothing about it.
    int columns() const;
    /// How many dreamt images fit; at least 3.
    int dreamCapacity() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void modeChanged(zwei::ReconstructionView::Mode mode);
    void columnsChanged(int columns);
    void dreamCapacityChanged(int capacity);
    void imagePicked(int testIndex);
    void dreamPicked(int index);  ///< of the images of the dream

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
    struct Row;
    struct Tiling;

    bool isDreaming() const { return m_mode == Mode::Dream; }
    std::vector<Row> rows() const;
    Tiling tiling(Mode mode) const;
    int shownCount() const;
    QRect cell(int index) const;
    int cellAt(QPoint position) const;  ///< -1 where there is no image
    QRect labelBox(int row) const;

    QString describe(int index) const;
    QString describeAll() const;
    QString labelTip(QPoint position) const;
    QString dreamSource() const;
    QString note() const;

    void showChanged();
    void tellWhatFits();
    void point(int index);
    void focusCell(int index);
    void pick(int index);
    void paintLabels(QPainter& painter) const;
    void paintMark(QPainter& painter) const;
    void drawReconstructions(QPainter& painter) const;
    void drawDream(QPainter& painter) const;
    const QPixmap& sheet();

    Mode m_mode = Mode::Reconstructions;
    std::shared_ptr<const ReconstructionSnapshot> m_snapshot;
    std::shared_ptr<const DreamSnapshot> m_dream;
    QString m_why;
    QPixmap m_sheet;  ///< the images as they were last drawn; null when they are to be drawn again
    int m_lastColumns = 0;
    int m_lastCapacity = 0;
    int m_pointed = -1;
    int m_focused = 0;
};

}  // namespace zwei
