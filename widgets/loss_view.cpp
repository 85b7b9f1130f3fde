// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/loss_view.h"

#include <qcustomplot.h>

#include <QActionGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QToolButton>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "widgets/drawing/numerals.h"
#include "widgets/drawing/theme.h"
#include "widgets/readout_card.h"
#include "widgets/small_widgets.h"

namespace zwei {
namespace {

constexpr std::array kQuantities = {LossView::Quantity::NegElbo, LossView::Quantity::Reconstruction,
                                    LossView::Quantity::Kl};

QString titleOf(LossView::Quantity quantity) {
    switch (quantity) {
        case LossView::Quantity::NegElbo:
            return LossView::tr("−ELBO");
        case LossView::Quantity::Reconstruction:
            return LossView::tr("reconstruction");
        case LossView::Quantity::Kl:
            return LossView::tr("KL");
    }
    return {};
}

double valueOf(const ElboTerms& terms, LossView::Quantity quantity) {
    switch (quantity) {
        case LossView::Quantity::NegElbo:
            return terms.negElbo();
        case LossView::Quantity::Reconstruction:
            return terms.reconstruction;
        case LossView::Quantity::Kl:
            return terms.kl;
    }
    return 0;
}

/// 1, 2 or 5 times a power of ten, so that `count` such steps cover about `range`.
double niceStep(double range, int count) {
    const double raw = range / std::max(1, count);
    if (!(raw > 0) || !std::isfinite(raw)) return 1;
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    const double share = raw / power;
    return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
}

/// Ticks at whole epochs, the last of them with its unit.
class EpochTicker : public QCPAxisTicker {
protected:
    double getTickStep(const QCPRange& range) override { return std::max(1.0, niceStep(range.size(), tickCount())); }
    int getSubTickCount(double) override { return 0; }
    QVector<QString> createLabelVector(const QVector<double>& ticks, const QLocale&, QChar, int) override {
        QVector<QString> labels;
        for (const double tick : ticks) labels << (tick < 0.5 ? QString() : numberText(tick, 0));
        if (!labels.isEmpty() && !labels.last().isEmpty()) labels.last().prepend(LossView::tr("epoch "));
        return labels;
    }
};

/// As many decimals as tell two ticks apart.
class NatsTicker : public QCPAxisTicker {
protected:
    double getTickStep(const QCPRange& range) override { return m_step = niceStep(range.size(), tickCount()); }
    int getSubTickCount(double) override { return 0; }
    QString getTickLabel(double tick, const QLocale&, QChar, int) override {
        const int decimals = m_step > 0 ? std::clamp(static_cast<int>(std::ceil(-std::log10(m_step) - 1e-9)), 0, 6) : 0;
        return numberText(tick, decimals);
    }

private:
    double m_step = 1;
};

/// For ranges of more than a decade.
class LogNatsTicker : public QCPAxisTickerLog {
public:
    LogNatsTicker() { setLogBase(10); }

protected:
    int getSubTickCount(double) override { return 0; }
    QString getTickLabel(double tick, const QLocale&, QChar, int) override {
        return numberText(tick, std::clamp(static_cast<int>(std::ceil(-std::log10(tick) - 1e-9)), 0, 6));
    }
};

/// The range that shows where most of a falling curve lies: what is far above the rest, as a first epoch is, runs out
/// at the top. `values` are finite and not empty.
QCPRange robustRange(std::vector<double> values, bool mayCut) {
    std::sort(values.begin(), values.end());
    const double lowest = values.front();
    double highest = values.back();
    if (mayCut) {
        const double upperQuartile = values[values.size() * 3 / 4];
        const double fence = upperQuartile + 3 * (upperQuartile - lowest);
        highest = *std::prev(std::upper_bound(values.begin(), values.end(), fence));
    }
    return {lowest, highest};
}

}  // namespace

struct LossView::Private {
    explicit Private(LossView* view) : q(view) {}

    void buildPlot();
    void buildTools();
    void applyTheme();
    void showQuantity();
    void fillGraphs();
    void fit();
    void fitValues();
    void redraw();
    void hover(int index);
    void hoverAt(const QPoint& position);
    std::pair<double, double> values(const EpochStatistics& epoch) const;  ///< test, train; NaN where not to be drawn
    bool isEmpty() const { return history.empty(); }

    LossView* q;
    QCustomPlot* plot = nullptr;
    QCPGraph* train = nullptr;
    QCPGraph* test = nullptr;
    QCPItemStraightLine* hairline = nullptr;
    ReadoutCard* card = nullptr;
    QWidget* tools = nullptr;
    QToolButton* quantityButton = nullptr;
    QToolButton* logButton = nullptr;
    QLabel* key = nullptr;

