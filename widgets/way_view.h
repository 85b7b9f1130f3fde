// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>
#include <array>
#include <memory>

#include "models/types/bench.h"

class QLabel;
class QPushButton;

namespace zwei {

class ElidedLabel;
class ErrorPlot;
class ImageStrip;
class ImageView;

/// How one digit lies in the latent space: what was encoded, what its code decodes to, what a search for a better code
/// has come to, and the error on the way; or one sentence in their place.
class WayView : public QWidget {
    Q_OBJECT

public:
    explicit WayView(QWidget* parent = nullptr);

    void setWay(std::shared_ptr<const LatentWay> way);
    /// Whether a search runs: the button then stops it, and otherwise starts one.
    void setSearching(bool isSearching);
    /// By label; empty: the labels are digits.
    void setClassNames(const QStringList& names);
    void clear(const QString& why);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void startRequested();
    void stopRequested();

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    static constexpr std::size_t kImages = 3;
    static constexpr int kNearest = 5;

    void showImages();
    void showErrors();
    QString sentence() const;
    void showClasses();
    void showNearest();
    void showParts();
    void arrange();

    std::shared_ptr<const LatentWay> m_way;
    QString m_why;
    bool m_isSearching = false;
    std::array<ImageView*, kImages> m_images;
    std::array<ElidedLabel*, kImages> m_captions;
    ElidedLabel* m_errors;
    ErrorPlot* m_plot;
    QPushButton* m_button;
    ImageStrip* m_nearest;
    QStringList m_classNames;
    QLabel* m_sentence;
};

}  // namespace zwei
