// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/decoded_panel.h"

#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>
#include <limits>

#include "widgets/drawing/numerals.h"
#include "widgets/drawing/theme.h"
#include "widgets/image_strip.h"
#include "widgets/image_view.h"
#include "widgets/latent_sliders.h"
#include "widgets/small_widgets.h"

namespace zwei {

DecodedPanel::DecodedPanel(QWidget* parent)
    : QWidget(parent),
      m_image(new ImageView(this)),
      m_sliders(new LatentSliders(this)),
      m_nearest(new ImageStrip(kNearest, this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_image, 100);
    layout->addWidget(m_sliders);
    layout->addWidget(headingLabel(tr("Nearest test images")));
    layout->addWidget(m_nearest);
    layout->addWidget(headingLabel(tr("Test set")));
    layout->addWidget(makeFigures());
    layout->addStretch(1);

    m_image->setToolTip(tr("What the decoder draws at the cursor."));
    connect(m_nearest, &ImageStrip::picked, this, &DecodedPanel::nearestPicked);
    clear(tr("The decoded image appears here."));
    setNearestNote(tr("Nothing is encoded yet."));
    setFigures(std::nullopt);
}

void DecodedPanel::setPoint(const PointSnapshot& point) {
    if (point.decoded.count > 0) m_image->setImage(point.decoded);
}

void DecodedPanel::setNearest(const ImageBatch& images, const std::vector<int>& indices,
                              const std::vector<std::uint8_t>& labels) {
    m_nearest->setImages(images, indices, labels);
}

void DecodedPanel::setNearestNote(const QString& note) { m_nearest->setNote(note); }

void DecodedPanel::setFigures(const std::optional<ElboTerms>& terms) {
    constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
    const std::array<double, 3> values = terms ? std::array{terms->negElbo(), terms->reconstruction, terms->kl}
                                               : std::array{kUnknown, kUnknown, kUnknown};
    for (std::size_t i = 0; i < values.size(); ++i) m_figures[i]->setText(numberText(values[i], 1));
}

void DecodedPanel::clear(const QString& why) { m_image->clear(why); }

void DecodedPanel::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    // The image is square: what a tall card has left over belongs at its foot.
    m_image->setMaximumHeight(width());
}

QWidget* DecodedPanel::makeFigures() {
    const std::array<QString, 3> names = {tr("−ELBO"), tr("reconstruction"), tr("KL")};
    const std::array<QString, 3> tips = {
        tr("Reconstruction and KL together, in nats an image: lower is better."),
        tr("How badly a test image is drawn again from its own code, in nats an image."),
        tr("How much the codes say beyond the prior, in nats an image."),
    };
    auto* figures = new QWidget(this);
    auto* grid = new QGridLayout(figures);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(0);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const int row = static_cast<int>(i);
        auto* name = mutedLabel(names[i], 12, figures);
        m_figures[i] = new QLabel(figures);
        m_figures[i]->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        m_figures[i]->setFont(Theme::font(12));
        m_figures[i]->setAccessibleName(names[i]);
        m_figures[i]->setToolTip(tips[i]);
        name->setToolTip(tips[i]);
        grid->addWidget(name, row, 0);
        grid->addWidget(m_figures[i], row, 1);
        grid->setRowMinimumHeight(row, 20);
    }
    return figures;
}

}  // namespace zwei
