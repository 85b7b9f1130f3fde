// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <optional>

#include "models/types/properties.h"

class QBoxLayout;
class QLabel;
class QPushButton;
class QScrollArea;

namespace zwei {

class ErrorHistogram;
class CodeSizeCurve;
class PairStrip;
class SegmentedChoice;

/// The three properties of an autoencoder, one click each: it is data-specific (another data set comes back as its
/// own), it is lossy (what does not fit through the code is lost), and it needs no labels.
class PropertiesPanel : public QWidget {
    Q_OBJECT

public:
    explicit PropertiesPanel(QWidget* parent = nullptr);

    /// `data` and `otherData` are the sets' titles for a person, and shown as they are.
    void setProperties(std::optional<PropertiesSnapshot> properties);
    /// The properties are being measured; what is shown stays.
    void setBusy(bool busy);
    /// Whether the points' colours name their labels; emits nothing.
    void setLabelsShown(bool shown);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// The panel is seen, at a property that has to be measured first. Never while it is busy.
    void measureRequested();
    void labelsShownChanged(bool shown);

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    enum class Property { DataSpecific, Lossy, Unlabelled };

    SegmentedChoice* makeTabs();
    QScrollArea* makePage();
    QWidget* makeLabelsSwitch();
    Property property() const;
    QString sentence() const;
    QString dataSpecificSentence() const;
    QString lossySentence() const;
    void requestIfMissing();
    void applyState();
    void applyShape();

    std::optional<PropertiesSnapshot> m_properties;
    bool m_isBusy = false;

    SegmentedChoice* m_tabs;
    QScrollArea* m_scroll = nullptr;
    QLabel* m_sentence = nullptr;
    QPushButton* m_measure = nullptr;
    QWidget* m_dataSpecific = nullptr;
    QBoxLayout* m_pair = nullptr;  ///< the strip and the histogram
    PairStrip* m_strip = nullptr;
    ErrorHistogram* m_histogram = nullptr;
    CodeSizeCurve* m_curve = nullptr;
    QWidget* m_labelsRow = nullptr;
    SegmentedChoice* m_labels = nullptr;
};

}  // namespace zwei
