// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/value_slider.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <QKeyEvent>
#include <QPainter>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "widgets/style_sheet.h"

namespace zwei {
namespace {

constexpr double kHandleRadius = 6;
constexpr double kFocusRadius = 9.5;
constexpr double kGroove = 3;
constexpr double kDetentPixels = 4;

/// What a screen reader is told, and may set.
class AccessibleValueSlider : public QAccessibleWidget, public QAccessibleValueInterface {
public:
    explicit AccessibleValueSlider(ValueSlider* slider) : QAccessibleWidget(slider, QAccessible::Slider) {}

    void* interface_cast(QAccessible::InterfaceType type) override {
        if (type == QAccessible::ValueInterface) return static_cast<QAccessibleValueInterface*>(this);
        return QAccessibleWidget::interface_cast(type);
    }
    QVariant currentValue() const override { return slider()->value(); }
    void setCurrentValue(const QVariant& value) override {
        slider()->setValue(value.toDouble());
        Q_EMIT slider()->valueEdited(slider()->value());
    }
    QVariant maximumValue() const override { return slider()->maximum(); }
    QVariant minimumValue() const override { return slider()->minimum(); }
    QVariant minimumStepSize() const override { return 0.0; }

private:
    ValueSlider* slider() const { return static_cast<ValueSlider*>(widget()); }
};

QAccessibleInterface* accessibleFactory(const QString&, QObject* object) {
    auto* slider = qobject_cast<ValueSlider*>(object);
    return slider ? new AccessibleValueSlider(slider) : nullptr;
}

double roundedToDecimals(double value, int decimals) {
    const double factor = std::pow(10.0, decimals);
    return std::round(value * factor) / factor;
}

/// `digits` significant ones: a logarithmic slider should stop at 2.5 rather than at 2.4831.
double roundedToDigits(double value, int digits) {
    if (value == 0) return 0;
    return roundedToDecimals(value, digits - 1 - static_cast<int>(std::floor(std::log10(std::abs(value)))));
}

}  // namespace

ValueSlider::ValueSlider(Scale scale, double minimum, double maximum, double rest, QWidget* parent)
    : QWidget(parent), m_scale(scale), m_minimum(minimum), m_maximum(maximum), m_rest(rest), m_value(rest) {
    static const bool isInstalled = (QAccessible::installFactory(accessibleFactory), true);
    Q_UNUSED(isInstalled)
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
}

void ValueSlider::setRange(double minimum, double maximum) {
    m_minimum = minimum;
    m_maximum = maximum;
    update();
}

void ValueSlider::setSteps(const Steps& steps) { m_steps = steps; }

void ValueSlider::setValue(double value) {
    if (value == m_value) return;
    m_value = value;
    QAccessibleValueChangeEvent event(this, value);
    QAccessible::updateAccessibility(&event);
    update();
}

void ValueSlider::stepBy(double step) {
    double next = 0;
    if (m_scale == Scale::Linear) {
        next = roundedToDecimals(m_value + step, 9);
    } else {
        const double from = std::clamp(m_value, m_minimum, m_maximum);
        next = roundedToDigits(from * std::pow(10.0, step), std::abs(step) < m_steps.normal ? 3 : 2);
        const bool isPastRest = (from < m_rest && next > m_rest) || (from > m_rest && next < m_rest);
        if (isPastRest) next = m_rest;
    }
    // A value outside the range may come back by steps, but no step leads out.
    if (step > 0) next = std::min(next, std::max(m_maximum, m_value));
    if (step < 0) next = std::max(next, std::min(m_minimum, m_value));
    edit(next);
}

QSize ValueSlider::sizeHint() const { return {144, 20}; }

QSize ValueSlider::minimumSizeHint() const { return {56, 20}; }

void ValueSlider::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::current();
    const QColor lively = isEnabled() ? theme.accent : disabledColour(theme);
    const double middle = height() / 2.0;
    const double x = grooveLeft() + grooveWidth() * position(m_value);

    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.line);
    painter.drawRoundedRect(QRectF(grooveLeft(), middle - kGroove / 2, grooveWidth(), kGroove), 1.5, 1.5);
    painter.setBrush(lively);
    painter.drawRoundedRect(QRectF(grooveLeft(), middle - kGroove / 2, x - grooveLeft(), kGroove), 1.5, 1.5);

    const bool isLit = isEnabled() && (m_isDragging || underMouse());
    painter.setBrush(isLit ? mixed(theme.card, theme.accent, 0.35) : theme.card);
    painter.setPen(QPen(lively, 2));
    painter.drawEllipse(QPointF(x, middle), kHandleRadius, kHandleRadius);
    if (hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(theme.accent, 1));
        painter.drawEllipse(QPointF(x, middle), kFocusRadius, kFocusRadius);
    }
}

