// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "models/types/snapshot.h"
#include "widgets/class_legend.h"
#include "widgets/hover_card.h"
#include "widgets/latent_plane_view.h"

namespace zwei {

class ClusterCanvas;

/// The codes of many images as points of the latent plane, in the colours of their classes. Hovering shows the image
/// whose point is under the pointer.
class ClusterView final : public LatentPlaneView {
    Q_OBJECT

public:
    explicit ClusterView(QWidget* parent = nullptr);

    /// The first two dimensions lie to the right and upwards. `labels` has one an image or is empty; `images` are the
    /// encoded ones, or null where their pixels are not at hand.
    void setCodes(CodesPtr codes, std::vector<std::uint8_t> labels, std::shared_ptr<const ImageBatch> images);

    /// Shows nothing but `why` there is nothing, and how to change that.
    void clear(const QString& why);

    /// Of a data set's own classes, at most ten; empty for digits.
    void setClassNames(const QStringList& names);

    /// Off: all points in one colour, and nothing tells of their classes.
    void setLabelsShown(bool shown);

    bool isClassVisible(int index) const;
    void setClassVisible(int index, bool visible);

    /// Diameter in pixels of a point where there are 10,000 (3 at first); the denser the crowd, the smaller.
    void setPointSize(double pixels);

Q_SIGNALS:
    void pointHovered(int index);  ///< of the image; `hoverLeft` when it is on none any more
    void imagePicked(int index);   ///< clicked; `cursorPicked` with its very mean follows

protected:
    void planeChanged() override;
    void cursorChanged() override;
    void hoverAt(QPointF pixel) override;
    void hoverEnded() override;
    void pickAt(QPointF pixel) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    bool isEmpty() const { return m_codes == nullptr; }
    bool showsLabels() const { return !isEmpty() && !m_labels.empty() && m_areLabelsShown; }
    std::optional<int> labelOf(int index) const;  ///< that may be shown
    QPointF meanOf(int index) const;
    QImage pictureOf(int index) const;
    HoverNote noteOn(int index) const;
    void showCodes();
    QString footnote() const;
    QString classTitle(int label) const;
    void showVisibility(ClassSet visible);
    void setHovered(int index);
    void reviewHover();

    ClusterCanvas* m_canvas;
    ClassLegend* m_legend;
    CodesPtr m_codes;
    std::vector<std::uint8_t> m_labels;
    std::shared_ptr<const ImageBatch> m_images;
    QStringList m_classNames;
    bool m_areLabelsShown = true;
    int m_hovered = -1;
};

}  // namespace zwei
