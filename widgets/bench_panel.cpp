// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bench_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QResizeEvent>
#include <QStackedWidget>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "models/types/reconstruction.h"
#include "widgets/choice.h"
#include "widgets/drawing/ink_image.h"
#include "widgets/drawing/theme.h"
#include "widgets/drawing_canvas.h"
#include "widgets/enlargement_view.h"
#include "widgets/glyph_button.h"
#include "widgets/page_view.h"
#include "widgets/restoration_view.h"
#include "widgets/segmented_choice.h"
#include "widgets/small_widgets.h"
#include "widgets/steps_view.h"
#include "widgets/value_slider.h"
#include "widgets/way_view.h"

namespace zwei {
namespace {

constexpr int kGap = 2 * kSpace;
constexpr int kLeastLeft = 196;
constexpr int kMostLeft = 520;
constexpr int kLeastViews = 120;
constexpr int kMostOptions = 180;

QVBoxLayout* toolColumn(QWidget* owner) {
    auto* column = new QVBoxLayout(owner);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpace);
    return column;
}

}  // namespace

BenchPanel::BenchPanel(QWidget* parent)
    : QWidget(parent),
      m_source(new SegmentedChoice(this)),
      m_sources(new QStackedWidget(this)),
      m_sourceOptions(new QStackedWidget(this)),
      m_sourceTools(new QStackedWidget(this)),
      m_canvas(new DrawingCanvas(this)),
      m_page(new PageView(this)),
      m_penWidth(new ValueSlider(ValueSlider::Scale::Linear, DrawingCanvas::kLeastWidth, DrawingCanvas::kLargestWidth,
                                 m_canvas->penWidth(), this)),
      m_pen(new GlyphButton(Glyph::Pen, tr("Pen"), this)),
      m_eraser(new GlyphButton(Glyph::Eraser, tr("Eraser (or the right mouse button)"), this)),
      m_framing(new Choice(this)),
      m_position(mutedLabel({}, 11, this)),
      m_sentence(new QLabel(this)),
      m_previous(new GlyphButton(Glyph::Previous, tr("Image before this one"), this)),
      m_next(new GlyphButton(Glyph::Next, tr("Next image"), this)),
      m_shown(new SegmentedChoice(this)),
      m_views(new QStackedWidget(this)),
      m_steps(new StepsView(this)),
      m_restoration(new RestorationView(this)),
      m_enlargement(new EnlargementView(this)),
      m_way(new WayView(this)),
      m_inPlace(new PageView(this)),
      m_inPlaceBy(new Choice(this)),
      m_keep(new QToolButton(this)),
      m_keepMenu(new QMenu(this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpace);
    auto* row = new QHBoxLayout;
    row->setSpacing(2 * kGap);
    m_left = makeLeft();
    row->addWidget(m_left);
    row->addWidget(makeRight(), 1);
    column->addLayout(row, 1);
    column->addWidget(m_sentence);
    m_sentence->setObjectName(QStringLiteral("benchSentence"));
    m_sentence->setWordWrap(true);
    setStyleProperty(*m_sentence, "role", QStringLiteral("warning"));
    m_sentence->hide();
    connectDrawing();
    connectViews();
    m_page->clear(tr("Drop images here, or open or paste them"));
    clear();
    setPosition(0, 0);
    setSource(Source::Drawing);
    setShown(Shown::Restored);
}

// ---- Its parts ----

