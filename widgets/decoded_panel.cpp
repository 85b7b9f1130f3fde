// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/decoded_panel.h"

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>
#include <limits>

#include "widgets/drawing/numerals.h"
#include "widgets/drawing/smooth_image.h"
#include "widgets/drawing/theme.h"
#include "widgets/image_strip.h"
#include "widgets/image_view.h"
#include "widgets/latent_sliders.h"
#include "widgets/small_widgets.h"
#include "widgets/value_slider.h"

namespace zwei {
namespace {

constexpr int kGap = 2 * kSpace;
constexpr int kRowHeight = 28;  // as a slider's
constexpr int kFigureHeight = 20;
constexpr int kSmallImage = 84;             // rather than a smaller image, the panel shows less of the rest
constexpr double kMostNoise = 2;            // standard deviations of the prior
constexpr std::size_t kReconstruction = 1;  // among the figures

/// With the gap above it.
int heightOf(const QWidget& widget) {
    return std::clamp(widget.sizeHint().height(), widget.minimumHeight(), widget.maximumHeight()) + kGap;
}

}  // namespace

/// What the decoder makes of noisy codes, in a row as the nearest test images are.
class NoisyStrip final : public QWidget {
public:
    explicit NoisyStrip(QWidget* parent) : QWidget(parent) {
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    }

    void setImages(const ImageBatch& images) {
        m_images = images;
        update();
    }
    bool isEmpty() const { return m_images.count == 0; }

    QSize sizeHint() const override { return {226, 40}; }
    QSize minimumSizeHint() const override { return {120, 40}; }

protected:
    void paintEvent(QPaintEvent*) override {
        const Theme& theme = Theme::current();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(theme.line);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
        const double pitch = (width() - 8) / static_cast<double>(DecodedPanel::kJittered);
        const int side = std::min(static_cast<int>(pitch), height()) - 6;
        const int pixels = static_cast<int>(side * devicePixelRatioF());
        for (int i = 0; i < std::min(m_images.count, DecodedPanel::kJittered); ++i) {
            const QRect box(4 + static_cast<int>(i * pitch), 0, static_cast<int>(pitch), height());
            painter.drawImage(QRect(box.center().x() - side / 2, box.center().y() - side / 2, side, side),
                              smoothInkImage(m_images, i, pixels, pixels, theme.text));
        }
    }

private:
    ImageBatch m_images;
};

DecodedPanel::DecodedPanel(QWidget* parent)
    : QWidget(parent),
      m_image(new ImageView(this)),
      m_sliders(new LatentSliders(this)),
      m_noise(makeNoise()),
      m_noisy(new NoisyStrip(this)),
      m_nearestHeading(headingLabel(tr("Nearest test images"))),
      m_nearest(new ImageStrip(kNearest, this)),
      m_figuresHeading(headingLabel(tr("Test set"))),
      m_figuresTable(makeFigures()) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGap);
    layout->setSizeConstraint(QLayout::SetNoConstraint);
    layout->addWidget(m_image, 100);
    layout->addWidget(m_sliders);
    layout->addWidget(m_noise);
    for (QWidget* part : {static_cast<QWidget*>(m_noisy), static_cast<QWidget*>(m_nearestHeading),
                          static_cast<QWidget*>(m_nearest), static_cast<QWidget*>(m_figuresHeading), m_figuresTable})
        layout->addWidget(part);
    layout->addStretch(1);

    m_image->setToolTip(tr("What the decoder draws at the cursor."));
    connect(m_nearest, &ImageStrip::picked, this, &DecodedPanel::nearestPicked);
    clear(tr("The decoded image appears here."));
    setNearestNote(tr("Nothing is encoded yet."));
    setFigures(std::nullopt);
    showJitter(0);
}

void DecodedPanel::setPoint(const PointSnapshot& point) {
    if (point.decoded.count > 0) m_image->setImage(point.decoded);
    m_noisy->setImages(point.jittered);
    shareRoom();
}

void DecodedPanel::setNearest(const ImageBatch& images, const std::vector<int>& indices,
                              const std::vector<std::uint8_t>& labels) {
    m_nearest->setImages(images, indices, labels);
}

void DecodedPanel::setNearestNote(const QString& note) { m_nearest->setNote(note); }

void DecodedPanel::setHasCode(bool hasCode) {
    m_hasCode = hasCode;
    for (QWidget* part : {static_cast<QWidget*>(m_sliders), m_noise}) part->setVisible(hasCode);
    shareRoom();
}

