// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace zwei {

/// A horizontal slider over a real value. The value is kept as it was set, even outside the range, where the handle
/// stays at the end. Arrow keys and the wheel step, with Shift (or Page up and down) coarsely and with Ctrl finely;
/// Home and a double click go to the value of rest.
class ValueSlider : public QWidget {
    Q_OBJECT

public:
    enum class Scale {
        Linear,
        Logarithmic,  ///< the range is positive; a step of s multiplies by 10^s
    };

    /// What the keys add; on a logarithmic scale, to the value's decimal logarithm.
    struct Steps {
        double fine = 0.005;
        double normal = 0.05;
        double coarse = 0.5;
    };

    ValueSlider(Scale scale, double minimum, double maximum, double rest, QWidget* parent = nullptr);

    void setRange(double minimum, double maximum);
    void setSteps(const Steps& steps);
    double minimum() const { return m_minimum; }
    double maximum() const { return m_maximum; }

    double value() const { return m_value; }
    /// Emits nothing.
    void setValue(double value);

    /// Inside something that scrolls, the wheel should turn the slider only once it has the focus.
    void setWheelNeedsFocus(bool needsFocus) { m_wheelNeedsFocus = needsFocus; }

    /// By `steps` as a key would; emits.
    void stepBy(double step);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// By a person.
    void valueEdited(double value);

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    double position(double value) const;  ///< in [0, 1]
    double valueAt(double x) const;
    double grooveLeft() const;
    double grooveWidth() const;
    void edit(double value);

    Scale m_scale;
    double m_minimum;
    double m_maximum;
    double m_rest;
    double m_value;
    Steps m_steps;
    bool m_wheelNeedsFocus = false;
    bool m_isDragging = false;
    double m_grab = 0;  ///< from the handle's middle to where it was taken hold of, pixels
};

}  // namespace zwei