QWidget* BenchPanel::makeLeft() {
    auto* left = new QWidget(this);
    auto* column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kGap);
    m_source->setObjectName(QStringLiteral("benchSource"));
    m_source->setOptions({tr("draw"), tr("image")}, {tr("Draw digits with the mouse or a stylus."),
                                                     tr("A photograph, a scan or any other image, and its digits.")});
    m_source->setFixedWidth(104);
    // None of their pages makes the bench larger than it is.
    m_sourceOptions->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_sourceTools->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Ignored);
    m_sources->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Ignored);
    m_sourceOptions->addWidget(makePenWidth());
    m_sourceOptions->addWidget(makeFraming());
    m_sourceOptions->setFixedHeight(m_source->height());
    m_sourceOptions->setMaximumWidth(kMostOptions);
    m_sourceTools->addWidget(makeDrawingTools());
    m_sourceTools->addWidget(makePageTools());
    m_sourceTools->setFixedWidth(kPanelControl);
    m_sources->addWidget(m_canvas);
    m_sources->addWidget(m_page);
    auto* top = new QHBoxLayout;
    top->setSpacing(kGap);
    top->addWidget(m_source);
    top->addWidget(m_sourceOptions, 1);
    auto* below = new QHBoxLayout;
    below->setSpacing(kSpace);
    below->addWidget(m_sourceTools);
    below->addWidget(m_sources, 1);
    column->addLayout(top);
    column->addLayout(below, 1);
    return left;
}

QWidget* BenchPanel::makeDrawingTools() {
    auto* tools = new QWidget(this);
    auto* column = toolColumn(tools);
    auto* undo = new GlyphButton(Glyph::Undo, tr("Undo"), this);
    auto* redo = new GlyphButton(Glyph::Redo, tr("Redo"), this);
    auto* clearDrawing = new GlyphButton(Glyph::Close, tr("Clear the drawing"), this);
    undo->setObjectName(QStringLiteral("undoDrawing"));
    redo->setObjectName(QStringLiteral("redoDrawing"));
    clearDrawing->setObjectName(QStringLiteral("clearDrawing"));
    m_pen->setCheckable(true);
    m_eraser->setCheckable(true);
    m_pen->setChecked(true);
    for (auto* button : {m_pen, m_eraser, undo, redo, clearDrawing}) column->addWidget(button);
    column->addStretch(1);
    auto& stack = m_canvas->undoStack();
    undo->setEnabled(false);
    redo->setEnabled(false);
    connect(&stack, &QUndoStack::canUndoChanged, undo, &QWidget::setEnabled);
    connect(&stack, &QUndoStack::canRedoChanged, redo, &QWidget::setEnabled);
    connect(undo, &QToolButton::clicked, &stack, &QUndoStack::undo);
    connect(redo, &QToolButton::clicked, &stack, &QUndoStack::redo);
    connect(clearDrawing, &QToolButton::clicked, m_canvas, &DrawingCanvas::clear);
    return tools;
}

QWidget* BenchPanel::makePenWidth() {
    m_penWidth->setObjectName(QStringLiteral("penWidth"));
    m_penWidth->setAccessibleName(tr("Width of the pen"));
    m_penWidth->setToolTip(tr("Width of the pen and of the eraser."));
    m_penWidth->setSteps({1, 2, 8});
    return m_penWidth;
}

QWidget* BenchPanel::makeFraming() {
    m_framing->setObjectName(QStringLiteral("benchFraming"));
    m_framing->setAccessibleName(tr("What of the image is looked at"));
    m_framing->setToolTip(
        tr("Find each digit; or take all ink as one; or make the whole image 28 × 28 as it is. Frames can be moved, "
           "drawn and, with Delete, taken away."));
    m_framing->addItems({tr("find digits"), tr("one digit"), tr("as 28 × 28")});
    connect(m_framing, &QComboBox::activated, this,
            [this](int framing) { Q_EMIT framingChosen(static_cast<Framing>(framing)); });
    return m_framing;
}

QWidget* BenchPanel::makePageTools() {
    auto* tools = new QWidget(this);
    auto* column = toolColumn(tools);
    auto* again = new GlyphButton(Glyph::Again, tr("Find the digits again"), this);
    auto* open = new GlyphButton(Glyph::Open, tr("Open images"), this);
    open->setObjectName(QStringLiteral("benchOpen"));
    again->setObjectName(QStringLiteral("benchAgain"));
    for (auto* button : {open, again, m_next, m_previous}) column->addWidget(button);
    column->addWidget(m_position);
    column->addStretch(1);
    m_position->setAlignment(Qt::AlignCenter);
    connect(again, &QToolButton::clicked, this, &BenchPanel::boxesForgotten);
    connect(open, &QToolButton::clicked, this, &BenchPanel::openRequested);
    connect(m_previous, &QToolButton::clicked, this, [this] { Q_EMIT goRequested(-1); });
    connect(m_next, &QToolButton::clicked, this, [this] { Q_EMIT goRequested(1); });
    return tools;
}