    std::vector<EpochStatistics> history;
    Quantity quantity = Quantity::NegElbo;
    bool isLog = false;
    bool isFollowing = true;
    int hovered = -1;  ///< an index of `history`
    QString why = LossView::tr("The loss appears here after the first epoch.");
};

void LossView::Private::buildPlot() {
    plot = new QCustomPlot(q);
    plot->setObjectName(QStringLiteral("lossPlot"));
    plot->setFocusPolicy(Qt::NoFocus);
    plot->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    plot->setNoAntialiasingOnDrag(false);
    plot->installEventFilter(q);
    plot->xAxis->setTicker(QSharedPointer<EpochTicker>::create());
    // The right margin is for the half of the last tick's label.
    plot->axisRect()->setMinimumMargins(QMargins(0, 8, 28, 0));
    for (QCPAxis* axis : {plot->xAxis, plot->yAxis}) {
        axis->setBasePen(Qt::NoPen);
        axis->setTickPen(Qt::NoPen);
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLength(0, 0);
        axis->setPadding(0);
    }
    plot->xAxis->grid()->setVisible(false);
    plot->yAxis->setTickLabelPadding(8);
    plot->xAxis->setTickLabelPadding(8);

    train = plot->addGraph();
    test = plot->addGraph();
    plot->addLayer(QStringLiteral("pointer"), plot->layer(QStringLiteral("overlay")), QCustomPlot::limBelow);
    plot->layer(QStringLiteral("pointer"))->setMode(QCPLayer::lmBuffered);
    hairline = new QCPItemStraightLine(plot);
    hairline->setLayer(QStringLiteral("pointer"));
    hairline->setSelectable(false);
    hairline->setVisible(false);
    card = new ReadoutCard(plot);

    QObject::connect(plot, &QCustomPlot::mouseMove, q, [this](QMouseEvent* event) { hoverAt(event->pos()); });
    const auto letGo = [this] { isFollowing = false; };
    QObject::connect(plot, &QCustomPlot::mouseWheel, q, letGo);
    QObject::connect(plot, &QCustomPlot::mouseMove, q, [letGo](QMouseEvent* event) {
        if (event->buttons().testFlag(Qt::LeftButton)) letGo();
    });
    QObject::connect(plot, &QCustomPlot::mouseDoubleClick, q, [this] {
        fit();
        redraw();
    });
}

void LossView::Private::buildTools() {
    tools = new QWidget(q);
    tools->hide();
    auto* layout = new QHBoxLayout(tools);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);

    quantityButton = new QToolButton(tools);
    quantityButton->setPopupMode(QToolButton::InstantPopup);
    quantityButton->setFocusPolicy(Qt::TabFocus);
    quantityButton->setToolTip(tr("Which part of the loss the curves show."));
    quantityButton->setAccessibleName(tr("Quantity"));
    auto* menu = new QMenu(quantityButton);
    auto* group = new QActionGroup(menu);
    for (const Quantity choice : kQuantities) {
        QAction* action = menu->addAction(titleOf(choice), q, [this, choice] { q->setQuantity(choice); });
        action->setCheckable(true);
        action->setChecked(choice == quantity);
        group->addAction(action);
    }
    quantityButton->setMenu(menu);

    logButton = new QToolButton(tools);
    logButton->setText(tr("log"));
    logButton->setCheckable(true);
    logButton->setFocusPolicy(Qt::TabFocus);
    logButton->setToolTip(tr("A logarithmic axis, on which the late epochs can be told apart."));
    QObject::connect(logButton, &QToolButton::toggled, q, &LossView::setLogScale);

    key = new QLabel(tools);
    key->setTextFormat(Qt::RichText);
    key->setFont(Theme::font(11));
    key->setToolTip(tr("The test curve is of images the model never learns from."));

    layout->addWidget(quantityButton);
    layout->addWidget(logButton);
    layout->addSpacing(4);
    layout->addWidget(key);
}

