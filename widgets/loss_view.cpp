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
#include "widgets/exportable_plot.h"
#include "widgets/loss_axes.h"
#include "widgets/readout_card.h"
#include "widgets/small_widgets.h"
#include "widgets/style_sheet.h"

namespace zwei {
namespace {

constexpr std::size_t kMostCurves = 2;

QString keyEntry(const LossCurve& curve, bool isShort) {
    const QString colour = (Theme::current().*curve.colour).name();
    const QString& name = isShort ? curve.shortName : curve.name;
    return QStringLiteral("<span style='color:%1'>— %2</span>").arg(colour, name.toHtmlEscaped());
}

}  // namespace

struct LossView::Private {
    explicit Private(LossView* view) : q(view) {}

    void buildPlot();
    void connectPlot();
    void buildTools();
    void applyTheme();
    void showKey();
    void showHistory();
    void offer();
    void showQuantity();
    void fillGraphs();
    void fit();
    void fitValues();
    void redraw();
    void hover(int index);
    void hoverAt(const QPoint& position);
    double drawable(double value) const;  ///< not a number where it cannot be drawn
    QString summary() const;
    bool isEmpty() const { return history.empty(); }

    LossView* q;
    ExportablePlot* plot = nullptr;
    std::array<QCPGraph*, kMostCurves> graphs = {};
    std::array<QCPItemStraightLine*, kMostCurves> chances = {};
    QCPItemStraightLine* hairline = nullptr;
    ReadoutCard* card = nullptr;
    QWidget* tools = nullptr;
    QToolButton* quantityButton = nullptr;
    QToolButton* logButton = nullptr;
    QLabel* key = nullptr;

