// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <functional>
#include <span>
#include <vector>

#include "models/types/recipe.h"

class QLabel;
class QVBoxLayout;

namespace zwei {

class ValueField;

/// Edits a recipe, grouped by its axes; beta is in the bar. A valid change holds at once. What is not valid stays where
/// it was typed, marked, with one sentence at the foot that says what is allowed, and the recipe stays as it was.
class SettingsPanel : public QWidget {
    Q_OBJECT

public:
    explicit SettingsPanel(QWidget* parent = nullptr);

    /// Emits nothing. Ends what was being typed, unless nothing but beta differs.
    void setRecipe(const Recipe& recipe);
    /// The last valid one.
    Recipe recipe() const { return m_recipe; }

    /// Locks what cannot change during a run, which is all of it, and says so at the foot.
    void setRunning(bool running);

    /// Takes over what is still being typed: before a run starts by a key or a menu.
    void commit();

    /// What is wrong with what was typed; empty where nothing is.
    QString complaint() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void recipeEdited(const zwei::Recipe& recipe);

private:
    /// One choice of an axis: what it is called and what it means.
    template <typename Value>
    struct Option {
        Value value;
        const char* title;
        const char* tip;
    };

    /// Reads a text into the recipe; says whether it could.
    using Read = std::function<bool(Recipe&, const QString&)>;
    using Show = std::function<QString(const Recipe&)>;

    struct Row {
        QWidget* editor;
        QString tip;  ///< what the editor's tooltip is while it is not locked
        std::function<void(const Recipe&)> show;
    };

    struct TypedRow {
        ValueField* field;
        QString allowed;  ///< the sentence that names the field and what it takes
        Read read;
    };

    void build();
    void addHeading(const QString& title);
    QWidget* addLine(const QString& name, QWidget* editor, const QString& tip);
    template <typename Value>
    void addAxis(const QString& title, std::span<const Option<Value>> options, Value Recipe::*member);
    template <typename Value>
    void addChoice(const QString& name, const QString& tip, std::span<const Option<Value>> options,
                   Value Recipe::*member);
    QWidget* addField(const QString& name, const QString& tip, const QString& allowed, Show show, Read read);
    void addInteger(const QString& name, const QString& tip, const QString& allowed, int minimum, int maximum,
                    int Recipe::*member);
    QWidget* addLayers(const QString& name, const QString& tip, const QString& allowed, int mostLayers, int widest,
                       std::vector<int> Recipe::*member);
    void addBottleneckRows();
    void addBackboneRows();
    void addTrainingRows();

    void take(const Recipe& recipe);
    void read(std::size_t typedRow, const QString& text);
    void showRecipe();
    void showFoot();

    Recipe m_recipe;
    bool m_isRunning = false;
    QVBoxLayout* m_lines = nullptr;
    QLabel* m_foot = nullptr;
    QWidget* m_widthsLine = nullptr;
    QWidget* m_channelsLine = nullptr;
    std::vector<Row> m_rows;
    std::vector<TypedRow> m_typedRows;
};

}  // namespace zwei
