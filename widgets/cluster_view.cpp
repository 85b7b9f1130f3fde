// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/cluster_view.h"

#include <qcustomplot.h>

#include <cmath>
#include <functional>
#include <utility>

#include "widgets/drawing/numerals.h"
#include "widgets/drawing/smooth_image.h"
#include "widgets/drawing/theme.h"
#include "widgets/exportable_plot.h"
#include "widgets/point_cloud_plottable.h"

namespace zwei {
namespace {

constexpr double kReach = 6;  // pixels from a point that still count as on it

/// Something drawn on a layer of a plot by a plain function.
class Drawing final : public QCPLayerable {
public:
    Drawing(QCustomPlot* plot, const QString& layer, std::function<void(QPainter&)> draw)
        : QCPLayerable(plot, layer), m_draw(std::move(draw)) {}

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override { painter->setAntialiasing(false); }
    void draw(QCPPainter* painter) override {
        painter->setClipping(false);
        m_draw(*painter);
    }

private:
    std::function<void(QPainter&)> m_draw;
};

}  // namespace

/// The plot: points and axes in one buffer, cursor and hover card in another. All of it is drawn anew when the window
/// paints next, the overlay alone at once. It lets the pointer through to the view behind it.
class ClusterCanvas final : public ExportablePlot {
public:
    explicit ClusterCanvas(LatentPlaneView* view);

    PointCloudPlottable& cloud() { return *m_cloud; }
    int indexAt(QPointF pixel);

    void setFocusShown(bool shown);
    void setMessage(const QString& message);  ///< instead of points and cursor; none if empty
    void setFootnote(const QString& footnote);
    void setLatentCursor(QPointF z);
    void setNote(std::optional<HoverNote> note);

protected:
    void prepareToDraw() override;

private:
    void followView();
    void drawBase(QPainter& painter) const;
    void drawOverlay(QPainter& painter) const;

