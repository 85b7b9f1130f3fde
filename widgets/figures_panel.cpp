// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figures_panel.h"

#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QLabel>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QRegularExpression>
#include <QResizeEvent>
#include <QScrollArea>
#include <QScrollBar>
#include <QToolButton>
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "widgets/drawing/numerals.h"
#include "widgets/drawing/theme.h"
#include "widgets/small_widgets.h"

namespace zwei {
namespace {

constexpr int kTwoColumns = 420;  // this wide and wider
constexpr int kColumnGap = 24;
constexpr int kSectionGap = 8;
constexpr int kLine = 18;
constexpr int kTopLine = 22;
constexpr int kProgressSteps = 1000;
constexpr std::size_t kMostBars = 16;

/// As a spreadsheet reads it: with a hyphen, and no unit.
QString plainText(double value) { return QString::number(value, 'g', 6); }

/// "median 3x3" with a true multiplication sign.
QString withTimes(const std::string& text) {
    static const QRegularExpression factor(QStringLiteral("(\\d)x"));
    return QString::fromStdString(text).replace(factor, QStringLiteral("\\1×"));
}

QLabel* valueLabel(const QString& text, QFont::Weight weight, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    label->setFont(Theme::font(12, weight));
    return label;
}

/// The KL of each dimension as a bar with its value: the largest ones where there are many, in their order.
class KlBars : public QWidget {
public:
    KlBars(const std::vector<double>& kl, QWidget* parent) : QWidget(parent) {
        std::vector<int> order(kl.size());
        std::iota(order.begin(), order.end(), 0);
        std::stable_sort(order.begin(), order.end(), [&kl](int a, int b) {
            return kl[static_cast<std::size_t>(a)] > kl[static_cast<std::size_t>(b)];
        });
        order.resize(std::min(kMostBars, order.size()));
        std::sort(order.begin(), order.end());
        QStringList spoken;
        for (const int i : order) {
            m_rows.push_back({subscripted(QStringLiteral("z"), i + 1), kl[static_cast<std::size_t>(i)]});
            spoken << QStringLiteral("%1 %2").arg(m_rows.back().name, numberText(m_rows.back().kl, 2));
        }
        setFixedHeight(static_cast<int>(m_rows.size()) * kRow);
        setMinimumWidth(120);
        setAccessibleName(FiguresPanel::tr("KL by dimension"));
        setAccessibleDescription(spoken.join(QStringLiteral(", ")));
    }

protected:
    void paintEvent(QPaintEvent*) override {
        const Theme& theme = Theme::current();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setFont(Theme::font(11));
        int nameWidth = 0;
        int valueWidth = 0;
        double most = 1e-9;
        for (const Row& row : m_rows) {
            nameWidth = std::max(nameWidth, painter.fontMetrics().horizontalAdvance(row.name));
            valueWidth = std::max(valueWidth, painter.fontMetrics().horizontalAdvance(numberText(row.kl, 2)));
            most = std::max(most, row.kl);
        }
        QRect line(0, 0, width(), kRow);
        for (const Row& row : m_rows) {
            painter.setPen(theme.muted);
            painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, row.name);
            painter.setPen(theme.text);
            painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, numberText(row.kl, 2));
            const QRectF groove(nameWidth + 8, line.center().y() - 1, width() - nameWidth - valueWidth - 16, 4);
            painter.setPen(Qt::NoPen);
            painter.setBrush(theme.line);
            painter.drawRoundedRect(groove, 2, 2);
            painter.setBrush(theme.muted);
            const double share = std::isfinite(row.kl) ? std::clamp(row.kl / most, 0.0, 1.0) : 0;
            painter.drawRoundedRect(QRectF(groove.topLeft(), QSizeF(groove.width() * share, 4)), 2, 2);
            line.translate(0, kRow);
        }
    }

    void changeEvent(QEvent* event) override {
        QWidget::changeEvent(event);
        if (event->type() == QEvent::PaletteChange) update();
    }

private:
    static constexpr int kRow = 16;