    std::vector<EpochStatistics> history;
    std::vector<Quantity> offered;
    Quantity wanted = Quantity::NegElbo;
    Quantity quantity = Quantity::NegElbo;
    LossFigure figure = lossFigure(Quantity::NegElbo);
    bool isLog = false;
    bool isFollowing = true;
    int hovered = -1;  ///< an index of `history`
    QString why = LossView::tr("The loss appears here after the first epoch.");
};

void LossView::Private::buildPlot() {
    plot = new ExportablePlot(q);
    plot->setObjectName(QStringLiteral("lossPlot"));
    plot->setFocusPolicy(Qt::NoFocus);
    plot->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    plot->setNoAntialiasingOnDrag(false);
    plot->installEventFilter(q);
    plot->xAxis->setTicker(epochTicker());
    // The right margin is for the half of the last tick's label.
    plot->axisRect()->setMinimumMargins(QMargins(0, 8, 28, 0));
    for (QCPAxis* axis : {plot->xAxis, plot->yAxis}) makeQuiet(*axis);
    plot->xAxis->grid()->setVisible(false);

    // The first curve is drawn last, on top of the other.
    for (auto graph = graphs.rbegin(); graph != graphs.rend(); ++graph) *graph = plot->addGraph();
    for (QCPItemStraightLine*& chance : chances) {
        chance = new QCPItemStraightLine(plot);
        chance->setLayer(QStringLiteral("grid"));
        chance->setSelectable(false);
    }
    plot->addLayer(QStringLiteral("pointer"), plot->layer(QStringLiteral("overlay")), QCustomPlot::limBelow);
    plot->layer(QStringLiteral("pointer"))->setMode(QCPLayer::lmBuffered);
    hairline = new QCPItemStraightLine(plot);
    hairline->setLayer(QStringLiteral("pointer"));
    hairline->setSelectable(false);
    hairline->setVisible(false);
    card = new ReadoutCard(plot);
}

void LossView::Private::connectPlot() {
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
    quantityButton->setToolTip(tr("Which figures of the run the curves show."));
    quantityButton->setAccessibleName(tr("Quantity"));
    quantityButton->setMenu(new QMenu(quantityButton));

    logButton = new QToolButton(tools);
    logButton->setText(tr("log"));
    logButton->setCheckable(true);
    logButton->setFocusPolicy(Qt::TabFocus);
    logButton->setToolTip(tr("A logarithmic axis, on which the late epochs can be told apart."));
    QObject::connect(logButton, &QToolButton::toggled, q, &LossView::setLogScale);

    key = new QLabel(tools);
    key->setTextFormat(Qt::RichText);
    key->setFont(Theme::font(11));

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
    hairline->setPen(QPen(theme.muted, 1));
    for (std::size_t i = 0; i < figure.curves.size(); ++i) {
        const QColor colour = theme.*figure.curves[i].colour;
        graphs[i]->setPen(QPen(colour, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        graphs[i]->setAntialiased(true);
        chances[i]->setPen(QPen(mixed(theme.card, colour, 0.6), 1, Qt::DotLine));
    }
    showKey();
}

void LossView::Private::showKey() {
    // The title of the card is about as wide as this view, and the key should not make it wider.
    constexpr int kRoomForNames = 380;
    QStringList entries;
    for (const LossCurve& curve : figure.curves) entries << keyEntry(curve, q->width() < kRoomForNames);
    key->setText(entries.join(QStringLiteral("&nbsp;&nbsp;")));
}

void LossView::Private::showHistory() {
    offer();
    redraw();
}

void LossView::Private::offer() {
    auto now = offeredQuantities(history);
    if (now == offered) return;
    offered = std::move(now);
    QMenu* menu = quantityButton->menu();
    menu->clear();
    auto* group = new QActionGroup(menu);
    for (const Quantity choice : offered) {
        QAction* action = menu->addAction(lossFigure(choice).title, q, [this, choice] { q->setQuantity(choice); });
        action->setCheckable(true);
        group->addAction(action);
    }
    showQuantity();
}

void LossView::Private::showQuantity() {
    const bool isOffered = std::find(offered.begin(), offered.end(), wanted) != offered.end();
    quantity = isOffered ? wanted : offered.front();
    figure = lossFigure(quantity);
    const bool isChoice = offered.size() > 1;
    quantityButton->setText(isChoice ? figure.title + QStringLiteral(" ▾") : figure.title);
    quantityButton->setEnabled(isChoice);
    const auto actions = quantityButton->menu()->actions();
    for (std::size_t i = 0; i < offered.size(); ++i)
        actions[static_cast<qsizetype>(i)]->setChecked(offered[i] == quantity);
    key->setToolTip(figure.keyTip);
    applyTheme();
    isFollowing = true;
    Q_EMIT q->explanationChanged(figure.explanation);
}

double LossView::Private::drawable(double value) const {
    const bool isDrawable = std::isfinite(value) && (!isLog || value > 0);
    return isDrawable ? value : std::numeric_limits<double>::quiet_NaN();
}

void LossView::Private::fillGraphs() {
    for (std::size_t i = 0; i < graphs.size(); ++i) {
        const bool isUsed = i < figure.curves.size();
        QVector<QCPGraphData> data;
        for (const EpochStatistics& epoch : history)
            if (isUsed) data.append({static_cast<double>(epoch.epoch), drawable(figure.curves[i].value(epoch))});
        // A line needs two points; one alone is a dot.
        const auto isPoint = [](const QCPGraphData& point) { return std::isfinite(point.value); };
        const bool isDot = std::count_if(data.begin(), data.end(), isPoint) < 2;
        graphs[i]->setScatterStyle(isDot ? QCPScatterStyle(QCPScatterStyle::ssDisc, 6) : QCPScatterStyle::ssNone);
        graphs[i]->data()->set(data, true);
        const double chance = isUsed ? figure.curves[i].chance : std::numeric_limits<double>::quiet_NaN();
        chances[i]->setVisible(std::isfinite(chance));
        if (!std::isfinite(chance)) continue;
        chances[i]->point1->setCoords(0, chance);
        chances[i]->point2->setCoords(1, chance);
    }
}

void LossView::Private::fit() {
    isFollowing = true;
    if (isEmpty()) return;
    const double first = history.front().epoch;
    const double last = history.back().epoch;
    plot->xAxis->setRange(first == last ? QCPRange(first - 0.5, last + 0.5) : QCPRange(first, last));
    fitValues();
}

void LossView::Private::fitValues() {
    std::vector<double> drawn;
    const auto add = [&](double value) {
        if (std::isfinite(drawable(value))) drawn.push_back(value);
    };
    for (const LossCurve& curve : figure.curves) {
        for (const EpochStatistics& epoch : history) add(curve.value(epoch));
        add(curve.chance);
    }
    const QCPRange range = valueRange(std::move(drawn), isLog, figure.falls && history.size() > 5);
    plot->yAxis->setTicker(valueTicker(range, isLog, figure.unit));
    plot->yAxis->ticker()->setTickCount(std::clamp(plot->height() / 40, 2, 6));
    plot->yAxis->setRange(range);
}

void LossView::Private::redraw() {
    plot->setVisible(!isEmpty());
    fillGraphs();
    if (isFollowing) fit();
    plot->xAxis->ticker()->setTickCount(std::clamp(plot->width() / 72, 2, 8));
    plot->redraw();
    if (hovered >= 0) hover(hovered);
    q->setAccessibleDescription(summary());
    q->update();
}

QString LossView::Private::summary() const {
    if (isEmpty()) return why;
    const EpochStatistics& last = history.back();
    const LossFigure best = lossFigure(offered.front());
    return tr("After epoch %1: %2 %3 on the test set, %4 in training.")
        .arg(QString::number(last.epoch), best.title, numberText(best.curves[0].value(last), 1),
             numberText(best.curves[1].value(last), 1));
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
        card->setTable(tr("epoch %1").arg(epoch.epoch), {tr("test"), tr("train")}, epochRows(epoch, offered));
        card->showBeside(static_cast<int>(plot->xAxis->coordToPixel(epoch.epoch)));
    }
    plot->redraw(*plot->layer(QStringLiteral("pointer")));
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
    d->connectPlot();
    d->buildTools();
    d->showHistory();
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
    d->showHistory();
}

void LossView::append(const EpochStatistics& epoch) {
    d->history.push_back(epoch);
    d->showHistory();
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
    d->wanted = quantity;
    d->showQuantity();
    d->redraw();
}

LossView::Quantity LossView::quantity() const { return d->quantity; }

QString LossView::explanation() const { return d->figure.explanation; }

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
    d->showKey();
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