QWidget* BenchPanel::makeRight() {
    auto* right = new QWidget(this);
    auto* column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kGap);
    m_shown->setObjectName(QStringLiteral("benchShown"));
    m_shown->setOptions(
        {tr("steps"), tr("denoised"), tr("enlarged"), tr("way"), tr("in place")},
        {tr("How the image is made like those of MNIST, step by step."), tr("What takes the noise off, side by side."),
         tr("Made small, and enlarged twice and four times."), tr("Its way through the latent space of the model."),
         tr("The denoised digits in their place on the image.")});
    m_shown->setMinimumWidth(300);
    m_shown->setMaximumWidth(360);
    m_inPlaceBy->setObjectName(QStringLiteral("benchInPlaceBy"));
    m_inPlaceBy->setAccessibleName(tr("Whose digits are put back"));
    m_inPlaceBy->addItems({tr("denoiser"), tr("model"), tr("PCA"), tr("median")});
    m_keep->setObjectName(QStringLiteral("benchKeep"));
    m_keep->setText(tr("Keep"));
    m_keep->setToolTip(tr("Save, copy and use what was made."));
    m_keep->setPopupMode(QToolButton::InstantPopup);
    m_keep->setMenu(m_keepMenu);
    m_keep->setFocusPolicy(Qt::TabFocus);
    auto* top = new QHBoxLayout;
    top->setSpacing(kGap);
    top->addWidget(m_shown, 1);
    top->addStretch(1);
    top->addWidget(m_inPlaceBy);
    top->addWidget(m_keep);
    m_inPlace->setBoxesShown(false);
    for (QWidget* view :
         {static_cast<QWidget*>(m_steps), static_cast<QWidget*>(m_restoration), static_cast<QWidget*>(m_enlargement),
          static_cast<QWidget*>(m_way), static_cast<QWidget*>(m_inPlace)})
        m_views->addWidget(view);
    m_views->setMinimumSize(260, kLeastViews);
    column->addLayout(top);
    column->addWidget(m_views, 1);
    return right;
}

void BenchPanel::connectDrawing() {
    connect(m_source, &SegmentedChoice::chosen, this, [this](int source) {
        setSource(static_cast<Source>(source));
        if (source == static_cast<int>(Source::Page) && m_pageImage.isNull()) clear();
        Q_EMIT sourceChanged();
    });
    const auto take = [this](DrawingCanvas::Tool tool) {
        m_canvas->setTool(tool);
        m_pen->setChecked(tool == DrawingCanvas::Tool::Pen);
        m_eraser->setChecked(tool == DrawingCanvas::Tool::Eraser);
    };
    connect(m_pen, &QToolButton::clicked, this, [take] { take(DrawingCanvas::Tool::Pen); });
    connect(m_eraser, &QToolButton::clicked, this, [take] { take(DrawingCanvas::Tool::Eraser); });
    connect(m_penWidth, &ValueSlider::valueEdited, m_canvas, &DrawingCanvas::setPenWidth);
    connect(m_canvas, &DrawingCanvas::drawn, this, [this] {
        if (source() == Source::Drawing) m_steps->setPage(m_canvas->drawing());
        Q_EMIT drawn();
    });
}