    struct Row {
        QString name;
        double kl;
    };
    std::vector<Row> m_rows;
};

}  // namespace

/// A heading and below it lines of a name and its values. Every line is also written into `copied`.
class FigureSection : public QWidget {
public:
    FigureSection(const QString& title, QStringList& copied, QWidget* parent)
        : QWidget(parent), m_grid(new QGridLayout(this)), m_copied(copied), m_title(title) {
        m_grid->setContentsMargins(0, 0, 0, 0);
        m_grid->setHorizontalSpacing(12);
        m_grid->setVerticalSpacing(0);
        m_grid->setColumnStretch(0, 1);
        auto* heading = headingLabel(title, this);
        heading->setWordWrap(true);
        m_grid->addWidget(heading, 0, 0, 1, 3);
        m_grid->setRowMinimumHeight(0, kLine + 2);
    }

    bool isEmpty() const { return m_rows == 0; }

    /// No line where the value is missing or not finite.
    void add(const QString& name, const QString& tip, std::optional<double> value, int decimals,
             const QString& pattern = QStringLiteral("%1"), double factor = 1) {
        if (!value || !std::isfinite(*value)) return;
        addText(name, tip, pattern.arg(numberText(*value * factor, decimals)), plainText(*value));
    }

    void addText(const QString& name, const QString& tip, const QString& shown, const QString& plain) {
        const int row = addName(name, tip, QFont::Normal);
        auto* value = valueLabel(shown, QFont::Normal, this);
        value->setAccessibleName(name);
        value->setToolTip(tip);
        m_grid->addWidget(value, row, 1, 1, 2);
        copyLine({name, plain});
    }

    /// A line with two values; `strong` for the one that the others are there to be compared with.
    void addPair(const QString& name, const QString& tip, const QStringList& shown, const QStringList& plain,
                 bool strong) {
        const QFont::Weight weight = strong ? QFont::DemiBold : QFont::Normal;
        const int row = addName(name, tip, weight);
        for (int i = 0; i < 2; ++i) {
            auto* value = valueLabel(shown.value(i), weight, this);
            value->setAccessibleName(name);
            value->setToolTip(tip);
            m_grid->addWidget(value, row, i + 1);
        }
        copyLine(QStringList{m_title, name} + plain);
    }

    /// What stands over the two values.
    void addHeads(const QStringList& heads, const QStringList& tips) {
        ++m_rows;
        for (int i = 0; i < 2; ++i) {
            auto* head = mutedLabel(heads.value(i), 10, this);
            head->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
            head->setToolTip(tips.value(i));
            m_grid->addWidget(head, m_rows, i + 1);
        }
    }

    void addNote(const QString& note) {
        auto* label = mutedLabel(note, 11, this);
        label->setWordWrap(true);
        m_grid->addWidget(label, ++m_rows, 0, 1, 3);
    }

    void addWide(QWidget* widget) { m_grid->addWidget(widget, ++m_rows, 0, 1, 3); }

    void copyLine(const QStringList& parts) { m_copied << parts.join(u'\t'); }

private:
    int addName(const QString& name, const QString& tip, QFont::Weight weight) {
        auto* label = mutedLabel(name, 12, this);
        if (weight != QFont::Normal) {
            label->setFont(Theme::font(12, weight));
            label->setProperty("role", {});
        }
        label->setToolTip(tip);
        m_grid->addWidget(label, ++m_rows, 0);
        m_grid->setRowMinimumHeight(m_rows, kLine);
        return m_rows;
    }

    QGridLayout* m_grid;
    QStringList& m_copied;
    QString m_title;
    int m_rows = 0;
};

FiguresPanel::FiguresPanel(QWidget* parent) : QWidget(parent) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_top = makeTop());
    layout->addWidget(m_empty = makeEmpty(), 1);
    layout->addWidget(m_scroll = makeColumns(), 1);
    setAccessibleName(tr("Figures"));
    applyState();
}

