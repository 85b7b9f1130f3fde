// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/properties_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPainterPath>
#include <QPushButton>
#include <QScrollArea>
#include <QShowEvent>
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>
#include <vector>

#include "models/types/quantile.h"
#include "widgets/drawing/numerals.h"
#include "widgets/drawing/smooth_image.h"
#include "widgets/drawing/theme.h"
#include "widgets/segmented_choice.h"
#include "widgets/small_widgets.h"
#include "widgets/style_sheet.h"

namespace zwei {
namespace {

constexpr int kSideBySide = 380;  // as wide as this and lower than kTall, images and histogram stand side by side
constexpr int kTall = 300;
constexpr double kLineWidth = 1.6;

/// 1, 2 or 5 times a power of ten, so that `count` such steps or fewer cover `range`, which is positive.
double niceStep(double range, int count) {
    const double raw = range / std::max(1, count);
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    const double share = raw / power;
    return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
}

/// A tick of an axis from 0 in steps of `step`.
QString tickText(double tick, double step) {
    if (tick < step / 2) return QStringLiteral("0");
    return numberText(tick, std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 6));
}

double mean(const std::vector<double>& values) {
    return values.empty() ? 0 : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// What all but a few of the values are below.
double nearlyHighest(const std::vector<double>& values) { return quantile(values, 0.995); }

/// A widget that draws itself in the theme's colours.
class Drawing : public QWidget {
public:
    using QWidget::QWidget;

    QSize sizeHint() const override { return minimumSize(); }

protected:
    void changeEvent(QEvent* event) override {
        QWidget::changeEvent(event);
        if (event->type() == QEvent::PaletteChange) update();
    }
};

}  // namespace

// ---- What comes out for the images of another set ----

/// Images over what comes out for each: as many as fit side by side.
class PairStrip : public Drawing {
public:
    explicit PairStrip(QWidget* parent) : Drawing(parent) {
        setMinimumSize(160, 2 * kSmallest + kGap);
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    }

    void setImages(const ReconstructionSnapshot& images, const QString& description) {
        m_images = images;
        setAccessibleName(description);
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override {
        const Theme& theme = Theme::current();
        QPainter painter(this);
        painter.setFont(Theme::font(11));
        const std::array<QString, 2> names = {PropertiesPanel::tr("in"), PropertiesPanel::tr("out")};
        const int left = painter.fontMetrics().horizontalAdvance(names[1]) + 12;
        const int room = width() - left;
        const int side = tileSide(room);
        const int count = std::min({m_images.inputs.count, m_images.outputs.count, (room + kGap) / (side + kGap)});
        const int top = (height() - 2 * side - kGap) / 2;
        const int pixels = static_cast<int>(side * devicePixelRatioF());
        for (int row = 0; row < 2; ++row) {
            const ImageBatch& images = row == 0 ? m_images.inputs : m_images.outputs;
            const QRect line(0, top + row * (side + kGap), width(), side);
            painter.setPen(theme.muted);
            painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, names[static_cast<std::size_t>(row)]);
            for (int i = 0; i < count; ++i) {
                const QRect box(left + i * (side + kGap), line.top(), side, side);
                painter.drawImage(box, smoothInkImage(images, i, pixels, pixels, theme.text));
            }
        }
    }

private:
    /// As large as the height allows, and so that some fit side by side.
    int tileSide(int room) const {
        const int most = std::min((height() - kGap) / 2, (room - (kFewest - 1) * kGap) / kFewest);
        return std::clamp(most, kSmallest, kLargest);
    }

    static constexpr int kSmallest = 28;
    static constexpr int kLargest = 64;
    static constexpr int kGap = 4;
    static constexpr int kFewest = 4;

    ReconstructionSnapshot m_images;
};

/// How many images have which error, for one or two sets, each of which is as large as the other.
class ErrorHistogram : public Drawing {
public:
    explicit ErrorHistogram(QWidget* parent) : Drawing(parent) {
        setMinimumSize(160, 88);
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
        setAccessibleName(PropertiesPanel::tr("Mean squared error of each image"));
    }

