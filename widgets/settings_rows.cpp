// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/settings_rows.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QStyle>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "widgets/choice.h"
#include "widgets/drawing/theme.h"
#include "widgets/recipe_text.h"
#include "widgets/segmented_choice.h"
#include "widgets/small_widgets.h"
#include "widgets/value_field.h"

namespace zwei {
namespace {

constexpr int kFieldWidth = 88;
constexpr int kWidestField = 124;
constexpr int kHeading = 24;  // height of a heading's line
constexpr int kWideEditor = 28;

/// All fields of the column are as wide, but where a text needs more.
void fitWidth(QWidget& editor, const QString& text, int frame) {
    const int wanted = QFontMetrics(Theme::font(12)).horizontalAdvance(text) + frame;
    editor.setFixedWidth(std::clamp(wanted, kFieldWidth, kWidestField));
}

SettingsRows::Words tipOfCurrent(const SettingsRows::Options& options) {
    return [options](const Recipe& recipe) { return options.tips.value(options.indexIn(recipe)); };
}

}  // namespace

SettingsRows::SettingsRows(QWidget* parent) : QScrollArea(parent) {
    auto* list = new QWidget;
    m_lines = new QVBoxLayout(list);
    m_lines->setContentsMargins(0, 0, 0, 0);
    m_lines->setSpacing(0);
    setWidget(list);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    list->setAutoFillBackground(false);
    viewport()->setAutoFillBackground(false);
}

void SettingsRows::addHeading(const QString& title) {
    QLabel* heading = headingLabel(title, widget());
    heading->setFixedHeight(kHeading);
    m_lines->addWidget(heading);
}

void SettingsRows::addNote(const QString& text, When when) {
    QLabel* note = mutedLabel(text, 12, widget());
    note->setWordWrap(true);
    note->setMinimumHeight(kHeading);
    m_lines->addWidget(note);
    m_rows.push_back({note, nullptr, {}, std::move(when), {}});
}

void SettingsRows::addSegments(const QString& title, const Options& options) {
    addHeading(title);
    auto* segments = new SegmentedChoice(widget());
    segments->setOptions(options.titles, options.tips);
    segments->setAccessibleName(title);
    m_lines->addWidget(segments);
    m_lines->addSpacing(4);
    // The segments have tips of their own while they are not locked.
    m_rows.push_back({segments, segments, {}, {}, [segments, options](const Recipe& recipe) {
                          segments->setCurrent(options.indexIn(recipe));
                      }});
    connect(segments, &SegmentedChoice::chosen, this, [this, options](int index) { choose(options, index); });
}

void SettingsRows::addWideChoice(const QString& title, const Options& options) {
    addHeading(title);
    Choice* choice = makeChoice(options);
    choice->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    choice->setFixedHeight(kWideEditor);
    choice->setAccessibleName(title);
    m_lines->addWidget(choice);
    m_lines->addSpacing(4);
    m_rows.push_back({choice, choice, tipOfCurrent(options), {}, [choice, options](const Recipe& recipe) {
                          choice->setCurrentIndex(options.indexIn(recipe));
                      }});
}

void SettingsRows::addChoice(Head head, const Options& options) {
    constexpr int kFrame = 32;  // the chevron, and the blank around it and the text
    Choice* choice = makeChoice(options);
    choice->setTextAlignment(Qt::AlignRight);
    QWidget* line = addLine(head, choice);
    m_rows.push_back({line, choice, std::move(head.tip), std::move(head.when), [choice, options](const Recipe& recipe) {
                          choice->setCurrentIndex(options.indexIn(recipe));
                          fitWidth(*choice, choice->currentText(), kFrame);
                      }});
}

void SettingsRows::addText(Head head, Text text) {
    constexpr int kFrame = 16;
    auto* field = new ValueField(widget());
    QWidget* line = addLine(head, field);
    m_rows.push_back({line, field, std::move(head.tip), head.when, [field, show = text.show](const Recipe& recipe) {
                          field->setShown(show(recipe));
                          fitWidth(*field, field->shown(), kFrame);
                      }});
    const std::size_t index = m_typedRows.size();
    m_typedRows.push_back({field, std::move(head.when), std::move(text)});
    connect(field, &ValueField::committed, this, [this, index](const QString& typed) { read(index, typed); });
    connect(field, &ValueField::abandoned, this, &SettingsRows::complaintChanged);
}

void SettingsRows::addInteger(Head head, Words allowed, int minimum, int maximum, int Recipe::*member) {
    const bool mayBeOff = minimum == 0;
    const auto show = [member, mayBeOff](const Recipe& recipe) {
        return mayBeOff && recipe.*member == 0 ? tr("off") : QString::number(recipe.*member);
    };
    const auto readIn = [=](Recipe& recipe, const QString& text) {
        const bool isOff = mayBeOff && text.trimmed().compare(tr("off"), Qt::CaseInsensitive) == 0;
        const auto value = isOff ? std::optional(0) : parseInteger(text);
        if (!value || *value < minimum || *value > maximum) return false;
        recipe.*member = *value;
        return true;
    };
    addText(std::move(head), {std::move(allowed), show, readIn});
    connect(m_typedRows.back().field, &ValueField::stepped, this, [=, this](int steps) {
        Recipe next = m_recipe;
        next.*member = std::clamp(m_recipe.*member + steps, minimum, maximum);
        take(next);
    });
}

void SettingsRows::finish() {
    m_lines->addStretch(1);
    showRecipe();
}

void SettingsRows::setRecipe(const Recipe& recipe) {
    m_recipe = recipe;
    showRecipe();
    Q_EMIT complaintChanged();
}

void SettingsRows::setLocked(bool locked, const QString& why) {
    m_isLocked = locked;
    m_lockedTip = why;
    if (locked) setRecipe(m_recipe);
    for (const Row& row : m_rows) {
        if (row.editor) row.editor->setEnabled(!locked);
        showTip(row);
    }
}

void SettingsRows::commit() {
    for (const TypedRow& row : m_typedRows) row.field->commit();
}

QString SettingsRows::complaint() const {
    for (const TypedRow& row : m_typedRows)
        if (row.field->isInvalid()) return row.text.allowed(m_recipe);
    return {};
}

int SettingsRows::minimumColumnWidth() const {
    const int scrollBar = style()->pixelMetric(QStyle::PM_ScrollBarExtent, nullptr, this);
    return m_lines->minimumSize().width() + scrollBar;
}

Choice* SettingsRows::makeChoice(const Options& options) {
    auto* choice = new Choice(widget());
    for (int i = 0; i < options.titles.size(); ++i) {
        choice->addItem(options.titles[i]);
        choice->setItemData(i, options.tips.value(i), Qt::ToolTipRole);
    }
    connect(choice, &QComboBox::activated, this, [this, options](int index) { choose(options, index); });
    return choice;
}

QWidget* SettingsRows::addLine(const Head& head, QWidget* editor) {
    auto* line = new QWidget(widget());
    auto* layout = new QHBoxLayout(line);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    QLabel* label = mutedLabel(head.name, 12, line);
    label->setBuddy(editor);
    layout->addWidget(label);
    layout->addStretch(1);
    layout->addWidget(editor);
    editor->setAccessibleName(head.name);
    line->setFixedHeight(kPanelControl);
    m_lines->addWidget(line);
    return line;
}

void SettingsRows::choose(const Options& options, int index) {
    // A click here may leave the focus where something is being typed.
    commit();
    Recipe next = m_recipe;
    options.choose(next, index);
    take(next);
}

void SettingsRows::read(std::size_t typedRow, const QString& text) {
    const TypedRow& row = m_typedRows[typedRow];
    Recipe next = m_recipe;
    const bool isValid = row.text.read(next, text);
    row.field->setInvalid(!isValid);
    if (isValid) row.field->setShown(row.field->shown());
    if (isValid && next != m_recipe) return take(next);
    Q_EMIT complaintChanged();
}

void SettingsRows::take(const Recipe& recipe) {
    if (recipe != m_recipe) {
        m_recipe = recipe;
        const auto unfinished = readUnfinished();
        showRecipe();
        for (const auto& [field, text] : unfinished) {
            field->setText(text);
            field->setInvalid(true);
        }
        Q_EMIT edited(m_recipe);
    }
    Q_EMIT complaintChanged();
}

SettingsRows::Unfinished SettingsRows::readUnfinished() {
    Unfinished unfinished;
    for (const TypedRow& row : m_typedRows) {
        if (!row.field->isInvalid() || (row.when && !row.when(m_recipe))) continue;
        const QString text = row.field->text();
        if (!row.text.read(m_recipe, text)) unfinished.emplace_back(row.field, text);
    }
    return unfinished;
}

void SettingsRows::showRecipe() {
    for (const Row& row : m_rows) {
        if (row.show) row.show(m_recipe);
        if (row.when) row.line->setVisible(row.when(m_recipe));
        showTip(row);
    }
}

void SettingsRows::showTip(const Row& row) {
    if (!row.editor) return;
    const QString tip = row.tip ? row.tip(m_recipe) : QString();
    row.editor->setToolTip(m_isLocked ? m_lockedTip : tip);
    // A wide editor is a line of its own, without a label.
    if (row.line != row.editor) row.line->findChild<QLabel*>()->setToolTip(tip);
}

}  // namespace zwei
