// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <vector>

class QScrollArea;
class QVBoxLayout;

namespace zwei {

class ValueField;
class ValueSlider;

/// One slider a latent dimension, its exact value beside it to be typed over. Values are kept as they were set: a
/// slider's resolution and range never change them. Many dimensions scroll, and their rows are made once they come
/// into sight.
class LatentSliders : public QWidget {
    Q_OBJECT

public:
    explicit LatentSliders(QWidget* parent = nullptr);

    /// Keeps the values of the dimensions that stay; new ones are 0.
    void setDimensions(int dimensions);
    int dimensions() const { return static_cast<int>(m_values.size()); }

    /// Of every slider, -limit to limit; 4 at first. Steps of the keys grow with it.
    void setRange(double limit);

    /// Emits nothing. Sets the number of dimensions too, should it differ.
    void setValues(const std::vector<double>& values);
    const std::vector<double>& values() const { return m_values; }

Q_SIGNALS:
    /// By a person.
    void valuesEdited(const std::vector<double>& values);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Row {
        QWidget* widget;
        ValueSlider* slider;
        ValueField* field;
    };

    void makeRowsInSight();
    Row makeRow(int dimension);
    double step() const;
    void edit(int dimension, double value);
    void type(int dimension, const QString& text);
    void showValue(int dimension);
    void fitHeight();

    QScrollArea* m_scroll;
    QWidget* m_list;
    QVBoxLayout* m_listLayout;
    std::vector<Row> m_rows;  ///< of the dimensions up to the last that was in sight
    std::vector<double> m_values;
    double m_limit = 4;
};

}  // namespace zwei