    void setErrors(const PropertiesSnapshot& properties) {
        const double most = std::max(nearlyHighest(properties.errors), nearlyHighest(properties.otherErrors));
        m_highest = std::isfinite(most) && most > 0 ? most * 1.04 : 1;
        m_sets[0] = makeSet(properties.data, properties.errors);
        m_sets[1] = makeSet(properties.otherData, properties.otherErrors);
        QStringList spoken;
        for (const Set& set : m_sets)
            if (set.isKnown) spoken << set.label;
        setAccessibleDescription(spoken.join(QStringLiteral(", ")));
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override {
        const Theme& theme = Theme::current();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const auto labels = labelBoxes();
        const int top = std::max(labels[0].bottom(), labels[1].bottom()) + 6;
        const QRectF plot(0.5, top, width() - 1.0, height() - top - kAxis);
        paintAxis(painter, plot);
        // The other set behind: the model's own is what it is compared with.
        for (const std::size_t i : {std::size_t{1}, std::size_t{0}}) {
            if (!m_sets[i].isKnown) continue;
            const QColor colour = i == 0 ? theme.accent : theme.difference;
            const double x = plot.left() + meanShare(m_sets[i]) * plot.width();
            painter.setPen(QPen(colour, 1, Qt::DotLine));
            painter.drawLine(QPointF(x, labels[i].bottom() + 2), plot.bottomLeft() + QPointF(x - plot.left(), 0));
            paintShares(painter, plot, m_sets[i].shares, colour);
            painter.setFont(Theme::font(11, QFont::DemiBold));
            painter.setPen(i == 0 ? theme.accent : warningColour(theme));
            painter.drawText(labels[i], Qt::AlignCenter, m_sets[i].label);
        }
    }

private:
    static constexpr int kBins = 40;
    static constexpr int kAxis = 18;  // height of the ticks' line

    struct Set {
        bool isKnown = false;
        QString label;
        double mean = 0;
        std::array<double, kBins> shares{};  ///< of the images, from an error of 0 to `m_highest`
    };

    Set makeSet(const std::string& title, const std::vector<double>& errors) const {
        Set set;
        set.isKnown = !errors.empty();
        set.mean = mean(errors);
        set.label = QStringLiteral("%1 %2").arg(QString::fromStdString(title), numberText(set.mean, 3));
        for (const double error : errors) {
            if (!(error >= 0 && error < m_highest)) continue;
            set.shares[static_cast<std::size_t>(error / m_highest * kBins)] += 1.0 / static_cast<double>(errors.size());
        }
        return set;
    }

    /// Where the mean lies on the axis, from 0 to 1: at its end where it is beyond, or no number.
    double meanShare(const Set& set) const {
        const double share = set.mean / m_highest;
        return share < 1 ? std::max(share, 0.0) : 1;
    }

    /// Each label over its mean; the second one a line lower where the two would meet.
    std::array<QRect, 2> labelBoxes() const {
        const QFontMetrics metrics(Theme::font(11, QFont::DemiBold), this);
        std::array<QRect, 2> boxes;
        for (std::size_t i = 0; i < boxes.size(); ++i) {
            if (!m_sets[i].isKnown) continue;
            const int wide = metrics.horizontalAdvance(m_sets[i].label) + 4;
            const int centre = static_cast<int>(meanShare(m_sets[i]) * width());
            boxes[i] = QRect(std::clamp(centre - wide / 2, 0, std::max(0, width() - wide)), 0, wide, metrics.height());
        }
        if (boxes[0].adjusted(-6, 0, 6, 0).intersects(boxes[1])) boxes[1].translate(0, metrics.height());
        return boxes;
    }

    void paintAxis(QPainter& painter, const QRectF& plot) const {
        const Theme& theme = Theme::current();
        painter.setPen(theme.line);
        painter.drawLine(plot.bottomLeft(), plot.bottomRight());
        painter.setPen(theme.muted);
        painter.setFont(Theme::font(10));
        const QRectF line(plot.left(), plot.bottom() + 2, plot.width(), kAxis - 2);
        const QString title = PropertiesPanel::tr("squared error");
        painter.drawText(line, Qt::AlignRight | Qt::AlignBottom, title);
        const double free = line.width() - painter.fontMetrics().horizontalAdvance(title) - 8;
        const double step = niceStep(m_highest, std::max(2, width() / 48));
        for (int i = 0; i * step <= m_highest; ++i) {
            const QString text = tickText(i * step, step);
            const double half = painter.fontMetrics().horizontalAdvance(text) / 2.0;
            const double x = std::max(half, i * step / m_highest * line.width());
            if (x + half > free) break;
            painter.drawText(QRectF(line.left() + x - half, line.top(), 2 * half + 1, line.height()),
                             Qt::AlignLeft | Qt::AlignBottom, text);
        }
    }

    void paintShares(QPainter& painter, const QRectF& plot, const std::array<double, kBins>& shares,
                     const QColor& colour) const {
        double most = 1e-9;
        for (const Set& set : m_sets) most = std::max(most, *std::max_element(set.shares.begin(), set.shares.end()));
        QPainterPath outline(plot.bottomLeft());
        for (std::size_t i = 0; i < shares.size(); ++i) {
            const double y = plot.bottom() - shares[i] / most * plot.height();
            outline.lineTo(plot.left() + static_cast<double>(i) / kBins * plot.width(), y);
            outline.lineTo(plot.left() + static_cast<double>(i + 1) / kBins * plot.width(), y);
        }
        outline.lineTo(plot.bottomRight());
        QColor fill = colour;
        fill.setAlphaF(0.2F);
        painter.fillPath(outline, fill);
        painter.strokePath(outline, QPen(colour, 1.2, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin));
    }

    std::array<Set, 2> m_sets;  ///< the model's own, and the other
    double m_highest = 1;
};

// ---- What is lost at which size of the code ----

/// The error that principal components leave at each size of the code, and where the model stands.
class CodeSizeCurve : public Drawing {
public:
    explicit CodeSizeCurve(QWidget* parent) : Drawing(parent) {
        setMinimumSize(200, 88);
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
        setAccessibleName(PropertiesPanel::tr("Error against the size of the code"));
    }