void FiguresPanel::setFigures(std::optional<Figures> figures) {
    m_figures = std::move(figures);
    m_copied.clear();
    qDeleteAll(m_sections);
    m_sections.clear();
    if (m_figures) {
        m_copied << QStringLiteral("%1\t%2").arg(tr("data"), QString::fromStdString(m_figures->data))
                 << QStringLiteral("%1\t%2").arg(tr("test images")).arg(m_figures->images);
        addLikelihood();
        addCode();
        addImages();
        for (const RestorationFigures& restoration : m_figures->restorations) addRestoration(restoration);
    }
    arrange();
    applyState();
}

void FiguresPanel::setBusy(double share) {
    m_isBusy = true;
    m_progress->setValue(static_cast<int>(std::clamp(share, 0.0, 1.0) * kProgressSteps));
    applyState();
}

void FiguresPanel::setIdle() {
    m_isBusy = false;
    applyState();
}

void FiguresPanel::setNote(const QString& note) {
    m_note = note;
    applyState();
}

QSize FiguresPanel::sizeHint() const { return {400, 220}; }

QSize FiguresPanel::minimumSizeHint() const { return {200, 120}; }

void FiguresPanel::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    const bool wasWide = event->oldSize().width() >= kTwoColumns;
    if (wasWide != (width() >= kTwoColumns)) arrange();
}

QWidget* FiguresPanel::makeTop() {
    auto* top = new QWidget(this);
    m_explanation = new ElidedLabel(top);
    m_explanation->setFont(Theme::font(11));
    m_explanation->setProperty("role", QStringLiteral("muted"));
    m_progress = new QProgressBar(top);
    m_progress->setRange(0, kProgressSteps);
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(4);
    m_progress->setAccessibleName(tr("Progress of the measurement"));
    const auto makeTool = [top](const QString& text, const QString& tip) {
        auto* tool = new QToolButton(top);
        tool->setText(text);
        tool->setToolTip(tip);
        tool->setFocusPolicy(Qt::TabFocus);
        return tool;
    };
    m_stop = makeTool(tr("stop"), tr("Ends the measurement; nothing comes of it."));
    m_again = makeTool(tr("measure again"), tr("Measures the model as it is now."));
    m_copy = makeTool(tr("copy"), tr("Copies all figures as a table for a spreadsheet."));
    connect(m_stop, &QToolButton::clicked, this, &FiguresPanel::cancelRequested);
    connect(m_again, &QToolButton::clicked, this, &FiguresPanel::measureRequested);
    connect(m_copy, &QToolButton::clicked, this, &FiguresPanel::copy);

    top->setFixedHeight(kTopLine);
    auto* layout = new QHBoxLayout(top);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_explanation, 1);
    layout->addWidget(m_progress, 1);
    for (QToolButton* tool : {m_stop, m_again, m_copy}) layout->addWidget(tool);
    return top;
}

QWidget* FiguresPanel::makeEmpty() {
    auto* empty = new QWidget(this);
    m_emptyNote = mutedLabel({}, 11, empty);
    m_emptyNote->setWordWrap(true);
    m_emptyNote->setAlignment(Qt::AlignCenter);
    m_measure = new QPushButton(tr("Measure"), empty);
    m_measure->setFocusPolicy(Qt::TabFocus);
    m_measure->setToolTip(tr("Measures the model on all test images, which takes a while."));
    connect(m_measure, &QPushButton::clicked, this, &FiguresPanel::measureRequested);
    auto* layout = new QVBoxLayout(empty);
    layout->setContentsMargins(16, 0, 16, 0);
    layout->setSpacing(12);
    layout->addStretch(1);
    layout->addWidget(m_emptyNote);
    layout->addWidget(m_measure, 0, Qt::AlignHCenter);
    layout->addStretch(1);
    return empty;
}

