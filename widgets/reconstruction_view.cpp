// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/reconstruction_view.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <utility>

#include "widgets/drawing/numerals.h"
#include "widgets/drawing/smooth_image.h"
#include "widgets/drawing/theme.h"
#include "widgets/small_widgets.h"

namespace zwei {
namespace {

constexpr int kLeastRows = 3;  // also how many rows the tiles of a dream are made for
constexpr int kGap = 8;        // between rows
constexpr int kColumnGap = 4;  // between columns, at least
constexpr int kLabelGap = 8;   // between a label and the first column, at least
constexpr int kSmallestTile = 16;
constexpr int kLargestTile = 96;

int labelWidth(const QWidget& view) {
    const QFontMetrics metrics(Theme::font(11), &view);
    return metrics.horizontalAdvance(ReconstructionView::tr("difference")) + 16 + kLabelGap;
}

/// Empty where there is no such figure: no two grey images differ by as much as 0 dB.
QString decibelText(double psnr) {
    return psnr > 0 ? ReconstructionView::tr("%1 dB").arg(numberText(psnr, 1)) : QString();
}

QString codeText(const std::vector<double>& code) {
    constexpr std::size_t kShown = 4;
    QStringList coordinates;
    for (std::size_t i = 0; i < std::min(code.size(), kShown); ++i)
        coordinates << subscripted(QStringLiteral("z"), static_cast<int>(i) + 1) + u' ' + coordinateText(code[i]);
    if (code.size() > kShown) coordinates << QStringLiteral("…");
    return coordinates.join(QStringLiteral("  "));
}

/// A name and below it, where there is one, a smaller remark; the two together in the middle of `box`.
void paintLabel(QPainter& painter, const QRect& box, const QString& name, const QString& remark) {
    const QFont small = Theme::font(10);
    const int wraps = Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap;
    const int remarkHeight =
        remark.isEmpty() ? 0 : QFontMetrics(small, painter.device()).boundingRect(box, wraps, remark).height();
    painter.setFont(Theme::font(11));
    const int nameHeight = painter.fontMetrics().height();
    const int top = box.top() + (box.height() - nameHeight - remarkHeight) / 2;
    painter.drawText(QRect(box.left(), top, box.width(), nameHeight), Qt::AlignLeft | Qt::AlignVCenter, name);
    painter.setFont(small);
    painter.drawText(QRect(box.left(), top + nameHeight, box.width(), remarkHeight), wraps, remark);
}

void drawTile(QPainter& painter, const QRect& box, const ImageBatch& images, int index, const QColor& ink) {
    const int pixels = static_cast<int>(box.width() * painter.device()->devicePixelRatioF());
    painter.drawImage(box, smoothInkImage(images, index, pixels, pixels, ink));
}

}  // namespace

struct ReconstructionView::Row {
    QString name;
    const ImageBatch* images;
    double psnr;  ///< dB; 0 where it says nothing about this row
    bool isDifference = false;
};

/// Where the tiles are.
struct ReconstructionView::Tiling {
    int rows = 0;
    int columns = 0;
    int side = 0;
    double pitch = 0;  ///< from one column to the next
    QPoint origin;

    int height() const { return rows * side + (rows - 1) * kGap; }

    QRect tile(int row, int column) const {
        return {origin.x() + static_cast<int>(column * pitch), origin.y() + row * (side + kGap), side, side};
    }
};

ReconstructionView::ReconstructionView(QWidget* parent)
    : QWidget(parent), m_why(tr("Test images and what the model makes of them appear here.")) {
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Live reconstructions"));
}

void ReconstructionView::setMode(Mode mode) {
    if (mode == m_mode) return;
    m_mode = mode;
    m_focused = 0;
    point(-1);
    showChanged();
    Q_EMIT modeChanged(mode);
}

void ReconstructionView::setSnapshot(std::shared_ptr<const ReconstructionSnapshot> snapshot) {
    m_snapshot = std::move(snapshot);
    if (!isDreaming()) showChanged();
    tellWhatFits();
}

void ReconstructionView::setDream(std::shared_ptr<const DreamSnapshot> dream) {
    m_dream = std::move(dream);
    if (isDreaming()) showChanged();
}

void ReconstructionView::clear(const QString& why) {
    m_why = why;
    m_dream = nullptr;
    m_snapshot = nullptr;
    showChanged();
    tellWhatFits();
}

int ReconstructionView::columns() const { return tiling(Mode::Reconstructions).columns; }

int ReconstructionView::dreamCapacity() const {
    const Tiling dream = tiling(Mode::Dream);
    return dream.rows * dream.columns;
}

QSize ReconstructionView::sizeHint() const { return {640, 184}; }

QSize ReconstructionView::minimumSizeHint() const { return {200, kLeastRows * (32 + kGap)}; }

bool ReconstructionView::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int index = cellAt(help->pos());
    if (index >= 0)
        QToolTip::showText(help->globalPos(), describe(index), this, cell(index));
    else
        QToolTip::showText(help->globalPos(), labelTip(help->pos()), this);
    return true;
}