    void setCurve(const PropertiesSnapshot& properties) {
        m_linear = properties.linear;
        m_codeSize = properties.codeSize;
        m_mse = properties.mse;
        const QString figures =
            PropertiesPanel::tr("%1, %2 dB").arg(numberText(properties.mse, 3), numberText(properties.psnr, 1));
        const QString name = m_codeSize == 0   ? PropertiesPanel::tr("this model")
                             : m_codeSize == 1 ? PropertiesPanel::tr("this model, 1 number")
                                               : PropertiesPanel::tr("this model, %1 numbers").arg(m_codeSize);
        m_label = {name + QStringLiteral(": ") + figures, name + QStringLiteral(":\n") + figures};
        setAccessibleDescription(m_label[0]);
        m_mostSize = std::max(2, m_codeSize);
        m_highest = std::max(1e-6, m_mse);
        for (const auto& [size, mse] : m_linear) {
            m_mostSize = std::max(m_mostSize, size);
            m_highest = std::max(m_highest, mse);
        }
        m_highest *= 1.05;
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override {
        const Theme& theme = Theme::current();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setFont(Theme::font(10));
        const QRectF plot = plotBox(painter.fontMetrics());
        paintErrorAxis(painter, plot);
        paintSizeAxis(painter, plot);

        QPolygonF curve;
        for (const auto& [size, mse] : m_linear) curve << pixel(plot, size, mse);
        painter.setPen(QPen(theme.muted, kLineWidth, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.drawPolyline(curve);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.muted);
        for (const QPointF& point : curve) painter.drawEllipse(point, 2.5, 2.5);
        const QRectF title(0, 0, plot.left() + 96, kTitle);
        paintModel(painter, plot, {title, paintCurveName(painter, plot, curve)}, curve);
    }

private:
    static constexpr int kAxis = 18;   // height of the ticks' line
    static constexpr int kTitle = 16;  // height of the line over the plot

    QRectF plotBox(const QFontMetrics& metrics) const {
        const int left = metrics.horizontalAdvance(QStringLiteral("0.00")) + 12;
        return QRectF(left, kTitle, width() - left - 12, height() - kTitle - kAxis);
    }

    QPointF pixel(const QRectF& plot, int size, double mse) const {
        const double along = std::log2(std::max(1, size)) / std::log2(m_mostSize);
        return {plot.left() + along * plot.width(), plot.bottom() - mse / m_highest * plot.height()};
    }

    void paintErrorAxis(QPainter& painter, const QRectF& plot) const {
        const Theme& theme = Theme::current();
        painter.setPen(theme.muted);
        painter.drawText(QRectF(0, 0, width(), kTitle - 2), Qt::AlignLeft | Qt::AlignTop,
                         PropertiesPanel::tr("mean squared error"));
        const double step = niceStep(m_highest, std::clamp(static_cast<int>(plot.height() / 28), 1, 5));
        for (int i = 0; i * step <= m_highest; ++i) {
            const double y = plot.bottom() - i * step / m_highest * plot.height();
            painter.setPen(theme.line);
            painter.drawLine(QPointF(plot.left(), y), QPointF(width(), y));
            painter.setPen(theme.muted);
            painter.drawText(QRectF(0, y - 8, plot.left() - 12, 16), Qt::AlignRight | Qt::AlignVCenter,
                             tickText(i * step, step));
        }
    }

    void paintSizeAxis(QPainter& painter, const QRectF& plot) const {
        painter.setPen(Theme::current().muted);
        const int last = static_cast<int>(std::bit_floor(static_cast<unsigned>(m_mostSize)));
        double free = width();
        for (int size = last; size >= 1; size /= 2) {
            const QString text = size == last ? PropertiesPanel::tr("%1 numbers").arg(size) : QString::number(size);
            const double wide = painter.fontMetrics().horizontalAdvance(text);
            const double left = std::min(pixel(plot, size, 0).x() - wide / 2, width() - wide);
            if (left + wide > free) continue;
            painter.drawText(QRectF(left, plot.bottom() + 2, wide + 1, kAxis - 2), Qt::AlignLeft | Qt::AlignBottom,
                             text);
            free = left - 8;
        }
    }

    /// Returns where it stands: beside the curve's upper half, where nothing else is.
    QRectF paintCurveName(QPainter& painter, const QRectF& plot, const QPolygonF& curve) const {
        if (curve.size() < 2) return {};
        const QString name = PropertiesPanel::tr("principal components");
        painter.setFont(Theme::font(11));
        const double wide = painter.fontMetrics().horizontalAdvance(name) + 2;
        const QPointF at = curve[(curve.size() - 1) / 2];
        const double left = std::min(at.x() + 8, plot.right() + 12 - wide);
        const QRectF box(left, std::max(plot.top() - 2, at.y() - 20), wide, 16);
        painter.fillRect(box, Theme::current().card);
        painter.setPen(Theme::current().muted);
        painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter, name);
        return box;
    }

    /// A point at the model's size; without a code it has none, and is a line.
    void paintModel(QPainter& painter, const QRectF& plot, const std::array<QRectF, 2>& taken,
                    const QPolygonF& curve) const {
        const Theme& theme = Theme::current();
        const QPointF point = pixel(plot, m_codeSize, m_mse);
        const QPointF end = m_codeSize == 0 ? QPointF(plot.right(), point.y()) : point;
        painter.setFont(Theme::font(11, QFont::DemiBold));
        const auto [box, text] =
            labelPlace(painter.fontMetrics(), plot, point, taken, {curve, QPolygonF{{point, end}}});
        painter.fillRect(box, theme.card);
        painter.setPen(QPen(theme.accent, kLineWidth, Qt::DashLine));
        painter.drawLine(point, end);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.accent);
        if (m_codeSize > 0) painter.drawEllipse(point, 4, 4);
        painter.setPen(theme.accent);
        painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter, text);
    }

