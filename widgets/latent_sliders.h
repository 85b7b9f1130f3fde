// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <vector>

class QVBoxLayout;

namespace zwei {

class ValueField;
class ValueSlider;

/// One slider a latent dimension, its exact value beside it to be typed over. Values are kept as they were set: a
/// slider's resolution and range never change them.
class LatentSliders : public QWidget {
    Q_OBJECT

public:
    explicit LatentSliders(QWidget* parent = nullptr);

    /// Keeps the values of the dimensions that stay; new ones are 0.
    void setDimensions(int dimensions);
    int dimensions() const { return static_cast<int>(m_values.size()); }

    /// Of every slider, -limit to limit; 4 at first.
    void setRange(double limit);

    /// Emits nothing. Sets the number of dimensions too, should it differ.
    void setValues(const std::vector<double>& values);
    const std::vector<double>& values() const { return m_values; }

Q_SIGNALS:
    /// By a person.
    void valuesEdited(const std::vector<double>& values);

private:
    struct Row {
        QWidget* widget;
        ValueSlider* slider;
        ValueField* field;
    };

    Row makeRow(int dimension);
    void edit(int dimension, double value);
    void type(int dimension, const QString& text);
    void showValue(int dimension);
    void fitHeight();

    QWidget* m_list;
    QVBoxLayout* m_listLayout;
    std::vector<Row> m_rows;
    std::vector<double> m_values;
    double m_limit = 4;
};

}  // namespace zwei
