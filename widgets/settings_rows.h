// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QScrollArea>
#include <QStringList>
#include <functional>
#include <utility>
#include <vector>

#include "models/types/recipe.h"

class QVBoxLayout;

namespace zwei {

class Choice;
class ValueField;

/// A scrolling column of named editors of one recipe. Whoever adds a row says what it means, how it reads and for which
/// recipes it is there. A valid change holds at once; what is not valid stays where it was typed, marked.
class SettingsRows : public QScrollArea {
    Q_OBJECT

public:
    using Words = std::function<QString(const Recipe&)>;
    using When = std::function<bool(const Recipe&)>;

    /// What every row says of itself. Without `when` it is always there.
    struct Head {
        QString name;
        Words tip;
        When when = {};
    };

    /// What a choice offers, which of it a recipe has (-1: none), and what choosing another makes of the recipe.
    struct Options {
        QStringList titles;
        QStringList tips;
        std::function<int(const Recipe&)> indexIn;
        std::function<void(Recipe&, int)> choose;
    };

    /// How a text shows a part of a recipe and is read into it; `allowed` is the sentence that names the row and says
    /// what it takes.
    struct Text {
        Words allowed;
        Words show;
        std::function<bool(Recipe&, const QString&)> read;
    };

    explicit SettingsRows(QWidget* parent = nullptr);

    void addHeading(const QString& title);
    void addNote(const QString& text, When when);
    /// A heading over an editor as wide as the column: side by side, or a list where they are too many for that.
    void addSegments(const QString& title, const Options& options);
    void addWideChoice(const QString& title, const Options& options);
    void addChoice(Head head, const Options& options);
    void addText(Head head, Text text);
    /// With steps by arrow keys and wheel. A `minimum` of 0 shows, and is typed, as "off".
    void addInteger(Head head, Words allowed, int minimum, int maximum, int Recipe::*member);
    /// After the last row.
    void finish();

    /// Emits nothing, and ends what was being typed.
    void setRecipe(const Recipe& recipe);
    /// For what no row shows: leaves what is being typed alone.
    void setBeta(double beta) { m_recipe.beta = beta; }
    const Recipe& recipe() const { return m_recipe; }

    /// `why` is the tooltip of all of them while they are locked.
    void setLocked(bool locked, const QString& why);
    void commit();
    QString complaint() const;

    int minimumColumnWidth() const;

Q_SIGNALS:
    void edited(const zwei::Recipe& recipe);
    void complaintChanged();

private:
    struct Row {
        QWidget* line;
        QWidget* editor;  ///< null for a note
        Words tip;
        When when;
        std::function<void(const Recipe&)> show;
    };

    struct TypedRow {
        ValueField* field;
        When when;
        Text text;
    };

    using Unfinished = std::vector<std::pair<ValueField*, QString>>;

    Choice* makeChoice(const Options& options);
    QWidget* addLine(const Head& head, QWidget* editor);
    void choose(const Options& options, int index);
    void read(std::size_t typedRow, const QString& text);
    void take(const Recipe& recipe);
    /// What was typed and not valid, and still is not: it stays to be corrected. What has become valid is taken.
    Unfinished readUnfinished();
    void showRecipe();
    void showTip(const Row& row);

    Recipe m_recipe;
    bool m_isLocked = false;
    QString m_lockedTip;
    QVBoxLayout* m_lines;
    std::vector<Row> m_rows;
    std::vector<TypedRow> m_typedRows;
};

}  // namespace zwei