    LatentPlaneView& m_view;
    LatentPlane m_plane{{0, 0, 1, 1}, {}};
    bool m_showsFocus = false;
    QString m_message;
    QString m_footnote;
    QPointF m_cursor;
    std::optional<HoverNote> m_note;
    PointCloudPlottable* m_cloud;
    Drawing* m_overlay;
};

ClusterCanvas::ClusterCanvas(LatentPlaneView* view) : ExportablePlot(view), m_view(*view) {
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    setAutoAddPlottableToLegend(false);
    axisRect()->setAutoMargins(QCP::msNone);
    for (auto* axis : axisRect()->axes()) {
        axis->setVisible(false);
        axis->grid()->setVisible(false);
    }
    m_cloud = new PointCloudPlottable(xAxis, yAxis);
    new Drawing(this, QStringLiteral("axes"), [this](QPainter& painter) { drawBase(painter); });
    addLayer(QStringLiteral("pointer"));
    layer(QStringLiteral("pointer"))->setMode(QCPLayer::lmBuffered);
    m_overlay = new Drawing(this, QStringLiteral("pointer"), [this](QPainter& painter) { drawOverlay(painter); });
}

/// Size, area and device pixels change in many ways: they are looked up whenever they matter.
void ClusterCanvas::followView() {
    const LatentPlane plane = m_view.plane();
    if (plane == m_plane) return;
    m_plane = plane;
    m_cloud->setPlane(plane);
    const QRect square = plane.square();
    axisRect()->setMargins({square.left(), square.top(), width() - square.right() - 1, height() - square.bottom() - 1});
    invalidate();
}

int ClusterCanvas::indexAt(QPointF pixel) {
    followView();
    return m_cloud->indexAt(pixel, kReach);
}

void ClusterCanvas::setFocusShown(bool shown) {
    m_showsFocus = shown;
    redraw();
}

void ClusterCanvas::setMessage(const QString& message) {
    m_message = message;
    m_cloud->setVisible(message.isEmpty());
    redraw();
}

void ClusterCanvas::setFootnote(const QString& footnote) {
    m_footnote = footnote;
    redraw();
}

void ClusterCanvas::setLatentCursor(QPointF z) {
    m_cursor = z;
    redraw(*m_overlay->layer());
}

void ClusterCanvas::setNote(std::optional<HoverNote> note) {
    m_note = std::move(note);
    redraw(*m_overlay->layer());
}

void ClusterCanvas::prepareToDraw() {
    setBackground(QBrush(Theme::current().card));
    followView();
}

void ClusterCanvas::drawBase(QPainter& painter) const {
    if (!m_message.isEmpty()) drawPlaneMessage(painter, m_plane, m_message);
    drawPlaneAxes(painter, m_plane, m_showsFocus, m_view.axisNames());
    drawPlaneFootnote(painter, size(), m_footnote);
}

void ClusterCanvas::drawOverlay(QPainter& painter) const {
    if (!m_message.isEmpty()) return;
    drawLatentTrail(painter, m_plane, m_view.trail());
    drawPlaneCursor(painter, m_plane, m_cursor);
    const QRectF room(0, 0, width(), LatentPlane::footerIn(size()).top());
    if (m_note) drawHoverCard(painter, room, *m_note);
}

ClusterView::ClusterView(QWidget* parent)
    : LatentPlaneView(parent), m_canvas(new ClusterCanvas(this)), m_legend(new ClassLegend(this)) {
    setObjectName(QStringLiteral("clusterView"));
    setAccessibleName(tr("Clusters"));
    m_legend->installEventFilter(this);
    connect(m_legend, &ClassLegend::visibleClassesChanged, this, &ClusterView::showVisibility);
    clear(tr("Load or train a model to see where it puts the images."));
}

void ClusterView::setCodes(CodesPtr codes, std::vector<std::uint8_t> labels, std::shared_ptr<const ImageBatch> images) {
    m_codes = std::move(codes);
    m_labels = std::move(labels);
    m_images = std::move(images);
    if (isEmpty()) {
        clear(tr("There are no codes to show."));
        return;
    }
    m_canvas->setMessage({});
    setAccessibleDescription(tr("The codes of %1 images").arg(countText(m_codes->count)));
    showCodes();
}

void ClusterView::clear(const QString& why) {
    m_codes.reset();
    m_labels.clear();
    m_images.reset();
    m_legend->hide();
    m_canvas->cloud().setCodes({}, 0, 1, {});
    m_canvas->setFootnote({});
    m_canvas->setMessage(why);
    setAccessibleDescription(why);
    setHovered(-1);
}

void ClusterView::setClassNames(const QStringList& names) {
    m_classNames = names;
    m_legend->setNames(names);
    reviewHover();
}

void ClusterView::setLabelsShown(bool shown) {
    if (shown == std::exchange(m_areLabelsShown, shown) || isEmpty()) return;
    showCodes();
}

void ClusterView::showCodes() {
    m_canvas->cloud().setCodes(*m_codes, 0, 1, showsLabels() ? m_labels : std::vector<std::uint8_t>());
    m_legend->setVisible(showsLabels());
    m_canvas->setFootnote(footnote());
    m_canvas->redraw();
    reviewHover();
}

QString ClusterView::footnote() const {
    if (showsLabels()) return {};  // the legend is there
    return m_labels.empty() ? tr("every point is the code of one image") : tr("labels off");
}

bool ClusterView::isClassVisible(int index) const {
    return m_legend->visibleClasses().test(static_cast<std::size_t>(index));
}

void ClusterView::setClassVisible(int index, bool visible) {
    const ClassSet changed = m_legend->visibleClasses().set(static_cast<std::size_t>(index), visible);
    m_legend->setVisibleClasses(changed);
    showVisibility(changed);
}

void ClusterView::showVisibility(ClassSet visible) {
    for (int index = 0; index < kClasses; ++index)
        m_canvas->cloud().setGroupVisible(index, visible.test(static_cast<std::size_t>(index)));
    m_canvas->redraw();
    reviewHover();
}

void ClusterView::setPointSize(double pixels) {
    m_canvas->cloud().setPointSize(pixels);
    m_canvas->redraw();
}

void ClusterView::planeChanged() {
    m_canvas->setFocusShown(showsFocus());
    if (m_hovered >= 0) m_canvas->setNote(noteOn(m_hovered));
}

void ClusterView::cursorChanged() { m_canvas->setLatentCursor(latentCursor()); }

void ClusterView::resizeEvent(QResizeEvent* event) {
    m_canvas->setGeometry(rect());
    m_legend->setGeometry(LatentPlane::footerIn(size()));
    planeChanged();
    LatentPlaneView::resizeEvent(event);
}

/// A pointer that jumps onto the legend leaves the map without another move over it.
bool ClusterView::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_legend && event->type() == QEvent::Enter) endHover();
    return LatentPlaneView::eventFilter(watched, event);
}

