// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QStringList>
#include <QWidget>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "models/types/bench.h"

class QLabel;
class QMenu;
class QStackedWidget;
class QToolButton;

namespace zwei {

class Choice;
class DrawingCanvas;
class EnlargementView;
class GlyphButton;
class PageView;
class RestorationView;
class SegmentedChoice;
class StepsView;
class TileView;
class ValueSlider;
class WayView;

/// The bench for images: at the left a drawing or a page with the frames of its digits, at the right what is made of
/// them. It connects its parts among each other; what the world outside is to do, it asks for.
class BenchPanel : public QWidget {
    Q_OBJECT

public:
    enum class Source { Drawing, Page };
    enum class Shown { Steps, Restored, Enlarged, Way, InPlace };

    explicit BenchPanel(QWidget* parent = nullptr);

    Source source() const;
    Shown shown() const;
    void setShown(Shown shown);
    Restorer inPlaceRestorer() const;
    int current() const { return m_current; }
    QImage drawing() const;

    /// Another page, which comes before the drawing from now on.
    void showPage(const QImage& page, const QString& name);
    /// Which of the images that came together is shown.
    void setPosition(int index, int count);
    void setModelName(const QString& name);
    /// Of the data set in force, by label; empty: the labels are digits.
    void setClassNames(const QStringList& names);

    // What was made of it.
    void setNormalised(const NormalisedPage& page, Framing framing);
    void setRestored(std::shared_ptr<const RestoredDigits> digits);
    void setEnlarged(std::shared_ptr<const EnlargedDigit> digit);
    void setWay(std::shared_ptr<const LatentWay> way, const QString& whyNone);
    void setSearching(bool isSearching);
    /// A sentence on what went wrong, at the foot, for a while.
    void tell(const QString& sentence);
    void setInPlace(const QImage& page, Restorer by);

    /// The tile that is selected, or else the first restored image of the current digit.
    std::optional<std::pair<QImage, QString>> chosenImage() const;
    std::vector<std::pair<QImage, QString>> allImages() const;
    /// What is being restored of the current digit: 28 x 28.
    ImageBatch currentDigit() const;
    /// One a row of a contact sheet.
    QStringList methodNames() const;
    Framing framing() const;
    const std::shared_ptr<const RestoredDigits>& restored() const { return m_restored; }
    /// The page with the restored digits in their place; null before it was asked for.
    const QImage& inPlace() const { return m_inPlaceImage; }
    QMenu* keepMenu() const { return m_keepMenu; }
    const QString& pageName() const { return m_pageName; }

Q_SIGNALS:
    void sourceChanged();  ///< from drawing to page, or back, by a person
    void drawn();
    void framingChosen(zwei::Framing framing);
    void boxesEdited(const std::vector<zwei::Box>& boxes);
    void boxesForgotten();
    void currentChanged(int digit);
    void openRequested();
    void goRequested(int step);
    void shownChanged();
    void searchRequested();
    void stopRequested();
    void dragRequested(const QImage& image, const QString& name);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeLeft();
    QWidget* makeDrawingTools();
    QWidget* makePageTools();
    QWidget* makePenWidth();
    QWidget* makeFraming();
    QWidget* makeRight();
    void connectDrawing();
    void connectViews();
    void setSource(Source source);
    void choose(int digit);
    void forgetEnlarged();
    void showCurrent();
    void showSentence(bool isShown);
    void clear();

    SegmentedChoice* m_source;
    QStackedWidget* m_sources;
    QStackedWidget* m_sourceOptions;  ///< in the row above it
    QStackedWidget* m_sourceTools;    ///< beside it
    DrawingCanvas* m_canvas;
    PageView* m_page;
    ValueSlider* m_penWidth;
    GlyphButton* m_pen;
    GlyphButton* m_eraser;
    Choice* m_framing;
    QLabel* m_position;
    QLabel* m_sentence;
    GlyphButton* m_previous;
    GlyphButton* m_next;
    QWidget* m_left;

    SegmentedChoice* m_shown;
    QStackedWidget* m_views;
    StepsView* m_steps;
    RestorationView* m_restoration;
    EnlargementView* m_enlargement;
    WayView* m_way;
    PageView* m_inPlace;
    Choice* m_inPlaceBy;
    QToolButton* m_keep;
    QMenu* m_keepMenu;

    QImage m_pageImage;
    QString m_pageName;
    QImage m_inPlaceImage;
    NormalisedPage m_normalised;
    Framing m_normalisedAs = Framing::Digits;
    std::shared_ptr<const RestoredDigits> m_restored;
    int m_current = 0;
};

}  // namespace zwei
