// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/restoration_view.h"

#include <QKeyEvent>
#include <QPainter>
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <utility>

#include "widgets/drawing/numerals.h"
#include "widgets/drawing/theme.h"

namespace zwei {
namespace {

constexpr int kSmallestTile = 14;  // in a low view
constexpr int kUsefulTile = 20;    // rather than smaller ones, fewer digits are shown
constexpr int kLargestTile = 96;
constexpr int kRollingTile = 40;  // where not all digits fit anyway
constexpr int kDigitGap = 4;
constexpr int kMethodGap = 4;
constexpr int kRowGap = 2;
constexpr int kMostGap = 24;    // a wide view sets tiles apart by no more
constexpr int kTextLine = 15;   // of 11 px
constexpr int kSmallLine = 14;  // of 10 px
constexpr int kPsnrWidth = 48;
constexpr int kSsimWidth = 36;
constexpr int kFiguresGap = 8;
constexpr int kLongestName = 104;

// An id is that of its method and that of its digit.
constexpr int kIds = 8;
constexpr int kDigitId = 0;
constexpr int kNoisyId = 1;
constexpr int kRestoredId = 2;  // the first of them
constexpr int kDifferenceId = 7;

QString psnrText(const ImageQuality& quality) { return RestorationView::tr("%1 dB").arg(numberText(quality.psnr, 1)); }

QString ssimText(const ImageQuality& quality) { return numberText(quality.ssim, 3); }

struct RowOfTiles {
    int side = 0;
    int count = 0;
};

/// As large as `count` tiles in a row of `room` can be, or as many as fit where that is too small; `most` is what there
/// is across them.
RowOfTiles fitted(int room, int most, int count) {
    most = std::clamp(most, kSmallestTile, kLargestTile);
    const int side = (room + kDigitGap) / count - kDigitGap;
    if (side >= kUsefulTile) return {std::min(side, most), count};
    const int rolling = std::min(most, kRollingTile);
    return {rolling, std::clamp((room + kDigitGap) / (rolling + kDigitGap), 1, count)};
}

int nameWidth(const QWidget& view, const QStringList& names) {
    const QFontMetrics metrics(Theme::font(11), &view);
    int width = 0;
    for (const QString& name : names) width = std::max(width, metrics.horizontalAdvance(name));
    return std::min(width, kLongestName);
}

void drawElided(QPainter& painter, const QRect& box, Qt::Alignment alignment, const QString& text) {
    painter.drawText(box, static_cast<int>(alignment | Qt::AlignVCenter),
                     painter.fontMetrics().elidedText(text, Qt::ElideRight, box.width()));
}

}  // namespace

struct RestorationView::Method {
    int id = 0;
    QString name;
    const ImageBatch* images = nullptr;
    const ImageQuality* quality = nullptr;  ///< null where it says nothing about this method
    bool isBest = false;
};

RestorationView::RestorationView(QWidget* parent) : TileView(parent), m_modelName(tr("model")) {
    setAccessibleName(tr("Restored digits"));
    clear(tr("Digits, and what takes noise off them, appear here."));
}

void RestorationView::setDigits(std::shared_ptr<const RestoredDigits> digits) {
    m_digits = std::move(digits);
    m_current = std::clamp(m_current, 0, std::max(0, count() - 1));
    makeDifferences();
    layOutAgain();
    describe();
}

void RestorationView::setCurrent(int digit) {
    digit = std::clamp(digit, 0, std::max(0, count() - 1));
    if (digit == m_current) return;
    m_current = digit;
    const int marked = selectedTile();
    if (marked >= 0) moveSelectionTo(digit * kIds + tiles()[static_cast<std::size_t>(marked)].id % kIds);
    layOutAgain();
}

void RestorationView::setModelName(const QString& name) {
    m_modelName = name;
    layOutAgain();
    describe();
}

void RestorationView::clear(const QString& why) {
    setNote(why);
    setAccessibleDescription(why);
    m_digits = nullptr;
    m_differences = {};
    m_chosen.reset();
    m_current = m_first = 0;
    moveSelectionTo(-1);
    layOutAgain();
}

int RestorationView::shownDigits() const { return count() > 0 ? m_layout.digits : 0; }

QSize RestorationView::sizeHint() const { return {640, 190}; }

/// Seven methods one below the other, and the header.
QSize RestorationView::minimumSizeHint() const { return {280, 7 * (kSmallestTile + kRowGap) - kRowGap}; }

std::vector<TileView::Tile> RestorationView::layOut() {
    const auto shown = methods();
    if (shown.empty()) return {};
    const int methodCount = static_cast<int>(shown.size());
    const Layout rows = rowLayout(methodCount);
    const Layout columns = columnLayout(methodCount);
    const bool areColumnsBetter =
        columns.digits == rows.digits ? columns.side >= rows.side : columns.digits > rows.digits;
    m_layout = areColumnsBetter ? columns : rows;

    // A click does not move the tiles: only a digit that is out of sight does.
    if (m_current < m_first || m_current >= m_first + m_layout.digits) m_first = m_current - m_layout.digits / 2;
    m_first = std::clamp(m_first, 0, count() - m_layout.digits);

    std::vector<Tile> tiles;
    for (int digit = 0; digit < count(); ++digit) {
        const bool isShown = digit >= m_first && digit < m_first + m_layout.digits;
        for (int i = 0; i < methodCount; ++i) {
            const Method& method = shown[static_cast<std::size_t>(i)];
            if (digit >= method.images->count) continue;
            Tile tile{digit * kIds + method.id, {}, method.images, digit, {}, figuresOf(method)};
            if (isShown) tile.box = m_layout.tile(i, digit - m_first);
            tile.name = QStringLiteral("%1 %2").arg(method.name).arg(digit + 1);
            tile.isDifference = method.id == kDifferenceId;
            tiles.push_back(std::move(tile));
        }
    }
    return tiles;
}

void RestorationView::paintBeside(QPainter& painter) const {
    painter.setFont(Theme::font(11));
    if (m_layout.hasMethodsAsRows)
        paintRowTexts(painter);
    else
        paintColumnTexts(painter);
    paintMore(painter);
    paintCurrent(painter);
}

void RestorationView::tileSelected(const Tile& tile) {
    const int method = tile.id % kIds;
    if (method >= kRestoredId && method < kDifferenceId) {
        m_chosen = static_cast<Restorer>(method - kRestoredId);
        makeDifferences();
    }
    m_current = tile.id / kIds;
    layOutAgain();
    describe();
    Q_EMIT digitPicked(m_current);
}

/// An arrow at the edge goes on to digits that are not shown.
void RestorationView::keyPressEvent(QKeyEvent* event) {
    const bool isBack = event->key() == (m_layout.hasMethodsAsRows ? Qt::Key_Left : Qt::Key_Up);
    const bool isOn = event->key() == (m_layout.hasMethodsAsRows ? Qt::Key_Right : Qt::Key_Down);
    const int marked = selectedTile();
    if (marked < 0 || (!isBack && !isOn)) return TileView::keyPressEvent(event);
    const int digit = m_current + (isOn ? 1 : -1);
    if (digit < 0 || digit >= count()) return;
    setCurrent(digit);
    if (selectedTile() >= 0) selectTile(selectedTile());
}

int RestorationView::count() const { return m_digits ? m_digits->digits.count : 0; }

bool RestorationView::hasFigures() const { return m_digits->noisyQuality || best(); }

std::optional<Restorer> RestorationView::chosen() const {
    const Restored* restored = chosenRestored();
    return restored ? std::optional(restored->by) : std::nullopt;
}

const Restored* RestorationView::chosenRestored() const {
    if (!m_digits || m_digits->restored.empty()) return nullptr;
    const auto found = std::find_if(m_digits->restored.begin(), m_digits->restored.end(),
                                    [this](const Restored& restored) { return restored.by == m_chosen; });
    return found == m_digits->restored.end() ? m_digits->restored.data() : &*found;
}

const Restored* RestorationView::best() const {
    const Restored* best = nullptr;
    for (const Restored& restored : m_digits->restored)
        if (restored.quality && (!best || restored.quality->psnr > best->quality->psnr)) best = &restored;
    return best;
}

QString RestorationView::nameOf(Restorer by) const {
    switch (by) {
        case Restorer::Denoiser:
            return tr("denoiser");
        case Restorer::Model:
            return m_modelName;
        case Restorer::Components:
            return tr("PCA");
        case Restorer::Median:
            return tr("median 3 × 3");
    }
    return {};
}

QString RestorationView::figuresOf(const Method& method) const {
    if (method.id == kDifferenceId) {
        const Restored* chosen = chosenRestored();
        return tr("between the digit and %1").arg(nameOf(chosen->by));
    }
    if (!method.quality) return {};
    QString text = tr("PSNR %1, SSIM %2").arg(psnrText(*method.quality), ssimText(*method.quality));
    if (count() > 1) text += u' ' + tr("(mean of %1 digits)").arg(count());
    return method.isBest ? text + u'\n' + tr("the best of those restored") : text;
}

std::vector<RestorationView::Method> RestorationView::methods() const {
    std::vector<Method> methods;
    if (count() == 0) return methods;
    const auto qualityOf = [](const std::optional<ImageQuality>& quality) { return quality ? &*quality : nullptr; };
    methods.push_back({kDigitId, tr("digit"), &m_digits->digits});
    if (m_digits->noisy.count > 0)
        methods.push_back({kNoisyId, tr("with noise"), &m_digits->noisy, qualityOf(m_digits->noisyQuality)});
    for (const Restored& restored : m_digits->restored)
        methods.push_back({kRestoredId + static_cast<int>(restored.by), nameOf(restored.by), &restored.images,
                           qualityOf(restored.quality), &restored == best()});
    if (m_differences.count > 0) methods.push_back({kDifferenceId, tr("difference"), &m_differences});
    return methods;
}

QStringList RestorationView::methodNames() const {
    QStringList names;
    for (const Method& method : methods()) names += method.name;
    return names;
}

RestorationView::Layout RestorationView::rowLayout(int methodCount) const {
    const int left = nameWidth(*this, methodNames()) + 2 * kFiguresGap;
    const int figures = hasFigures() ? kFiguresGap + kPsnrWidth + kFiguresGap + kSsimWidth : 0;
    const int room = width() - left - figures;
    const auto sideIn = [&](int high) { return (high + kRowGap) / methodCount - kRowGap; };

    Layout made;
    made.hasMethodsAsRows = true;
    made.hasHeader = sideIn(height() - kSmallLine) >= kUsefulTile;
    const int high = height() - (made.hasHeader ? kSmallLine : 0);
    const RowOfTiles fit = fitted(room, sideIn(high), count());
    made.side = fit.side;
    made.digits = fit.count;
    const int across = std::clamp(high / methodCount, made.side + kRowGap, made.side + 3 * kDigitGap);
    const int along = made.digits > 1 ? (room - made.side) / (made.digits - 1) : 0;
    made.method = {0, across};
    made.digit = {std::clamp(along, made.side + kDigitGap, made.side + std::min(made.side / 2, kMostGap)), 0};
    const int tilesHigh = (methodCount - 1) * across + made.side;
    made.origin = {left, std::max(0, (high - tilesHigh) / 2) + height() - high};
    return made;
}

RestorationView::Layout RestorationView::columnLayout(int methodCount) const {
    const int below = hasFigures() ? 2 * kTextLine + kMethodGap : 0;
    const int across = std::min(width() / methodCount, kLargestTile + kMostGap);

    Layout made;
    made.hasHeader = true;
    const int most = across - 2 * kMethodGap;
    int room = height() - kTextLine - kMethodGap - below;
    RowOfTiles fit = fitted(room, most, count());
    if (fit.count < count()) fit = fitted(room -= kSmallLine, most, count());
    made.side = fit.side;
    made.digits = fit.count;
    made.method = {across, 0};
    const int along = made.digits > 1 ? (room - made.side) / (made.digits - 1) : 0;
    made.digit = {0, std::clamp(along, made.side + kDigitGap, made.side + 3 * kDigitGap)};
    const int tilesHigh = (made.digits - 1) * made.digit.y() + made.side;
    made.origin = {(width() - methodCount * across + across - made.side) / 2,
                   std::max(0, (room - tilesHigh) / 2) + kTextLine + kMethodGap};
    return made;
}

void RestorationView::makeDifferences() {
    m_differences = {};
    const Restored* chosen = chosenRestored();
    if (!chosen || !chosen->quality || chosen->images.pixels.size() != m_digits->digits.pixels.size()) return;
    m_differences = m_digits->digits;
    for (std::size_t i = 0; i < m_differences.pixels.size(); ++i)
        m_differences.pixels[i] =
            static_cast<std::uint8_t>(std::abs(m_differences.pixels[i] - chosen->images.pixels[i]));
}

void RestorationView::describe() {
    if (count() == 0) return;
    QStringList texts;
    for (const Method& method : methods())
        texts << (method.quality ? method.name + u' ' + psnrText(*method.quality) : method.name);
    setAccessibleDescription(tr("%1 digits: %2").arg(count()).arg(texts.join(QStringLiteral(", "))));
}

void RestorationView::paintRowTexts(QPainter& painter) const {
    const Theme& theme = Theme::current();
    const int psnrLeft = m_layout.tile(0, m_layout.digits - 1).right() + 1 + kFiguresGap;
    const auto psnrBox = [&](int top, int high) { return QRect(psnrLeft, top, kPsnrWidth, high); };
    const auto ssimBox = [&](int top, int high) {
        return QRect(psnrLeft + kPsnrWidth + kFiguresGap, top, kSsimWidth, high);
    };
    int row = 0;
    for (const Method& method : methods()) {
        const QRect first = m_layout.tile(row++, 0);
        painter.setPen(theme.muted);
        drawElided(painter, {0, first.top(), first.left() - kFiguresGap, first.height()}, Qt::AlignLeft, method.name);
        if (!method.quality) continue;
        if (method.isBest) painter.setPen(theme.text);
        painter.drawText(psnrBox(first.top(), first.height()), Qt::AlignRight | Qt::AlignVCenter,
                         psnrText(*method.quality));
        painter.drawText(ssimBox(first.top(), first.height()), Qt::AlignRight | Qt::AlignVCenter,
                         ssimText(*method.quality));
    }
    if (!m_layout.hasHeader || !hasFigures()) return;
    painter.setFont(Theme::font(10));
    painter.setPen(theme.muted);
    const int top = m_layout.origin.y() - kSmallLine;
    painter.drawText(psnrBox(top, kSmallLine), Qt::AlignRight | Qt::AlignTop, tr("PSNR"));
    painter.drawText(ssimBox(top, kSmallLine), Qt::AlignRight | Qt::AlignTop, tr("SSIM"));
}

void RestorationView::paintColumnTexts(QPainter& painter) const {
    const Theme& theme = Theme::current();
    int column = 0;
    for (const Method& method : methods()) {
        const QRect top = m_layout.tile(column, 0);
        const QRect last = m_layout.tile(column++, m_layout.digits - 1);
        const int wide = m_layout.method.x() - kMethodGap;
        const int left = top.left() + (m_layout.side - wide) / 2;
        painter.setPen(theme.muted);
        drawElided(painter, {left, top.top() - kTextLine - kMethodGap, wide, kTextLine}, Qt::AlignHCenter, method.name);
        if (!method.quality) continue;
        if (method.isBest) painter.setPen(theme.text);
        const QRect psnr(left, last.bottom() + 1 + kMethodGap, wide, kTextLine);
        painter.drawText(psnr, Qt::AlignCenter, psnrText(*method.quality));
        painter.drawText(psnr.translated(0, kTextLine), Qt::AlignCenter, ssimText(*method.quality));
    }
}

void RestorationView::paintCurrent(QPainter& painter) const {
    if (count() < 2) return;
    const int shown = m_current - m_first;
    const int last = static_cast<int>(methods().size()) - 1;
    const QRect group = m_layout.tile(0, shown).united(m_layout.tile(last, shown));
    painter.setPen(Theme::current().line);
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(QRectF(group).adjusted(-1.5, -1.5, 1.5, 1.5), 4, 4);
}

void RestorationView::paintMore(QPainter& painter) const {
    const int more = count() - m_layout.digits;
    if (more == 0) return;
    painter.setFont(Theme::font(10));
    painter.setPen(Theme::current().muted);
    const QString text = tr("+%1 more").arg(more);
    const QRect last = m_layout.tile(0, m_layout.digits - 1);
    if (m_layout.hasMethodsAsRows)
        painter.drawText(QRect(m_layout.origin.x(), m_layout.origin.y() - kSmallLine,
                               last.right() + 1 - m_layout.origin.x(), kSmallLine),
                         Qt::AlignRight | Qt::AlignTop, text);
    else
        painter.drawText(QRect(0, height() - kSmallLine, width(), kSmallLine), Qt::AlignCenter, text);
}

}  // namespace zwei
