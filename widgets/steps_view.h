// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QWidget>
#include <vector>

#include "models/types/page.h"

namespace zwei {

/// How one digit of a page is made MNIST-like, a picture a step: the page, its ink without the paper, the digit's own
/// part of it, and the 28 x 28 with the 20 x 20 it was fitted into and the centre of its mass.
class StepsView : public QWidget {
    Q_OBJECT

public:
    explicit StepsView(QWidget* parent = nullptr);

    /// The steps of the page before it stay until others come, so that a drawing that goes on does not flicker.
    void setPage(const QImage& page);
    /// `digit` is an index in `steps.digits`; `isAsIs`: the page was made 28 x 28 and nothing else.
    void setSteps(const NormalisedPage& steps, int digit, bool isAsIs);
    void clear(const QString& why);

    QSize sizeHint() const override { return {520, 180}; }
    QSize minimumSizeHint() const override { return {300, 96}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Step {
        QString caption;
        QImage picture;  // as large as it is shown
    };

    void draw();
    QImage drawPage(int side) const;
    QImage drawInk(int side) const;
    QImage drawCrop(int side) const;
    QImage drawDigit(int side) const;
    int side() const;

    QImage m_page;  // no larger than a view may show
    NormalisedPage m_steps;
    int m_digit = 0;
    bool m_isAsIs = false;
    QString m_why;
    std::vector<Step> m_drawn;  // empty: to be drawn anew
};

/// What a page without digits says, and what to do.
QString noDigitFound();

}  // namespace zwei