    /// The first place where the label meets nothing: beside `point` in one line or in two, else in a corner.
    std::pair<QRectF, QString> labelPlace(const QFontMetrics& metrics, const QRectF& plot, QPointF point,
                                          const std::array<QRectF, 2>& taken,
                                          const std::array<QPolygonF, 2>& lines) const {
        const QRectF room(plot.left(), 0, width() - plot.left(), plot.bottom() - 1);
        const auto isFree = [&](const QRectF& box) {
            const QRectF around = box.adjusted(-4, -1, 4, 1);
            return room.contains(box) && !box.intersects(taken[0]) && !box.intersects(taken[1]) &&
                   !meets(lines[0], around) && !meets(lines[1], around);
        };
        for (const QString& text : m_label) {
            const QSizeF size = metrics.size(0, text) + QSize(2, 0);
            const double left = -size.width() - 10;
            const double above = -size.height() - 4;
            for (const QPointF& by : {QPointF(10, -size.height() / 2), QPointF(10, 4), QPointF(10, above),
                                      QPointF(left, -size.height() / 2), QPointF(left, 4), QPointF(left, above)})
                if (isFree({point + by, size})) return {{point + by, size}, text};
        }
        for (const QString& text : m_label) {
            const QSizeF size = metrics.size(0, text) + QSize(2, 0);
            const QRectF topRight(QPointF(room.right() - size.width(), 0), size);
            if (isFree(topRight)) return {topRight, text};
        }
        const QSizeF size = metrics.size(0, m_label[1]) + QSize(2, 0);
        return {{room.bottomLeft() + QPointF(4, -size.height()), size}, m_label[1]};
    }