void ReconstructionView::paintEvent(QPaintEvent*) {
    if (shownCount() == 0) return paintEmptyNote(*this, rect(), note());
    QPainter painter(this);
    painter.drawPixmap(0, 0, sheet());
    painter.setPen(Theme::current().muted);
    paintLabels(painter);
    paintMark(painter);
}

void ReconstructionView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    point(-1);
    showChanged();
    tellWhatFits();
}

void ReconstructionView::mousePressEvent(QMouseEvent* event) {
    const int index = cellAt(event->position().toPoint());
    if (event->button() == Qt::LeftButton && index >= 0) pick(index);
}

void ReconstructionView::mouseMoveEvent(QMouseEvent* event) { point(cellAt(event->position().toPoint())); }

void ReconstructionView::leaveEvent(QEvent*) { point(-1); }

void ReconstructionView::keyPressEvent(QKeyEvent* event) {
    if (shownCount() == 0) return QWidget::keyPressEvent(event);
    const int rowLength = tiling(m_mode).columns;
    switch (event->key()) {
        case Qt::Key_Left:
            return focusCell(m_focused - 1);
        case Qt::Key_Right:
            return focusCell(m_focused + 1);
        case Qt::Key_Return:
        case Qt::Key_Enter:
            return pick(m_focused);
        case Qt::Key_Up:
            if (isDreaming()) return focusCell(m_focused < rowLength ? m_focused : m_focused - rowLength);
            break;
        case Qt::Key_Down:
            if (isDreaming())
                return focusCell(m_focused + rowLength < shownCount() ? m_focused + rowLength : m_focused);
            break;
        default:
            break;
    }
    QWidget::keyPressEvent(event);
}

void ReconstructionView::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange) return;
    m_sheet = {};
    update();
}

/// From top to bottom.
std::vector<ReconstructionView::Row> ReconstructionView::rows() const {
    const auto& of = *m_snapshot;
    const bool isRestored = of.originals.count > 0;
    std::vector<Row> rows;
    if (isRestored) rows.push_back({tr("clean"), &of.originals, 0});
    rows.push_back({tr("in"), &of.inputs, isRestored ? of.inputPsnr : 0});
    rows.push_back({tr("out"), &of.outputs, of.psnr});
    rows.push_back({tr("difference"), &of.differences, 0, true});
    return rows;
}

ReconstructionView::Tiling ReconstructionView::tiling(Mode mode) const {
    const bool hasFourRows = mode == Mode::Reconstructions && m_snapshot && m_snapshot->originals.count > 0;
    Tiling made;
    made.rows = hasFourRows ? kLeastRows + 1 : kLeastRows;
    made.side = std::clamp((height() - (made.rows - 1) * kGap) / made.rows, kSmallestTile, kLargestTile);
    if (mode == Mode::Dream) made.rows = std::max(made.rows, (height() + kGap) / (made.side + kGap));

    const int left = labelWidth(*this);
    made.columns = std::max(1, (width() - left + kColumnGap) / (made.side + kColumnGap));
    // What is left over is spread between the columns, so that the last one ends at the view's edge.
    made.pitch = made.columns > 1 ? (width() - left - made.side) / static_cast<double>(made.columns - 1) : 0;
    made.origin = {left, std::max(0, (height() - made.height()) / 2)};
    return made;
}

int ReconstructionView::shownCount() const {
    if (isDreaming()) return m_dream ? std::min(m_dream->images.count, dreamCapacity()) : 0;
    if (!m_snapshot) return 0;
    int count = std::min(static_cast<int>(m_snapshot->indices.size()), columns());
    for (const Row& row : rows()) count = std::min(count, row.images->count);
    return count;
}

/// What stands for one image: its column, or its tile of the dream.
QRect ReconstructionView::cell(int index) const {
    const Tiling tiles = tiling(m_mode);
    if (isDreaming()) return tiles.tile(index / tiles.columns, index % tiles.columns);
    return tiles.tile(0, index).united(tiles.tile(tiles.rows - 1, index));
}

int ReconstructionView::cellAt(QPoint position) const {
    for (int i = 0, count = shownCount(); i < count; ++i)
        if (cell(i).contains(position)) return i;
    return -1;
}

QString ReconstructionView::describe(int index) const {
    const auto i = static_cast<std::size_t>(index);
    if (!isDreaming()) return tr("test image %1").arg(m_snapshot->indices[i]);
    QString text = i < m_dream->codes.size() ? codeText(m_dream->codes[i]) : QString();
    if (i < m_dream->labels.size()) text = tr("dreamt as a %1").arg(m_dream->labels[i]) + u'\n' + text;
    return text;
}

