// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>
#include <optional>
#include <vector>

#include "models/types/figures.h"

class QLabel;
class QProgressBar;
class QPushButton;
class QScrollArea;
class QToolButton;
class QVBoxLayout;

namespace zwei {

class ElidedLabel;
class FigureSection;

/// Everything that was measured of a model on the test images, in groups: two columns where there is room, else one.
/// What was not measured has no line. Before there are figures: a sentence that says what will be here, and a button.
class FiguresPanel : public QWidget {
    Q_OBJECT

public:
    explicit FiguresPanel(QWidget* parent = nullptr);

    /// `data` is the set's title for a person, and shown as it is.
    void setFigures(std::optional<Figures> figures);
    /// A measurement is under way, and `share` of it is done, from 0 to 1. Figures that are shown stay.
    void setBusy(double share);
    void setIdle();
    /// What the panel says while there are no figures; empty: its own sentence.
    void setNote(const QString& note);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void measureRequested();
    void cancelRequested();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeTop();
    QWidget* makeEmpty();
    QScrollArea* makeColumns();
    FigureSection* addSection(const QString& title);
    void addLikelihood();
    void addLogLikelihood(FigureSection& section);
    void addCode();
    void addImages();
    void addRestoration(const RestorationFigures& restoration);
    void arrange();
    void applyState();
    void copy() const;

    std::optional<Figures> m_figures;
    QString m_note;
    bool m_isBusy = false;
    QStringList m_copied;  ///< a line a figure, its parts set apart by tabulators

    ElidedLabel* m_explanation = nullptr;
    QProgressBar* m_progress = nullptr;
    QToolButton* m_stop = nullptr;
    QToolButton* m_again = nullptr;
    QToolButton* m_copy = nullptr;
    QLabel* m_emptyNote = nullptr;
    QPushButton* m_measure = nullptr;
    QWidget* m_top = nullptr;
    QWidget* m_empty = nullptr;
    QScrollArea* m_scroll = nullptr;
    QVBoxLayout* m_left = nullptr;
    QVBoxLayout* m_right = nullptr;
    std::vector<FigureSection*> m_sections;
};

}  // namespace zwei