    static bool meets(const QPolygonF& line, const QRectF& box) {
        constexpr int kSteps = 64;
        for (qsizetype i = 0; i + 1 < line.size(); ++i)
            for (int step = 0; step <= kSteps; ++step)
                if (box.contains(line[i] + (line[i + 1] - line[i]) * step / kSteps)) return true;
        return false;
    }

    std::vector<PropertiesSnapshot::LossAtSize> m_linear;
    int m_codeSize = 0;
    double m_mse = 0;
    std::array<QString, 2> m_label;  ///< in one line and in two
    int m_mostSize = 2;
    double m_highest = 1;
};

// ---- The panel ----

PropertiesPanel::PropertiesPanel(QWidget* parent) : QWidget(parent), m_tabs(makeTabs()) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_tabs);
    layout->addWidget(m_scroll = makePage(), 1);
    setAccessibleName(tr("Properties"));
    setLabelsShown(true);
    applyState();
}

void PropertiesPanel::setProperties(std::optional<PropertiesSnapshot> properties) {
    m_properties = std::move(properties);
    if (m_properties) {
        m_strip->setImages(
            m_properties->other,
            tr("Images of %1 and what comes out for them").arg(QString::fromStdString(m_properties->otherData)));
        m_histogram->setErrors(*m_properties);
        m_curve->setCurve(*m_properties);
    }
    applyState();
}

void PropertiesPanel::setBusy(bool busy) {
    m_isBusy = busy;
    applyState();
}

void PropertiesPanel::setLabelsShown(bool shown) { m_labels->setCurrent(shown ? 0 : 1); }

QSize PropertiesPanel::sizeHint() const { return {400, 240}; }

QSize PropertiesPanel::minimumSizeHint() const { return {240, 120}; }

void PropertiesPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (!event->spontaneous()) requestIfMissing();
}

void PropertiesPanel::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    applyShape();
}

SegmentedChoice* PropertiesPanel::makeTabs() {
    auto* tabs = new SegmentedChoice(this);
    tabs->setOptions({tr("data-specific"), tr("lossy"), tr("unlabelled")},
                     {tr("It only knows images like those it was trained on."),
                      tr("What comes out is not quite what went in."), tr("It learns from images alone.")});
    tabs->setCurrent(0);
    tabs->setAccessibleName(tr("Property"));
    connect(tabs, &SegmentedChoice::chosen, this, [this] {
        applyState();
        requestIfMissing();
    });
    return tabs;
}

QScrollArea* PropertiesPanel::makePage() {
    auto* page = new QWidget;
    m_sentence = new QLabel(page);
    m_sentence->setFont(Theme::font(12));
    m_sentence->setWordWrap(true);
    m_sentence->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_measure = new QPushButton(tr("Measure"), page);
    m_measure->setFocusPolicy(Qt::TabFocus);
    m_measure->setToolTip(tr("Measures the model's properties on test images."));
    connect(m_measure, &QPushButton::clicked, this, &PropertiesPanel::measureRequested);
    m_dataSpecific = new QWidget(page);
    m_pair = new QBoxLayout(QBoxLayout::TopToBottom, m_dataSpecific);
    m_pair->setContentsMargins(0, 0, 0, 0);
    m_pair->addWidget(m_strip = new PairStrip(m_dataSpecific), 1);
    m_pair->addWidget(m_histogram = new ErrorHistogram(m_dataSpecific), 1);

    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_sentence);
    layout->addWidget(m_measure, 0, Qt::AlignLeft);
    layout->addWidget(m_dataSpecific, 100);
    layout->addWidget(m_curve = new CodeSizeCurve(page), 100);
    layout->addWidget(m_labelsRow = makeLabelsSwitch());
    layout->addStretch(1);

    auto* scroll = new QScrollArea(this);
    scroll->setWidget(page);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    page->setAutoFillBackground(false);
    scroll->viewport()->setAutoFillBackground(false);
    return scroll;
}