QString ReconstructionView::describeAll() const {
    if (shownCount() == 0) return note();
    if (isDreaming()) return tr("%1 dreamt images, %2").arg(shownCount()).arg(dreamSource());
    QStringList names;
    for (const Row& row : rows()) names << (row.name + u' ' + decibelText(row.psnr)).trimmed();
    return tr("%1 test images in rows: %2").arg(shownCount()).arg(names.join(QStringLiteral(", ")));
}

QString ReconstructionView::labelTip(QPoint position) const {
    if (shownCount() == 0 || position.x() >= labelWidth(*this)) return {};
    if (isDreaming()) return tr("Decoded from random points, %1.").arg(dreamSource());
    const auto shown = rows();
    for (std::size_t i = 0; i < shown.size(); ++i)
        if (shown[i].psnr > 0 && labelBox(static_cast<int>(i)).contains(position))
            return tr("Peak signal-to-noise ratio against the clean image; mean of the images shown");
    return {};
}

QString ReconstructionView::dreamSource() const {
    return m_dream->isFromPrior ? tr("from the prior") : tr("from a Gaussian fitted to the codes");
}

QString ReconstructionView::note() const {
    return isDreaming() ? tr("Images that the decoder makes of random points appear here.") : m_why;
}

/// Left of a row; of the dream's label, left of all of them.
QRect ReconstructionView::labelBox(int row) const {
    const Tiling tiles = tiling(m_mode);
    const int width = tiles.origin.x() - kLabelGap;
    if (isDreaming()) return {0, tiles.origin.y(), width, tiles.height()};
    return {0, tiles.tile(row, 0).top(), width, tiles.side};
}

void ReconstructionView::showChanged() {
    m_sheet = {};
    const int count = shownCount();
    m_focused = std::clamp(m_focused, 0, std::max(0, count - 1));
    if (m_pointed >= count) point(-1);
    setFocusPolicy(count > 0 ? Qt::StrongFocus : Qt::NoFocus);
    setAccessibleDescription(describeAll());
    update();
}

void ReconstructionView::tellWhatFits() {
    const int nowColumns = columns();
    if (std::exchange(m_lastColumns, nowColumns) != nowColumns) Q_EMIT columnsChanged(nowColumns);
    const int nowCapacity = dreamCapacity();
    if (std::exchange(m_lastCapacity, nowCapacity) != nowCapacity) Q_EMIT dreamCapacityChanged(nowCapacity);
}

void ReconstructionView::point(int index) {
    if (index == m_pointed) return;
    m_pointed = index;
    setCursor(index >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    update();
}

void ReconstructionView::focusCell(int index) {
    m_focused = std::clamp(index, 0, shownCount() - 1);
    update();
}

void ReconstructionView::pick(int index) {
    focusCell(index);
    if (isDreaming())
        Q_EMIT dreamPicked(m_focused);
    else
        Q_EMIT imagePicked(m_snapshot->indices[static_cast<std::size_t>(m_focused)]);
}

void ReconstructionView::paintLabels(QPainter& painter) const {
    if (isDreaming()) return paintLabel(painter, labelBox(0), tr("dream"), dreamSource());
    const auto shown = rows();
    for (std::size_t i = 0; i < shown.size(); ++i)
        paintLabel(painter, labelBox(static_cast<int>(i)), shown[i].name, decibelText(shown[i].psnr));
}

void ReconstructionView::paintMark(QPainter& painter) const {
    const int index = hasFocus() ? m_focused : m_pointed;
    if (index < 0 || index >= shownCount()) return;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(hasFocus() ? Theme::current().accent : Theme::current().line);
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(QRectF(cell(index)).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
}

const QPixmap& ReconstructionView::sheet() {
    const double ratio = devicePixelRatioF();
    if (!m_sheet.isNull() && m_sheet.devicePixelRatio() == ratio) return m_sheet;

    m_sheet = QPixmap(size() * ratio);
    m_sheet.setDevicePixelRatio(ratio);
    m_sheet.fill(Qt::transparent);
    QPainter painter(&m_sheet);
    if (isDreaming())
        drawDream(painter);
    else
        drawReconstructions(painter);
    return m_sheet;
}

void ReconstructionView::drawReconstructions(QPainter& painter) const {
    const Theme& theme = Theme::current();
    const Tiling tiles = tiling(m_mode);
    const int count = shownCount();
    int top = 0;
    for (const Row& row : rows()) {
        for (int column = 0; column < count; ++column)
            drawTile(painter, tiles.tile(top, column), *row.images, column,
                     row.isDifference ? theme.difference : theme.text);
        ++top;
    }
}

void ReconstructionView::drawDream(QPainter& painter) const {
    for (int i = 0, count = shownCount(); i < count; ++i)
        drawTile(painter, cell(i), m_dream->images, i, Theme::current().text);
}

}  // namespace zwei