void BenchPanel::connectViews() {
    connect(m_page, &PageView::boxesEdited, this, &BenchPanel::boxesEdited);
    connect(m_page, &PageView::currentChanged, this, &BenchPanel::choose);
    connect(m_restoration, &RestorationView::digitPicked, this, &BenchPanel::choose);
    for (auto* view : {static_cast<TileView*>(m_restoration), static_cast<TileView*>(m_enlargement)}) {
        connect(view, &TileView::dragRequested, this, &BenchPanel::dragRequested);
        connect(view, &TileView::contextMenuWanted, this, [this](QPoint at) { m_keepMenu->popup(at); });
    }
    connect(m_way, &WayView::startRequested, this, &BenchPanel::searchRequested);
    connect(m_way, &WayView::stopRequested, this, &BenchPanel::stopRequested);
    connect(m_shown, &SegmentedChoice::chosen, this, [this](int shown) { setShown(static_cast<Shown>(shown)); });
    connect(m_inPlaceBy, &QComboBox::activated, this, &BenchPanel::shownChanged);
}

// ---- What it shows ----

BenchPanel::Source BenchPanel::source() const { return static_cast<Source>(m_source->current()); }

BenchPanel::Shown BenchPanel::shown() const { return static_cast<Shown>(m_shown->current()); }

void BenchPanel::setShown(Shown shown) {
    m_shown->setCurrent(static_cast<int>(shown));
    m_views->setCurrentIndex(static_cast<int>(shown));
    m_inPlaceBy->setVisible(shown == Shown::InPlace);
    Q_EMIT shownChanged();
}

Restorer BenchPanel::inPlaceRestorer() const { return static_cast<Restorer>(m_inPlaceBy->currentIndex()); }

QImage BenchPanel::drawing() const { return m_canvas->drawing(); }

void BenchPanel::setSource(Source source) {
    m_source->setCurrent(static_cast<int>(source));
    m_sources->setCurrentIndex(static_cast<int>(source));
    m_sourceOptions->setCurrentIndex(static_cast<int>(source));
    m_sourceTools->setCurrentIndex(static_cast<int>(source));
    m_steps->clear(tr("Draw or drop an image to see how it is made like those of MNIST."));
    m_steps->setPage(source == Source::Drawing ? m_canvas->drawing() : m_pageImage);
    m_current = 0;
}

void BenchPanel::showPage(const QImage& page, const QString& name) {
    m_pageImage = page;
    m_pageName = name;
    m_page->setPage(page);
    m_inPlaceImage = {};
    m_inPlace->clear(tr("Putting the digits back"));
    setSource(Source::Page);
}

void BenchPanel::setPosition(int index, int count) {
    for (QWidget* part :
         {static_cast<QWidget*>(m_previous), static_cast<QWidget*>(m_next), static_cast<QWidget*>(m_position)})
        part->setVisible(count > 1);
    m_position->setText(tr("%1/%2").arg(index + 1).arg(count));
    m_previous->setEnabled(index > 0);
    m_next->setEnabled(index + 1 < count);
}

void BenchPanel::setModelName(const QString& name) { m_restoration->setModelName(name); }

void BenchPanel::setClassNames(const QStringList& names) { m_way->setClassNames(names); }

void BenchPanel::clear() {
    const QString why = tr("Draw a digit at the left, or drop, paste or open an image of one.");
    m_restoration->clear(why);
    m_enlargement->clear(why);
    m_way->clear(why);
    m_steps->clear(why);
    m_inPlace->clear(why);
}

void BenchPanel::setNormalised(const NormalisedPage& page, Framing framing) {
    m_normalised = page;
    m_normalisedAs = framing;
    m_current = std::clamp(m_current, 0, std::max(0, page.digits.count - 1));
    m_inPlaceImage = {};
    if (source() == Source::Page) {
        m_framing->setCurrentIndex(static_cast<int>(framing));
        m_page->setBoxes(page.boxes);
        m_page->setBoxesShown(framing == Framing::Digits);
        m_page->setCurrent(page.boxes.empty() ? -1 : m_current);
    }
    showCurrent();
    if (page.digits.count > 0) return;
    const bool isEmpty = source() == Source::Drawing && m_canvas->isEmpty();
    if (isEmpty) return clear();
    const QString why = noDigitFound();
    m_restoration->clear(why);
    m_enlargement->clear(why);
    m_way->clear(why);
    m_inPlace->clear(why);
}

