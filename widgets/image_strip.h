// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <cstdint>
#include <vector>

#include "models/types/image.h"

namespace zwei {

/// A row of small test images, each of which can be picked with the mouse or, once the strip has the focus, with the
/// arrow keys and Return; or one sentence in their place.
class ImageStrip : public QWidget {
    Q_OBJECT

public:
    explicit ImageStrip(int columns, QWidget* parent = nullptr);

    /// `indices` are those in the test set; `labels` has one an image or is empty.
    void setImages(const ImageBatch& images, const std::vector<int>& indices, const std::vector<std::uint8_t>& labels);
    void setNote(const QString& note);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void picked(int testIndex);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    int count() const;
    QRect cell(int column) const;
    int columnAt(QPoint position) const;  ///< -1 where there is no image
    QString description(int column) const;
    void point(int column);

    int m_columns;
    ImageBatch m_images;
    std::vector<int> m_indices;
    std::vector<std::uint8_t> m_labels;
    QString m_note;
    int m_pointed = -1;
    int m_focused = 0;
};

}  // namespace zwei
