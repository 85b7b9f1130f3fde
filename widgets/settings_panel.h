// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "models/types/recipe.h"

class QLabel;

namespace zwei {

class SettingsRows;

/// Edits a recipe, grouped by its axes; beta is in the bar. A valid change holds at once, and where another axis does
/// not go with what was chosen on one, that one gives way. What is not valid stays where it was typed, marked, with one
/// sentence at the foot that says what is allowed, and the recipe stays as it was.
class SettingsPanel : public QWidget {
    Q_OBJECT

public:
    explicit SettingsPanel(QWidget* parent = nullptr);

    /// Emits nothing. Ends what was being typed, unless nothing but beta differs.
    void setRecipe(const Recipe& recipe);
    /// The last valid one.
    const Recipe& recipe() const;

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
    void addInputRows();
    void addNoiseRows();
    void addBottleneckRows();
    void addBackboneRows();
    void addLayerRows();
    void addTrainingRows();
    void addRunRows();
    void showFoot();

    bool m_isRunning = false;
    SettingsRows* m_rows;
    QLabel* m_foot;
};

}  // namespace zwei