QScrollArea* FiguresPanel::makeColumns() {
    auto* columns = new QWidget;
    auto* layout = new QHBoxLayout(columns);
    layout->setContentsMargins(0, 0, 4, 0);
    layout->setSpacing(kColumnGap);
    for (QVBoxLayout** column : {&m_left, &m_right}) {
        auto* holder = new QWidget(columns);
        *column = new QVBoxLayout(holder);
        (*column)->setContentsMargins(0, 0, 0, 0);
        (*column)->setSpacing(kSectionGap);
        (*column)->addStretch(1);
        layout->addWidget(holder, 1);
    }
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(columns);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::TabFocus);  // the arrow keys scroll
    columns->setAutoFillBackground(false);
    scroll->viewport()->setAutoFillBackground(false);
    return scroll;
}

FigureSection* FiguresPanel::addSection(const QString& title) {
    m_sections.push_back(new FigureSection(title, m_copied, m_left->parentWidget()));
    return m_sections.back();
}

void FiguresPanel::addLikelihood() {
    const Figures& figures = *m_figures;
    const auto& byDimension = figures.klByDimension;
    FigureSection& section = *addSection(tr("Likelihood"));
    const bool isVariational = !byDimension.empty() || figures.activeDimensions || figures.elbo.kl > 0;
    if (isVariational)
        section.add(tr("−ELBO"), tr("Reconstruction and KL together, in nats an image: lower is better."),
                    figures.elbo.negElbo(), 1);
    section.add(tr("reconstruction"), tr("How badly a test image is drawn again from its own code, in nats an image."),
                figures.elbo.reconstruction, 1);
    if (isVariational)
        section.add(tr("KL"), tr("How much the codes say beyond the prior, in nats an image."), figures.elbo.kl, 1);
    if (!byDimension.empty()) {
        auto* bars = new KlBars(byDimension, &section);
        bars->setToolTip(tr("The KL of each coordinate of the code, in nats an image: one near 0 says nothing."));
        section.addWide(bars);
        if (byDimension.size() > kMostBars) section.addNote(tr("and %1 more").arg(byDimension.size() - kMostBars));
        for (std::size_t i = 0; i < byDimension.size(); ++i)
            section.copyLine({QStringLiteral("%1 z%2").arg(tr("KL")).arg(i + 1), plainText(byDimension[i])});
    }
    if (figures.activeDimensions) {
        const QString active = QString::number(*figures.activeDimensions);
        section.addText(tr("active dimensions"),
                        tr("Coordinates of the code whose mean varies from image to image (by more than 0.01)."),
                        byDimension.empty() ? active : tr("%1 of %2").arg(active).arg(byDimension.size()), active);
    }
    addLogLikelihood(section);
}

void FiguresPanel::addLogLikelihood(FigureSection& section) {
    const Figures& figures = *m_figures;
    if (figures.binarisedElbo)
        section.add(tr("−ELBO, binarised"),
                    tr("−ELBO of test images drawn in black and white, where a grey is the chance of white."),
                    figures.binarisedElbo->negElbo(), 1);
    if (!figures.logLikelihood) return;
    section.add(tr("log-likelihood"),
                tr("How probable the model holds a test image in black and white, by importance sampling, in nats: "
                   "higher is better."),
                figures.logLikelihood, 1);
    section.addNote(
        tr("%1 samples, %2 images, binarised").arg(countText(figures.samples), countText(figures.likelihoodImages)));
    section.copyLine({tr("samples"), QString::number(figures.samples)});
    section.copyLine({tr("images of the log-likelihood"), QString::number(figures.likelihoodImages)});
}

void FiguresPanel::addCode() {
    const Figures& figures = *m_figures;
    FigureSection& section = *addSection(tr("Code"));
    const QString percent = QStringLiteral("%1%");
    section.add(tr("1-NN accuracy"), tr("How often the training code nearest to a test code has the same label."),
                figures.accuracy1, 1, percent, 100);
    section.add(tr("5-NN accuracy"), tr("How often the five training codes nearest to a test code vote for its label."),
                figures.accuracy5, 1, percent, 100);
    section.add(tr("trustworthiness"),
                tr("Whether the 5 codes nearest to a code are of images that are alike too: 1 where all are."),
                figures.trustworthiness, 3);
    section.add(tr("distance to N(0, I)"),
                tr("How far the codes lie from the prior, by the sliced Wasserstein distance: 0 where they follow it."),
                figures.priorDistance, 3);
}

