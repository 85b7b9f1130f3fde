// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/way_view.h"

#include <QEvent>
#include <QPainter>
#include <QPolygonF>
#include <QPushButton>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "widgets/drawing/numerals.h"
#include "widgets/drawing/theme.h"
#include "widgets/image_strip.h"
#include "widgets/image_view.h"
#include "widgets/small_widgets.h"

namespace zwei {
namespace {

constexpr int kGap = 12;
constexpr int kLine = 16;  // of 11 px
constexpr int kLeastPlotWidth = 176;
constexpr int kMostPlotWidth = 480;
constexpr int kSmallestSide = 64;
constexpr int kLargestSide = 340;

}  // namespace

/// The error over the steps of a search, with its least and its greatest value at the axis.
class ErrorPlot final : public QWidget {
public:
    explicit ErrorPlot(QWidget* parent) : QWidget(parent) { setAccessibleName(WayView::tr("Error of each step")); }

    void setSteps(const std::vector<CodeStep>& steps) {
        m_errors.clear();
        for (const CodeStep& step : steps)
            if (std::isfinite(step.error)) m_errors.push_back(step.error);
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override {
        if (m_errors.size() < 2) return paintEmptyNote(*this, rect(), WayView::tr("A search draws its error here."));
        const auto [least, most] = std::minmax_element(m_errors.begin(), m_errors.end());
        const QString low = numberText(*least, 1);
        const QString high = numberText(*most, 1);

        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setFont(Theme::font(10));
        const QFontMetrics metrics = painter.fontMetrics();
        const int labels = std::max(metrics.horizontalAdvance(low), metrics.horizontalAdvance(high));
        const QRectF box = QRectF(rect()).adjusted(labels + 8, metrics.height() / 2.0, -5, -metrics.height() / 2.0);
        painter.setPen(Theme::current().muted);
        const auto label = [&](double y, const QString& text) {
            const QRectF at(0, y - metrics.height() / 2.0, labels, metrics.height());
            painter.drawText(at, Qt::AlignRight | Qt::AlignVCenter, text);
        };
        if (low != high) label(box.top(), high);
        label(low == high ? box.center().y() : box.bottom(), low);
        paintGrid(painter, box);
        paintLine(painter, box, *least, *most);
    }
    void changeEvent(QEvent* event) override {
        QWidget::changeEvent(event);
        if (event->type() == QEvent::PaletteChange) update();
    }

private:
    static void paintGrid(QPainter& painter, const QRectF& box) {
        painter.setPen(Theme::current().line);
        for (const double y : {box.top(), box.bottom()}) {
            const double sharp = std::floor(y) + 0.5;
            painter.drawLine(QPointF(box.left(), sharp), QPointF(box.right(), sharp));
        }
    }
    void paintLine(QPainter& painter, const QRectF& box, double least, double most) const {
        QPolygonF line;
        for (std::size_t i = 0; i < m_errors.size(); ++i) {
            const double share = most > least ? (m_errors[i] - least) / (most - least) : 0.5;
            const double along = static_cast<double>(i) / static_cast<double>(m_errors.size() - 1);
            line << QPointF(box.left() + along * box.width(), box.bottom() - share * box.height());
        }
        painter.setPen(QPen(Theme::current().accent, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.drawPolyline(line);
        painter.setPen(Qt::NoPen);
        painter.setBrush(Theme::current().accent);
        painter.drawEllipse(line.last(), 3.5, 3.5);
    }

    std::vector<double> m_errors;  ///< nats an image
};

WayView::WayView(QWidget* parent)
    : QWidget(parent),
      m_errors(new ElidedLabel(this)),
      m_plot(new ErrorPlot(this)),
      m_button(new QPushButton(this)),
      m_nearest(new ImageStrip(kNearest, this)),
      m_sentence(new QLabel(this)) {
    for (std::size_t i = 0; i < kImages; ++i) {
        m_images[i] = new ImageView(this);
        m_captions[i] = new ElidedLabel(this);
        m_captions[i]->setAlignment(Qt::AlignCenter);
        m_captions[i]->setFont(Theme::font(11));
        setStyleProperty(*m_captions[i], "role", QStringLiteral("muted"));
    }
    m_errors->setFont(Theme::font(11));
    m_errors->setObjectName(QStringLiteral("wayErrors"));
    m_sentence->setObjectName(QStringLiteral("waySentence"));
    m_sentence->setWordWrap(true);
    m_sentence->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_nearest->setObjectName(QStringLiteral("wayNearest"));
    m_nearest->setAccessibleName(tr("Nearest training images"));
    m_nearest->setToolTip(tr("The training images that look most like this one, pixel by pixel."));
    m_button->setObjectName(QStringLiteral("wayButton"));
    m_button->setToolTip(tr("Looks for a code that draws the image better than the encoder's answer does."));
    connect(m_button, &QPushButton::clicked, this, [this] {
        if (m_isSearching)
            Q_EMIT stopRequested();
        else
            Q_EMIT startRequested();
    });
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Way of a digit through the latent space"));
    setSearching(false);
    clear(tr("How a digit lies in the latent space appears here."));
}

void WayView::setWay(std::shared_ptr<const LatentWay> way) {
    m_way = std::move(way);
    showParts();
    if (!m_way) return;
    showImages();
    showErrors();
    showClasses();
    showNearest();
    arrange();
}

void WayView::setSearching(bool isSearching) {
    m_isSearching = isSearching;
    m_button->setText(isSearching ? tr("Stop") : tr("Search"));
}

void WayView::clear(const QString& why) {
    m_way = nullptr;
    m_why = why;
    setAccessibleDescription(why);
    showParts();
}

QSize WayView::sizeHint() const { return {720, 200}; }

QSize WayView::minimumSizeHint() const {
    return {3 * (kSmallestSide + kGap) + kLeastPlotWidth, kSmallestSide + 4 * kLine + kGap};
}

bool WayView::event(QEvent* event) {
    if (event->type() == QEvent::LayoutRequest) arrange();
    return QWidget::event(event);
}

void WayView::paintEvent(QPaintEvent*) {
    if (!m_way) paintEmptyNote(*this, rect(), m_why);
}

void WayView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    arrange();
}

void WayView::showImages() {
    const auto show = [this](std::size_t place, const ImageBatch& images, int index, const QString& caption,
                             const QString& whyNot) {
        m_captions[place]->setFullText(caption);
        m_images[place]->setAccessibleName(caption);
        if (index >= 0 && index < images.count)
            m_images[place]->setImage(images, index);
        else
            m_images[place]->clear(whyNot);
    };
    const int steps = static_cast<int>(m_way->steps.size()) - 1;
    const bool hasSearched = steps > 0;
    QString last = tr("after the search");
    if (hasSearched) last = steps == 1 ? tr("after 1 step") : tr("after %1 steps").arg(steps);
    show(0, m_way->encoded, 0, tr("in"), {});
    show(1, m_way->decoded, 0, tr("encoder's answer"), {});
    show(2, m_way->decoded, hasSearched ? m_way->decoded.count - 1 : -1, last, tr("not searched yet"));
}

void WayView::showErrors() {
    m_plot->setSteps(m_way->steps);
    QString text;
    if (!m_way->steps.empty()) {
        const int steps = static_cast<int>(m_way->steps.size()) - 1;
        const QString from = numberText(m_way->steps.front().error, 1);
        const QString to = numberText(m_way->steps.back().error, 1);
        if (steps == 0)
            text = tr("%1 nats").arg(from);
        else if (steps == 1)
            text = tr("%1 → %2 nats in 1 step").arg(from, to);
        else
            text = tr("%1 → %2 nats in %3 steps").arg(from, to, countText(steps));
    }
    m_errors->setFullText(text);
    setAccessibleDescription(text);
}

void WayView::setClassNames(const QStringList& names) { m_classNames = names; }

QString WayView::sentence() const {
    if (!m_way->inClass || !m_way->outClass)
        return tr("The data set has no labels that could tell what this is, and what it becomes.");
    const int in = *m_way->inClass;
    const int out = *m_way->outClass;
    if (!m_classNames.isEmpty()) {
        const QString inName = m_classNames.value(in), outName = m_classNames.value(out);
        return in == out ? tr("It stays “%1”.").arg(outName)
                         : tr("The code turns this “%1” into “%2”.").arg(inName, outName);
    }
    const bool isEight = out == 8;  // whose article is another
    if (in == out) return isEight ? tr("It stays an %1.").arg(out) : tr("It stays a %1.").arg(out);
    return isEight ? tr("The code turns this %1 into an %2.").arg(in).arg(out)
                   : tr("The code turns this %1 into a %2.").arg(in).arg(out);
}

void WayView::showClasses() {
    const bool isOther = m_way->inClass && m_way->outClass && *m_way->inClass != *m_way->outClass;
    m_sentence->setText(sentence());
    m_sentence->show();
    setStyleProperty(*m_sentence, "role", isOther ? QStringLiteral("warning") : QStringLiteral("muted"));
}

void WayView::showNearest() {
    if (m_way->nearest.count == 0) return m_nearest->setNote({});
    std::vector<int> indices(static_cast<std::size_t>(m_way->nearest.count));
    std::iota(indices.begin(), indices.end(), 0);
    m_nearest->setImages(m_way->nearest, indices, m_way->nearestLabels);
}

void WayView::showParts() {
    for (std::size_t i = 0; i < kImages; ++i) {
        m_images[i]->setVisible(m_way != nullptr);
        m_captions[i]->setVisible(m_way != nullptr);
    }
    m_errors->setVisible(m_way != nullptr);
    m_plot->setVisible(m_way != nullptr);
    m_button->setVisible(m_way != nullptr);
    m_nearest->setVisible(m_way != nullptr);
    m_sentence->setVisible(m_way != nullptr && !m_sentence->text().isEmpty());
    update();
}

/// The images are squares as large as there is room for; the plot, with its text above and the button below, is as
/// high as they are with their captions.
void WayView::arrange() {
    if (!m_way) return;
    const bool hasSentence = !m_sentence->text().isEmpty();
    const int below = hasSentence ? m_sentence->heightForWidth(width()) + kGap / 2 : 0;
    const int plotLeast = std::max(kLeastPlotWidth, width() / 4);
    const int wide = (width() - plotLeast) / static_cast<int>(kImages) - kGap;
    const int side = std::clamp(std::min(wide, height() - below - kLine), kSmallestSide, kLargestSide);
    const int high = side + kLine;
    const int plotWidth = std::min(width() - static_cast<int>(kImages) * (side + kGap), kMostPlotWidth);
    const int top = std::max(0, (height() - high - below) / 2);

    int left = 0;
    for (std::size_t i = 0; i < kImages; ++i, left += side + kGap) {
        m_images[i]->setGeometry(left, top, side, side);
        m_captions[i]->setGeometry(left, top + side, side, kLine);
    }
    const QSize button(std::max(72, m_button->sizeHint().width()), m_button->sizeHint().height());
    m_errors->setGeometry(left, top, plotWidth, kLine);
    m_button->setGeometry(left, top + high - button.height(), button.width(), button.height());
    const int beside = left + button.width() + kGap;
    m_nearest->setGeometry(
        beside, m_button->y(),
        std::max(0, std::min(plotWidth - button.width() - kGap, kNearest * (button.height() + kGap))), button.height());
    const int plotTop = top + kLine + kSpace;
    m_plot->setGeometry(left, plotTop, plotWidth, std::max(0, m_button->y() - kSpace - plotTop));
    m_sentence->setGeometry(0, top + high + kGap / 2, width(), std::max(0, below - kGap / 2));
}

}  // namespace zwei