void BenchPanel::setRestored(std::shared_ptr<const RestoredDigits> digits) {
    m_restored = std::move(digits);
    m_inPlaceImage = {};
    if (m_restored->digits.count == 0) return;
    forgetEnlarged();
    m_restoration->setDigits(m_restored);
    m_restoration->setCurrent(m_current);
}

void BenchPanel::setEnlarged(std::shared_ptr<const EnlargedDigit> digit) { m_enlargement->setDigit(std::move(digit)); }

void BenchPanel::setWay(std::shared_ptr<const LatentWay> way, const QString& whyNone) {
    if (way->steps.empty())
        m_way->clear(whyNone);
    else
        m_way->setWay(std::move(way));
}

void BenchPanel::setSearching(bool isSearching) { m_way->setSearching(isSearching); }

void BenchPanel::setInPlace(const QImage& page, Restorer by) {
    if (by != inPlaceRestorer()) return;
    m_inPlaceImage = page;
    if (page.isNull())
        m_inPlace->clear(tr("Nothing was restored in this way: choose another one."));
    else
        m_inPlace->setPage(page);
}

void BenchPanel::tell(const QString& sentence) {
    constexpr int kMilliseconds = 12000;
    m_sentence->setText(sentence);
    showSentence(!sentence.isEmpty());
    QTimer::singleShot(kMilliseconds, m_sentence, [this, sentence] {
        if (m_sentence->text() == sentence) showSentence(false);
    });
}

/// In the room of the views: the dock does not grow for it.
void BenchPanel::showSentence(bool isShown) {
    constexpr int kLine = 20;
    m_views->setMinimumHeight(kLeastViews - (isShown ? kLine : 0));
    m_sentence->setVisible(isShown);
}

void BenchPanel::choose(int digit) {
    if (digit < 0 || digit == m_current) return;
    m_current = digit;
    m_page->setCurrent(digit);
    m_restoration->setCurrent(digit);
    forgetEnlarged();
    showCurrent();
    Q_EMIT currentChanged(digit);
}

/// It is made when it is looked at.
void BenchPanel::forgetEnlarged() {
    if (shown() != Shown::Enlarged) m_enlargement->clear(tr("Enlarging"));
}

void BenchPanel::showCurrent() {
    if (m_current < m_normalised.digits.count || m_normalised.digits.count == 0)
        m_steps->setSteps(m_normalised, m_current, m_normalisedAs == Framing::AsIs);
}

// ---- What can be kept ----

std::optional<std::pair<QImage, QString>> BenchPanel::chosenImage() const {
    const auto* view = shown() == Shown::Enlarged ? static_cast<const TileView*>(m_enlargement) : m_restoration;
    if (auto image = view->selectedImage()) return image;
    if (!m_restored || m_restored->restored.empty()) return std::nullopt;
    const auto& images = m_restored->restored.front().images;
    if (m_current >= images.count) return std::nullopt;
    return std::pair(storedImage(images, m_current), tr("denoised %1").arg(m_current + 1));
}

std::vector<std::pair<QImage, QString>> BenchPanel::allImages() const {
    auto images = m_restoration->allImages();
    for (auto& each : m_enlargement->allImages()) images.push_back(std::move(each));
    return images;
}

ImageBatch BenchPanel::currentDigit() const {
    if (m_current >= m_normalised.digits.count) return {};
    return selectImages(m_normalised.digits, {m_current});
}

QStringList BenchPanel::methodNames() const { return m_restoration->methodNames(); }

Framing BenchPanel::framing() const { return static_cast<Framing>(m_framing->currentIndex()); }

/// The left part is as wide as the drawing is high, so that neither stands in bare card.
void BenchPanel::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    const int square = height() - m_source->height() - kGap;
    const int most = std::max(kLeastLeft, std::min(kMostLeft, width() * 2 / 5));
    m_left->setFixedWidth(std::clamp(square + kPanelControl + kSpace, kLeastLeft, most));
}

}  // namespace zwei