void ClusterView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange) {
        m_canvas->cloud().forgetPicture();
        if (m_hovered >= 0) m_canvas->setNote(noteOn(m_hovered));
        m_canvas->redraw();
    }
    LatentPlaneView::changeEvent(event);
}

void ClusterView::hoverAt(QPointF pixel) { setHovered(m_canvas->indexAt(pixel)); }

void ClusterView::hoverEnded() { setHovered(-1); }

void ClusterView::setHovered(int index) {
    if (index == m_hovered) return;
    m_hovered = index;
    m_canvas->setNote(index < 0 ? std::nullopt : std::optional(noteOn(index)));
    if (index < 0)
        Q_EMIT hoverLeft();
    else
        Q_EMIT pointHovered(index);
}

/// The points moved, came or went under a pointer that rests.
void ClusterView::reviewHover() {
    const int index = pointer() && !isEmpty() ? m_canvas->indexAt(*pointer()) : -1;
    if (index >= 0 && index == m_hovered)
        m_canvas->setNote(noteOn(index));
    else
        setHovered(index);
}

void ClusterView::pickAt(QPointF pixel) {
    const int index = m_canvas->indexAt(pixel);
    if (index < 0) {
        LatentPlaneView::pickAt(pixel);
        return;
    }
    Q_EMIT imagePicked(index);
    Q_EMIT cursorPicked(meanOf(index));
}

QPointF ClusterView::meanOf(int index) const {
    const auto mean = m_codes->mean(index);
    const auto at = [&](int dimension) {
        return dimension < m_codes->dimensions ? double(mean[static_cast<std::size_t>(dimension)]) : 0.0;
    };
    return {at(0), at(1)};
}

QImage ClusterView::pictureOf(int index) const {
    const int side = static_cast<int>(std::lround(kHoverPicture * devicePixelRatioF()));
    return smoothInkImage(*m_images, index, side, side, Theme::current().text);
}

HoverNote ClusterView::noteOn(int index) const {
    const QPointF z = meanOf(index);
    const QString number = countText(index);
    HoverNote note;
    note.at = plane().toPixel(z);
    if (m_images && index < m_images->count) note.picture = pictureOf(index);
    note.label = labelOf(index);
    note.title = tr("image %1").arg(number);
    if (note.label) note.title = tr("%1 · image %2").arg(classTitle(*note.label), number);
    note.place = latentPointText(z, axisNames());
    return note;
}

QString ClusterView::classTitle(int label) const {
    constexpr int kWidest = 120;  // pixels; a folder may be called anything
    if (label >= m_classNames.size()) return tr("label %1").arg(label);
    return QFontMetrics(Theme::font(11)).elidedText(m_classNames[label], Qt::ElideRight, kWidest);
}

std::optional<int> ClusterView::labelOf(int index) const {
    const auto i = static_cast<std::size_t>(index);
    if (!showsLabels() || i >= m_labels.size() || m_labels[i] >= kClasses) return std::nullopt;
    return m_labels[i];
}

}  // namespace zwei