void ValueSlider::keyPressEvent(QKeyEvent* event) {
    const auto modifiers = event->modifiers();
    const double step = modifiers.testFlag(Qt::ControlModifier) ? m_steps.fine
                        : modifiers.testFlag(Qt::ShiftModifier) ? m_steps.coarse
                                                                : m_steps.normal;
    const double rightwards = isRightToLeft() ? -1 : 1;
    switch (event->key()) {
        case Qt::Key_Right:
            return stepBy(rightwards * step);
        case Qt::Key_Left:
            return stepBy(-rightwards * step);
        case Qt::Key_Up:
            return stepBy(step);
        case Qt::Key_Down:
            return stepBy(-step);
        case Qt::Key_PageUp:
            return stepBy(m_steps.coarse);
        case Qt::Key_PageDown:
            return stepBy(-m_steps.coarse);
        case Qt::Key_Home:
            return edit(m_rest);
        default:
            QWidget::keyPressEvent(event);
    }
}

void ValueSlider::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return QWidget::mousePressEvent(event);
    m_isDragging = true;
    // Taking hold of the handle moves nothing, so that an exact value survives a mere click on it.
    const double x = grooveLeft() + grooveWidth() * position(m_value);
    const bool isOnHandle = std::abs(event->position().x() - x) <= kHandleRadius;
    m_grab = isOnHandle ? event->position().x() - x : 0;
    if (!isOnHandle) edit(valueAt(event->position().x()));
    update();
}

void ValueSlider::mouseMoveEvent(QMouseEvent* event) {
    if (m_isDragging) edit(valueAt(event->position().x() - m_grab));
}

void ValueSlider::mouseReleaseEvent(QMouseEvent*) {
    m_isDragging = false;
    update();
}

void ValueSlider::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) edit(m_rest);
}

void ValueSlider::wheelEvent(QWheelEvent* event) {
    const int delta = event->angleDelta().y() != 0 ? event->angleDelta().y() : event->angleDelta().x();
    if (delta == 0 || (m_wheelNeedsFocus && !hasFocus())) return event->ignore();
    const auto modifiers = event->modifiers();
    const double step = modifiers.testFlag(Qt::ControlModifier) ? m_steps.fine
                        : modifiers.testFlag(Qt::ShiftModifier) ? m_steps.coarse
                                                                : m_steps.normal;
    stepBy(delta > 0 ? step : -step);
    event->accept();
}

void ValueSlider::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::EnabledChange) update();
}

double ValueSlider::position(double value) const {
    if (m_scale == Scale::Linear) return std::clamp((value - m_minimum) / (m_maximum - m_minimum), 0.0, 1.0);
    if (value <= m_minimum) return 0;
    return std::clamp(std::log(value / m_minimum) / std::log(m_maximum / m_minimum), 0.0, 1.0);
}

double ValueSlider::valueAt(double x) const {
    const double restX = grooveLeft() + grooveWidth() * position(m_rest);
    if (m_scale == Scale::Logarithmic && std::abs(x - restX) <= kDetentPixels) return m_rest;
    const double share = std::clamp((x - grooveLeft()) / grooveWidth(), 0.0, 1.0);
    if (m_scale == Scale::Linear) return roundedToDecimals(m_minimum + share * (m_maximum - m_minimum), 2);
    return roundedToDigits(m_minimum * std::pow(m_maximum / m_minimum, share), 2);
}

double ValueSlider::grooveLeft() const { return kFocusRadius + 0.5; }

double ValueSlider::grooveWidth() const { return std::max(1.0, width() - 2 * grooveLeft()); }

void ValueSlider::edit(double value) {
    if (value == m_value) return;
    setValue(value);
    Q_EMIT valueEdited(value);
}

}  // namespace zwei