void LossView::Private::applyTheme() {
    const Theme& theme = Theme::current();
    plot->setBackground(theme.card);
    for (QCPAxis* axis : {plot->xAxis, plot->yAxis}) {
        axis->setTickLabelFont(Theme::font(10));
        axis->setTickLabelColor(theme.muted);
    }
    plot->yAxis->grid()->setPen(QPen(theme.line, 1));
    plot->yAxis->grid()->setZeroLinePen(Qt::NoPen);
    for (const auto& [graph, colour] : {std::pair(test, theme.accent), std::pair(train, theme.muted)}) {
        graph->setPen(QPen(colour, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        graph->setAntialiased(true);
    }
    hairline->setPen(QPen(theme.muted, 1));
    key->setText(
        QStringLiteral("<span style='color:%1'>— %2</span>&nbsp;&nbsp;<span style='color:%3'>— %4</span>")
            .arg(theme.accent.name(), tr("test").toHtmlEscaped(), theme.muted.name(), tr("train").toHtmlEscaped()));
}

void LossView::Private::showQuantity() {
    quantityButton->setText(titleOf(quantity) + QStringLiteral(" ▾"));
    const auto actions = quantityButton->menu()->actions();
    for (std::size_t i = 0; i < kQuantities.size(); ++i)
        actions[static_cast<qsizetype>(i)]->setChecked(kQuantities[i] == quantity);
}

std::pair<double, double> LossView::Private::values(const EpochStatistics& epoch) const {
    const auto drawable = [this](double value) {
        const bool isDrawable = std::isfinite(value) && (!isLog || value > 0);
        return isDrawable ? value : std::numeric_limits<double>::quiet_NaN();
    };
    return {drawable(valueOf(epoch.test, quantity)), drawable(valueOf(epoch.train, quantity))};
}

void LossView::Private::fillGraphs() {
    QVector<QCPGraphData> testData;
    QVector<QCPGraphData> trainData;
    for (const EpochStatistics& epoch : history) {
        const auto [testValue, trainValue] = values(epoch);
        testData.append({static_cast<double>(epoch.epoch), testValue});
        trainData.append({static_cast<double>(epoch.epoch), trainValue});
    }
    for (const auto& [graph, data] : {std::pair(test, testData), std::pair(train, trainData)}) {
        graph->data()->set(data, true);
        // A line needs two points; one alone is a dot.
        const bool isDot =
            std::count_if(data.begin(), data.end(), [](const auto& p) { return std::isfinite(p.value); }) < 2;
        graph->setScatterStyle(isDot ? QCPScatterStyle(QCPScatterStyle::ssDisc, 6) : QCPScatterStyle::ssNone);
    }
}

void LossView::Private::fit() {
    isFollowing = true;
    if (isEmpty()) return;
    const double first = history.front().epoch;
    const double last = history.back().epoch;
    plot->xAxis->setRange(first == last ? QCPRange(first - 1, last + 1) : QCPRange(first, last));
    fitValues();
}

void LossView::Private::fitValues() {
    std::vector<double> drawn;
    for (const EpochStatistics& epoch : history) {
        const auto [testValue, trainValue] = values(epoch);
        for (const double value : {testValue, trainValue})
            if (std::isfinite(value)) drawn.push_back(value);
    }
    if (drawn.empty()) drawn = {1, 2};
    const bool mayCut = history.size() > 5 && !isLog;
    QCPRange range = robustRange(std::move(drawn), mayCut);
    if (isLog) {
        const double margin = std::max(1.02, std::pow(range.upper / range.lower, 0.06));
        range = {range.lower / margin, range.upper * margin};
        const bool isWide = range.upper / range.lower > 30;
        plot->yAxis->setTicker(isWide ? QSharedPointer<QCPAxisTicker>(new LogNatsTicker)
                                      : QSharedPointer<QCPAxisTicker>(new NatsTicker));
    } else {
        const double margin = std::max({range.size() * 0.06, std::abs(range.upper) * 1e-4, 1e-9});
        range = {range.lower - margin, range.upper + margin};
        plot->yAxis->setTicker(QSharedPointer<NatsTicker>::create());
    }
    plot->yAxis->ticker()->setTickCount(std::clamp(plot->height() / 40, 2, 6));
    plot->yAxis->setRange(range);
}

void LossView::Private::redraw() {
    plot->setVisible(!isEmpty());
    fillGraphs();
    if (isFollowing) fit();
    plot->xAxis->ticker()->setTickCount(std::clamp(plot->width() / 72, 2, 8));
    plot->replot(QCustomPlot::rpQueuedReplot);
    if (hovered >= 0) hover(hovered);
    QString summary = why;
    if (!isEmpty()) {
        const EpochStatistics& last = history.back();
        summary = tr("After epoch %1: −ELBO %2 on the test set, %3 in training.")
                      .arg(last.epoch)
                      .arg(numberText(last.test.negElbo(), 1), numberText(last.train.negElbo(), 1));
    }
    q->setAccessibleDescription(summary);
    q->update();
}

void LossView::Private::hover(int index) {
    const bool isReading = index >= 0 && index < static_cast<int>(history.size());
    hovered = isReading ? index : -1;
    hairline->setVisible(isReading);
    card->setVisible(isReading);
    if (isReading) {
        const EpochStatistics& epoch = history[static_cast<std::size_t>(index)];
        hairline->point1->setCoords(epoch.epoch, plot->yAxis->range().lower);
        hairline->point2->setCoords(epoch.epoch, plot->yAxis->range().upper);
        std::vector<QStringList> rows;
        rows.reserve(std::size(kQuantities));
        for (const Quantity row : kQuantities)
            rows.push_back(
                {titleOf(row), numberText(valueOf(epoch.test, row), 1), numberText(valueOf(epoch.train, row), 1)});
        card->setTable(tr("epoch %1").arg(epoch.epoch), {tr("test"), tr("train")}, rows);
        card->showBeside(static_cast<int>(plot->xAxis->coordToPixel(epoch.epoch)));
    }
    plot->layer(QStringLiteral("pointer"))->replot();
}

void LossView::Private::hoverAt(const QPoint& position) {
    if (isEmpty()) return;
    const double epoch = plot->xAxis->pixelToCoord(position.x());
    const auto distance = [epoch](const EpochStatistics& e) { return std::abs(e.epoch - epoch); };
    const auto nearest = std::min_element(history.begin(), history.end(),
                                          [&](const auto& a, const auto& b) { return distance(a) < distance(b); });
    hover(static_cast<int>(nearest - history.begin()));
}

LossView::LossView(QWidget* parent) : QWidget(parent), d(std::make_unique<Private>(this)) {
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Loss"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setMinimumSize(200, 96);
    d->buildPlot();
    d->buildTools();
    d->applyTheme();
    d->showQuantity();
    d->redraw();
}

LossView::~LossView() {
    // The plot dies with the widgets below this one, after `d`: its last events must not look there.
    d->plot->removeEventFilter(this);
    d->plot->disconnect(this);
}

void LossView::setHistory(std::vector<EpochStatistics> history) {
    d->history = std::move(history);
    d->hover(-1);
    d->isFollowing = true;
    d->redraw();
}

void LossView::append(const EpochStatistics& epoch) {
    d->history.push_back(epoch);
    d->redraw();
}

void LossView::clear(const QString& why) {
    d->why = why;
    setHistory({});
}

void LossView::setLogScale(bool logarithmic) {
    if (logarithmic == d->isLog) return;
    d->isLog = logarithmic;
    d->logButton->setChecked(logarithmic);
    d->plot->yAxis->setScaleType(logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    d->isFollowing = true;
    d->redraw();
}

void LossView::setQuantity(Quantity quantity) {
    d->quantity = quantity;
    d->showQuantity();
    d->isFollowing = true;
    d->redraw();
}

QWidget* LossView::tools() const { return d->tools; }

std::optional<EpochStatistics> LossView::hovered() const {
    if (d->hovered < 0) return std::nullopt;
    return d->history[static_cast<std::size_t>(d->hovered)];
}

bool LossView::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Leave) d->hover(-1);
    return QWidget::eventFilter(watched, event);
}

void LossView::keyPressEvent(QKeyEvent* event) {
    const int last = static_cast<int>(d->history.size()) - 1;
    const int from = d->hovered < 0 ? last + 1 : d->hovered;
    switch (event->key()) {
        case Qt::Key_Left:
            return d->hover(std::max(from - 1, 0));
        case Qt::Key_Right:
            return d->hover(std::min(from + 1, last));
        case Qt::Key_Home:
            return d->hover(0);
        case Qt::Key_End:
            return d->hover(last);
        case Qt::Key_Escape:
            return d->hover(-1);
        default:
            QWidget::keyPressEvent(event);
    }
}

void LossView::paintEvent(QPaintEvent*) {
    if (d->isEmpty()) return paintEmptyNote(*this, rect(), d->why);
    if (!hasFocus()) return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Theme::current().accent);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
}

void LossView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    // A pixel is left for the focus ring.
    d->plot->setGeometry(rect().adjusted(1, 1, -1, -1));
    d->redraw();
}

void LossView::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange && event->type() != QEvent::StyleChange) return;
    if (!d || !d->key) return;
    d->applyTheme();
    d->redraw();
}

}  // namespace zwei
