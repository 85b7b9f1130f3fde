// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/settings_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QStyle>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>

#include "widgets/choice.h"
#include "widgets/drawing/numerals.h"
#include "widgets/drawing/theme.h"
#include "widgets/segmented_choice.h"
#include "widgets/small_widgets.h"
#include "widgets/value_field.h"

namespace zwei {
namespace {

constexpr int kFieldWidth = 88;
constexpr int kHeading = 24;  // height of a heading's line

/// Whole numbers only: 3.5 is none, and neither is 1e3.
std::optional<int> parseInteger(const QString& text) {
    bool isInteger = false;
    const int value = text.trimmed().toInt(&isInteger);
    return isInteger ? std::optional(value) : std::nullopt;
}

/// Whole numbers between commas or blanks, each from 1 to `widest`.
std::optional<std::vector<int>> parseLayers(const QString& text, int mostLayers, int widest) {
    QString plain = text.trimmed();
    if (plain.endsWith(u',')) plain.chop(1);
    const bool hasCommas = plain.contains(u',');
    const QStringList parts = plain.split(hasCommas ? u',' : u' ', hasCommas ? Qt::KeepEmptyParts : Qt::SkipEmptyParts);
    if (parts.isEmpty() || parts.size() > mostLayers) return std::nullopt;
    std::vector<int> layers;
    for (const QString& part : parts) {
        const auto width = parseInteger(part);
        if (!width || *width < 1 || *width > widest) return std::nullopt;
        layers.push_back(*width);
    }
    return layers;
}

QString layersText(const std::vector<int>& layers) {
    QStringList parts;
    for (const int width : layers) parts << QString::number(width);
    return parts.join(QStringLiteral(", "));
}

/// 0.003, and 3e−5 where decimals would have to be counted.
QString rateText(double rate) {
    for (int decimals = 1; decimals <= 5; ++decimals) {
        const QString text = QString::number(rate, 'f', decimals);
        if (std::abs(text.toDouble() - rate) <= 1e-9 * std::abs(rate)) return text;
    }
    QString text = QString::number(rate, 'g', 6);
    return text.replace(QStringLiteral("e-0"), QStringLiteral("e-")).replace(u'-', QChar(0x2212));
}

}  // namespace

// One entry here is all that a new choice costs.
template <typename Value>
void SettingsPanel::addAxis(const QString& title, std::span<const Option<Value>> options, Value Recipe::*member) {
    if (options.size() == 1) {
        // Nothing to choose: the heading names what holds.
        QLabel* only = new QLabel(tr(options[0].title), this);
        only->setFont(Theme::font(12));
        addLine(QString(), only, tr(options[0].tip));
        auto* line = qobject_cast<QHBoxLayout*>(only->parentWidget()->layout());
        line->insertWidget(0, headingLabel(title));
        return;
    }
    addHeading(title);
    auto* choice = new SegmentedChoice(this);
    QStringList titles;
    QStringList tips;
    for (const Option<Value>& option : options) {
        titles << tr(option.title);
        tips << tr(option.tip);
    }
    choice->setOptions(titles, tips);
    choice->setAccessibleName(title);
    m_lines->addWidget(choice);
    m_lines->addSpacing(4);
    m_rows.push_back({choice, QString(), [choice, options, member](const Recipe& recipe) {
                          const auto is = [&](const Option<Value>& option) { return option.value == recipe.*member; };
                          const auto found = std::find_if(options.begin(), options.end(), is);
                          choice->setCurrent(found == options.end() ? -1 : static_cast<int>(found - options.begin()));
                      }});
    connect(choice, &SegmentedChoice::chosen, this, [this, options, member](int index) {
        Recipe next = m_recipe;
        next.*member = options[static_cast<std::size_t>(index)].value;
        take(next);
    });
}

template <typename Value>
void SettingsPanel::addChoice(const QString& name, const QString& tip, std::span<const Option<Value>> options,
                              Value Recipe::*member) {
    auto* choice = new Choice(this);
    for (const Option<Value>& option : options) {
        choice->addItem(tr(option.title));
        choice->setItemData(choice->count() - 1, tr(option.tip), Qt::ToolTipRole);
    }
    choice->setTextAlignment(Qt::AlignRight);
    addLine(name, choice, tip);
    m_rows.push_back({choice, tip, [choice, options, member](const Recipe& recipe) {
                          const auto is = [&](const Option<Value>& option) { return option.value == recipe.*member; };
                          const auto found = std::find_if(options.begin(), options.end(), is);
                          choice->setCurrentIndex(found == options.end() ? -1
                                                                         : static_cast<int>(found - options.begin()));
                      }});
    connect(choice, &QComboBox::activated, this, [this, options, member](int index) {
        Recipe next = m_recipe;
        next.*member = options[static_cast<std::size_t>(index)].value;
        take(next);
    });
}

SettingsPanel::SettingsPanel(QWidget* parent) : QWidget(parent) {
    auto* list = new QWidget;
    m_lines = new QVBoxLayout(list);
    m_lines->setContentsMargins(0, 0, 0, 0);
    m_lines->setSpacing(0);
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(list);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    list->setAutoFillBackground(false);
    scroll->viewport()->setAutoFillBackground(false);

    m_foot = new QLabel(this);
    m_foot->setWordWrap(true);
    m_foot->setFont(Theme::font(11));
    m_foot->setAccessibleName(tr("Note on the settings"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(scroll, 1);
    layout->addWidget(m_foot);

    build();
    m_lines->addStretch(1);
    showRecipe();
    showFoot();
}

void SettingsPanel::setRecipe(const Recipe& recipe) {
    Recipe withOldBeta = recipe;
    withOldBeta.beta = m_recipe.beta;
    const bool differsHere = withOldBeta != m_recipe;
    m_recipe = recipe;
    // Beta moves in the bar, and moving it is no reason to end what is being typed here.
    if (!differsHere) return;
    showRecipe();
    showFoot();
}

void SettingsPanel::setRunning(bool running) {
    if (running == m_isRunning) return;
    m_isRunning = running;
    if (running) showRecipe();
    for (const Row& row : m_rows) {
        row.editor->setEnabled(!running);
        row.editor->setToolTip(running ? tr("Locked while a run is under way: Reset ends it.") : row.tip);
    }
    showFoot();
}

void SettingsPanel::commit() {
    for (const TypedRow& row : m_typedRows) row.field->commit();
}

QString SettingsPanel::complaint() const {
    for (const TypedRow& row : m_typedRows)
        if (row.field->isInvalid()) return row.allowed;
    return {};
}

QSize SettingsPanel::sizeHint() const { return {192, 400}; }

QSize SettingsPanel::minimumSizeHint() const {
    const int scrollBar = style()->pixelMetric(QStyle::PM_ScrollBarExtent, nullptr, this);
    return {m_lines->minimumSize().width() + scrollBar, 120};
}

void SettingsPanel::build() {
    static constexpr Option<Input> kInputs[] = {
        {Input::Clean, QT_TR_NOOP("clean"), QT_TR_NOOP("The model sees the images as they are.")},
    };
    addAxis<Input>(tr("Input"), kInputs, &Recipe::input);
    addBottleneckRows();
    addBackboneRows();
    addTrainingRows();
}

void SettingsPanel::addHeading(const QString& title) {
    QLabel* heading = headingLabel(title, this);
    heading->setFixedHeight(kHeading);
    m_lines->addWidget(heading);
}

QWidget* SettingsPanel::addLine(const QString& name, QWidget* editor, const QString& tip) {
    auto* line = new QWidget(this);
    auto* layout = new QHBoxLayout(line);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    if (!name.isEmpty()) {
        QLabel* label = mutedLabel(name, 12, line);
        label->setBuddy(editor);
        label->setToolTip(tip);
        layout->addWidget(label);
        editor->setFixedWidth(kFieldWidth);
    }
    layout->addStretch(1);
    layout->addWidget(editor);
    editor->setToolTip(tip);
    editor->setAccessibleName(name);
    line->setFixedHeight(name.isEmpty() ? kHeading : kPanelControl);
    m_lines->addWidget(line);
    return line;
}

QWidget* SettingsPanel::addField(const QString& name, const QString& tip, const QString& allowed, Show show,
                                 Read read) {
    auto* field = new ValueField(this);
    QWidget* line = addLine(name, field, tip);
    m_rows.push_back(
        {field, tip, [field, show = std::move(show)](const Recipe& recipe) { field->setShown(show(recipe)); }});
    const std::size_t index = m_typedRows.size();
    m_typedRows.push_back({field, allowed, std::move(read)});
    connect(field, &ValueField::committed, this, [this, index](const QString& text) { this->read(index, text); });
    connect(field, &ValueField::abandoned, this, &SettingsPanel::showFoot);
    return line;
}

void SettingsPanel::addInteger(const QString& name, const QString& tip, const QString& allowed, int minimum,
                               int maximum, int Recipe::*member) {
    const bool mayBeOff = minimum == 0;
    addField(
        name, tip, allowed,
        [member, mayBeOff](const Recipe& recipe) {
            return mayBeOff && recipe.*member == 0 ? tr("off") : QString::number(recipe.*member);
        },
        [=](Recipe& recipe, const QString& text) {
            const bool isOff = mayBeOff && text.trimmed().compare(tr("off"), Qt::CaseInsensitive) == 0;
            const auto value = isOff ? std::optional(0) : parseInteger(text);
            if (!value || *value < minimum || *value > maximum) return false;
            recipe.*member = *value;
            return true;
        });
    connect(m_typedRows.back().field, &ValueField::stepped, this, [=, this](int steps) {
        Recipe next = m_recipe;
        next.*member = std::clamp(m_recipe.*member + steps, minimum, maximum);
        take(next);
    });
}

QWidget* SettingsPanel::addLayers(const QString& name, const QString& tip, const QString& allowed, int mostLayers,
                                  int widest, std::vector<int> Recipe::*member) {
    return addField(
        name, tip, allowed, [member](const Recipe& recipe) { return layersText(recipe.*member); },
        [=](Recipe& recipe, const QString& text) {
            auto layers = parseLayers(text, mostLayers, widest);
            if (!layers) return false;
            recipe.*member = std::move(*layers);
            return true;
        });
}

void SettingsPanel::addBottleneckRows() {
    static constexpr Option<Bottleneck> kBottlenecks[] = {
        {Bottleneck::Gaussian, QT_TR_NOOP("Gaussian"), QT_TR_NOOP("A cloud an image, kept near the prior: a VAE.")},
    };
    addAxis<Bottleneck>(tr("Bottleneck"), kBottlenecks, &Recipe::bottleneck);
    addInteger(tr("code size"), tr("How many numbers an image is squeezed into."),
               tr("Code size takes a whole number from 1 to 64."), 1, 64, &Recipe::latentSize);
}

void SettingsPanel::addBackboneRows() {
    static constexpr Option<Backbone> kBackbones[] = {
        {Backbone::Dense, QT_TR_NOOP("dense"), QT_TR_NOOP("Every pixel is connected to every unit.")},
        {Backbone::Convolutional, QT_TR_NOOP("conv"), QT_TR_NOOP("Small filters that slide over the image.")},
    };
    static constexpr Option<Activation> kActivations[] = {
        {Activation::ReLU, "ReLU", QT_TR_NOOP("Cuts off at zero: fast.")},
        {Activation::GELU, "GELU", QT_TR_NOOP("Bends smoothly at zero: smoother images.")},
    };
    addAxis<Backbone>(tr("Backbone"), kBackbones, &Recipe::backbone);
    m_widthsLine =
        addLayers(tr("widths"), tr("Units in each layer of the encoder; the decoder mirrors them."),
                  tr("Widths take 1 to 8 whole numbers from 1 to 4096, such as 512, 256."), 8, 4096, &Recipe::hidden);
    m_channelsLine =
        addLayers(tr("channels"), tr("Filters in each stage of the encoder; the decoder mirrors them."),
                  tr("Channels take 1 to 5 whole numbers from 1 to 512, such as 16, 8, 8."), 5, 512, &Recipe::channels);
    addChoice<Activation>(tr("activation"), tr("How a unit answers to what it is fed."), kActivations,
                          &Recipe::activation);
}

void SettingsPanel::addTrainingRows() {
    static constexpr Option<Reconstruction> kLosses[] = {
        {Reconstruction::Bernoulli, "Bernoulli", QT_TR_NOOP("Cross-entropy of each pixel.")},
        {Reconstruction::Gaussian, "Gaussian", QT_TR_NOOP("Squared error of each pixel.")},
    };
    static constexpr Option<Schedule> kSchedules[] = {
        {Schedule::Constant, QT_TR_NOOP("constant"), QT_TR_NOOP("The same learning rate throughout.")},
        {Schedule::OneCycle, QT_TR_NOOP("one-cycle"),
         QT_TR_NOOP("Up to the learning rate, then down to almost nothing.")},
    };
    addHeading(tr("Training"));
    addChoice<Reconstruction>(tr("loss"), tr("How a wrong pixel counts."), kLosses, &Recipe::reconstruction);
    addField(
        tr("learning rate"), tr("How far each step of Adam goes; the peak of a one-cycle schedule."),
        tr("Learning rate takes a number above 0 and at most 1, such as 0.003."),
        [](const Recipe& recipe) { return rateText(recipe.learningRate); },
        [](Recipe& recipe, const QString& text) {
            const auto rate = parseNumber(text);
            if (!rate || *rate <= 0 || *rate > 1) return false;
            recipe.learningRate = *rate;
            return true;
        });
    addChoice<Schedule>(tr("schedule"), tr("How the learning rate changes over the run."), kSchedules,
                        &Recipe::schedule);
    addInteger(tr("batch"), tr("How many images a step learns from."),
               tr("Batch takes a whole number from 1 to 10,000."), 1, 10000, &Recipe::batch);
    addInteger(tr("epochs"), tr("How often the run goes through all training images."),
               tr("Epochs take a whole number from 1 to 10,000."), 1, 10000, &Recipe::epochs);
    addInteger(tr("early stop"), tr("Ends the run after so many epochs without a better validation figure; 0 is off."),
               tr("Early stop takes a whole number of epochs from 0 (off) to 10,000."), 0, 10000, &Recipe::patience);
    addField(
        tr("seed"), tr("The same seed gives the same run again."),
        tr("Seed takes a whole number from 0 to 18,446,744,073,709,551,615."),
        [](const Recipe& recipe) { return QString::number(recipe.seed); },
        [](Recipe& recipe, const QString& text) {
            bool isInteger = false;
            const qulonglong seed = text.trimmed().toULongLong(&isInteger);
            if (!isInteger || text.contains(u'-')) return false;
            recipe.seed = seed;
            return true;
        });
}

void SettingsPanel::take(const Recipe& recipe) {
    if (recipe == m_recipe) return showFoot();
    m_recipe = recipe;
    // What is typed and not valid stays to be corrected.
    std::vector<std::pair<ValueField*, QString>> unfinished;
    for (const TypedRow& row : m_typedRows)
        if (row.field->isInvalid()) unfinished.emplace_back(row.field, row.field->text());
    showRecipe();
    for (const auto& [field, text] : unfinished) {
        if (field->parentWidget()->isHidden()) continue;
        field->setText(text);
        field->setInvalid(true);
    }
    showFoot();
    Q_EMIT recipeEdited(m_recipe);
}

void SettingsPanel::read(std::size_t typedRow, const QString& text) {
    const TypedRow& row = m_typedRows[typedRow];
    Recipe next = m_recipe;
    const bool isValid = row.read(next, text);
    row.field->setInvalid(!isValid);
    if (!isValid) return showFoot();
    row.field->setShown(row.field->shown());
    if (next == m_recipe) return showFoot();
    take(next);
}

void SettingsPanel::showRecipe() {
    for (const Row& row : m_rows) row.show(m_recipe);
    const bool isDense = m_recipe.backbone == Backbone::Dense;
    m_widthsLine->setVisible(isDense);
    m_channelsLine->setVisible(!isDense);
}

void SettingsPanel::showFoot() {
    const QString wrong = complaint();
    const QString text = !wrong.isEmpty() ? wrong : m_isRunning ? tr("Locked while training: Reset first.") : QString();
    setStyleProperty(*m_foot, "role", wrong.isEmpty() ? QStringLiteral("muted") : QStringLiteral("warning"));
    m_foot->setText(text);
    m_foot->setVisible(!text.isEmpty());
}

}  // namespace zwei
