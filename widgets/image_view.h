// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "models/types/image.h"

namespace zwei {

/// One image as large as fits, smooth, as ink on the card inside a hairline; or a sentence that says what will be here.
class ImageView : public QWidget {
    Q_OBJECT

public:
    explicit ImageView(QWidget* parent = nullptr);

    void setImage(const ImageBatch& images, int index = 0);
    void clear(const QString& why);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QRect frame() const;

    ImageBatch m_image;  ///< none or one
    QString m_why;
};

}  // namespace zwei