QWidget* PropertiesPanel::makeLabelsSwitch() {
    auto* row = new QWidget(this);
    m_labels = new SegmentedChoice(row);
    m_labels->setOptions({tr("on"), tr("off")}, {tr("Each point in the colour of its label."),
                                                 tr("All points alike: what the model knows of them.")});
    m_labels->setFixedWidth(120);
    m_labels->setAccessibleName(tr("Labels"));
    connect(m_labels, &SegmentedChoice::chosen, this, [this](int index) { Q_EMIT labelsShownChanged(index == 0); });
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    layout->addWidget(mutedLabel(tr("labels"), 12, row));
    layout->addWidget(m_labels);
    layout->addStretch(1);
    return row;
}

PropertiesPanel::Property PropertiesPanel::property() const { return static_cast<Property>(m_tabs->current()); }

QString PropertiesPanel::sentence() const {
    if (property() == Property::Unlabelled)
        return tr("The training never saw a label; colours only name the points afterwards.");
    if (!m_properties && m_isBusy) return tr("The model is being measured.");
    if (property() == Property::Lossy) return lossySentence();
    return dataSpecificSentence();
}

QString PropertiesPanel::dataSpecificSentence() const {
    if (!m_properties) return tr("Here the model meets images unlike those it was trained on.");
    const QString own = QString::fromStdString(m_properties->data);
    const QString other = QString::fromStdString(m_properties->otherData);
    const QString mnist = QStringLiteral("MNIST");
    const QString kmnist = QStringLiteral("KMNIST");
    if (other.isEmpty()) {
        const bool isKmnist = own == kmnist;
        return tr("This needs a second data set. Put %1's files beside %2's to see this.")
            .arg(isKmnist ? mnist : kmnist, isKmnist ? kmnist : mnist);
    }
    if (own == mnist && other == kmnist) return tr("Trained on MNIST, asked about KMNIST: it draws digits.");
    return tr("It has only learnt %1; %2 comes back as %1.").arg(own, other);
}

QString PropertiesPanel::lossySentence() const {
    if (!m_properties) return tr("Here is how much is lost on the way through the code.");
    if (m_properties->codeSize == 0)
        return tr("This network has skip connections: the image does not have to fit through a code.");
    if (m_properties->codeSize == 1)
        return tr("%1 pixels squeezed into 1 number: what does not fit is lost.").arg(kImagePixels);
    return tr("%1 pixels squeezed into %2 numbers: what does not fit is lost.")
        .arg(kImagePixels)
        .arg(m_properties->codeSize);
}

void PropertiesPanel::requestIfMissing() {
    // Of the labels there is nothing to measure.
    if (!m_properties && !m_isBusy && property() != Property::Unlabelled) Q_EMIT measureRequested();
}

void PropertiesPanel::applyState() {
    const bool isDataSpecific = property() == Property::DataSpecific;
    const bool isUnlabelled = property() == Property::Unlabelled;
    m_sentence->setText(sentence());
    m_measure->setVisible(!m_properties && !m_isBusy && !isUnlabelled);
    m_dataSpecific->setVisible(isDataSpecific && m_properties);
    m_strip->setVisible(m_properties && m_properties->other.outputs.count > 0);
    m_histogram->setVisible(m_properties && !m_properties->errors.empty());
    m_curve->setVisible(property() == Property::Lossy && m_properties);
    m_labelsRow->setVisible(isUnlabelled);
    applyShape();
}

void PropertiesPanel::applyShape() {
    const bool isSideBySide = width() >= kSideBySide && height() < kTall;
    m_pair->setDirection(isSideBySide ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    m_pair->setSpacing(isSideBySide ? 16 : 8);
    // Under each other, the histogram needs more of the height than two rows of images.
    m_pair->setStretch(1, isSideBySide ? 1 : 2);
}

}  // namespace zwei