void DecodedPanel::setFigures(const std::optional<ElboTerms>& terms, bool isVariational) {
    constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
    const std::array<double, 3> values = terms ? std::array{terms->negElbo(), terms->reconstruction, terms->kl}
                                               : std::array{kUnknown, kUnknown, kUnknown};
    for (std::size_t i = 0; i < values.size(); ++i) {
        m_figures[i]->setText(numberText(values[i], 1));
        for (QLabel* label : {m_figureNames[i], m_figures[i]}) label->setVisible(isVariational || i == kReconstruction);
    }
    shareRoom();
}

void DecodedPanel::clear(const QString& why) {
    m_image->clear(why);
    m_noisy->setImages({});
    shareRoom();
}

double DecodedPanel::jitter() const { return m_jitter->value(); }

QSize DecodedPanel::minimumSizeHint() const {
    const int width = std::max(
        {m_sliders->minimumSizeHint().width(), m_noise->minimumSizeHint().width(), m_noisy->minimumSizeHint().width()});
    const int image = m_image->minimumSizeHint().height();
    return {width, image + heightOf(*m_sliders) + heightOf(*m_noise) + heightOf(*m_noisy)};
}

bool DecodedPanel::event(QEvent* event) {
    if (event->type() == QEvent::LayoutRequest) shareRoom();
    return QWidget::event(event);
}

void DecodedPanel::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    // The image is square: what a tall card has left over belongs at its foot.
    m_image->setMaximumHeight(width());
    shareRoom();
}

/// Nothing is squeezed or cut off: what there is no room for is not there.
void DecodedPanel::shareRoom() {
    const bool hasNoisy = jitter() > 0 && !m_noisy->isEmpty();
    int room = height() - kSmallImage - heightOf(*m_sliders) - heightOf(*m_noise);
    if (hasNoisy) room -= heightOf(*m_noisy);
    const int figures = heightOf(*m_figuresHeading) + heightOf(*m_figuresTable);
    const int nearest = heightOf(*m_nearestHeading) + heightOf(*m_nearest);
    const bool hasFigures = room >= figures;
    const bool hasNearest = room - (hasFigures ? figures : 0) >= nearest;
    m_noisy->setVisible(m_hasCode && hasNoisy);
    for (QWidget* part : {static_cast<QWidget*>(m_figuresHeading), m_figuresTable}) part->setVisible(hasFigures);
    for (QWidget* part : {static_cast<QWidget*>(m_nearestHeading), static_cast<QWidget*>(m_nearest)})
        part->setVisible(m_hasCode && hasNearest);
}

void DecodedPanel::showJitter(double level) {
    m_jitterValue->setText(level > 0 ? coordinateText(level) : tr("off"));
    shareRoom();
}

QWidget* DecodedPanel::makeNoise() {
    const QString tip =
        tr("Adds Gaussian noise to the code and decodes what comes of it: neighbours in the space should look alike.");
    auto* noise = new QWidget(this);
    m_jitter = new ValueSlider(ValueSlider::Scale::Linear, 0, kMostNoise, 0, noise);
    m_jitter->setAccessibleName(tr("Noise on the code"));
    m_jitterValue = new QLabel(noise);
    m_jitterValue->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_jitterValue->setFixedWidth(40);
    auto* row = new QHBoxLayout(noise);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(mutedLabel(tr("noise"), 12, noise));
    row->addSpacing(kSpace);
    row->addWidget(m_jitter, 1);
    row->addWidget(m_jitterValue);
    noise->setFixedHeight(kRowHeight);
    noise->setToolTip(tip);
    m_jitter->setToolTip(tip);
    connect(m_jitter, &ValueSlider::valueEdited, this, [this](double level) {
        showJitter(level);
        Q_EMIT jitterChanged(level);
    });
    return noise;
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
        QLabel* name = m_figureNames[i] = mutedLabel(names[i], 12, figures);
        m_figures[i] = new QLabel(figures);
        m_figures[i]->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        m_figures[i]->setFont(Theme::font(12));
        m_figures[i]->setAccessibleName(names[i]);
        m_figures[i]->setToolTip(tips[i]);
        name->setToolTip(tips[i]);
        grid->addWidget(name, row, 0);
        grid->addWidget(m_figures[i], row, 1);
        for (QLabel* label : {name, m_figures[i]}) label->setFixedHeight(kFigureHeight);
    }
    return figures;
}

}  // namespace zwei