void FiguresPanel::addImages() {
    const Figures& figures = *m_figures;
    FigureSection& section = *addSection(tr("Images"));
    section.add(tr("MSE"), tr("Mean squared error of a pixel against the clean image, for greys from 0 to 1."),
                figures.reconstruction.mse, 4);
    section.add(tr("PSNR"), tr("Peak signal-to-noise ratio: the squared error in decibels, higher is better."),
                figures.reconstruction.psnr, 1, tr("%1 dB"));
    section.add(tr("SSIM"), tr("Structural similarity to the clean image, over small windows: 1 where they are equal."),
                figures.reconstruction.ssim, 3);
    section.add(tr("BCE a pixel"), tr("Cross-entropy between what comes out and the clean image, in nats a pixel."),
                figures.bernoulli, 4);
    section.add(
        tr("above its floor"),
        tr("How far the cross-entropy is above the least it can be, since a grey pixel costs even where it comes "
           "out right."),
        figures.bernoulli - figures.bernoulliFloor, 4);
}

void FiguresPanel::addRestoration(const RestorationFigures& restoration) {
    const QString input = withTimes(restoration.input);
    FigureSection& section = *addSection(tr("Restoration: %1").arg(input));
    section.addHeads({tr("PSNR, dB"), tr("SSIM")},
                     {tr("Peak signal-to-noise ratio: the squared error in decibels, higher is better."),
                      tr("Structural similarity to the clean image, over small windows: 1 where they are equal.")});
    for (const auto& [method, quality, bernoulli] : restoration.rows) {
        const bool isModel = method == "model";
        const QString tip = isModel             ? tr("What the model makes of the degraded images.")
                            : method == "input" ? tr("The degraded images as they are.")
                                                : tr("What a filter that has learnt nothing makes of them.");
        section.addPair(withTimes(method), tip, {numberText(quality.psnr, 2), numberText(quality.ssim, 3)},
                        {plainText(quality.psnr), plainText(quality.ssim)}, isModel);
        if (isModel)
            section.add(tr("BCE a pixel"), tr("Cross-entropy of the model's images, in nats a pixel."), bernoulli, 4);
    }
}

void FiguresPanel::arrange() {
    const bool isWide = width() >= kTwoColumns;
    std::array<int, 2> heights{};
    for (FigureSection* section : m_sections) {
        // Each group goes to the column that is shorter so far.
        const std::size_t column = isWide && heights[1] < heights[0] ? 1 : 0;
        QVBoxLayout* layout = column == 1 ? m_right : m_left;
        layout->insertWidget(layout->count() - 1, section);
        section->setVisible(!section->isEmpty());
        if (!section->isEmpty()) heights[column] += section->sizeHint().height() + kSectionGap;
    }
    m_right->parentWidget()->setVisible(isWide);
}

void FiguresPanel::applyState() {
    const bool hasFigures = m_figures.has_value();
    if (hasFigures)
        m_explanation->setFullText(
            tr("%1 test images of %2").arg(countText(m_figures->images), QString::fromStdString(m_figures->data)));
    m_explanation->setVisible(hasFigures && !m_isBusy);
    m_progress->setVisible(m_isBusy);
    m_stop->setVisible(m_isBusy);
    m_again->setVisible(hasFigures && !m_isBusy);
    m_copy->setVisible(hasFigures);
    m_top->setVisible(hasFigures || m_isBusy);

    const QString promise =
        tr("Press Measure: −ELBO, log-likelihood, neighbours, image quality, all on the test images.");
    m_emptyNote->setText(m_isBusy ? tr("The test images are being measured.") : m_note.isEmpty() ? promise : m_note);
    m_measure->setVisible(!m_isBusy);
    m_empty->setVisible(!hasFigures);
    m_scroll->setVisible(hasFigures);
}

void FiguresPanel::copy() const { QGuiApplication::clipboard()->setText(m_copied.join(u'\n') + u'\n'); }

}  // namespace zwei
