// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QUndoStack>
#include <QWidget>
#include <optional>

namespace zwei {

/// A square on which a person draws a digit, or several, with mouse, stylus or pad. The right button and a stylus's
/// eraser erase whatever the tool is. With the focus, the keys of undo and redo work, and Delete clears.
class DrawingCanvas : public QWidget {
    Q_OBJECT

public:
    enum class Tool { Pen, Eraser };

    static constexpr int kSide = 280;  ///< pixels of the drawing
    static constexpr double kLeastWidth = 6;
    static constexpr double kLargestWidth = 60;

    explicit DrawingCanvas(QWidget* parent = nullptr);

    /// Grey [280, 280], 0 paper and 255 ink; during a stroke, as far as it has come.
    QImage drawing() const { return m_drawing; }
    bool isEmpty() const;
    /// Of any size, 0 paper and 255 ink; a null image is an empty one. Can be undone.
    void setDrawing(const QImage& image);
    /// Can be undone.
    void clear();

    void setTool(Tool tool);
    Tool tool() const { return m_tool; }
    /// In pixels of the drawing, kept within [6, 60]; a stylus makes 0.4 to 1 of it by its pressure.
    void setPenWidth(double pixels);
    double penWidth() const { return m_penWidth; }

    /// One command a stroke; its texts are for menus.
    QUndoStack& undoStack() { return m_undoStack; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// The drawing has changed, by whomever; at every move of a stroke.
    void drawn();

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void tabletEvent(QTabletEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    class Replacement;

    /// A place on the drawing, and how wide the pen is there.
    struct Sample {
        QPointF at;
        double width = 0;
    };
    struct Stroke {
        QImage before;
        QImage settled;  ///< with the stroke as far as no later sample bends it
        Sample end;      ///< of what is settled
        Sample last;
        bool erases = false;
        Qt::MouseButton button = Qt::NoButton;
    };

    QRect frame() const;
    QRect paper() const;
    Sample sampleAt(const QPointF& position, double pressure) const;
    static void paintCurve(QImage& image, const Sample& from, const Sample& control, const Sample& to, bool erases);

    void beginStroke(const Sample& sample, bool erases, Qt::MouseButton button);
    void extendStroke(const Sample& sample);
    void endStroke();
    void point(const QPointF& position);
    void apply(const QImage& image);
    void restore(const QImage& image);  ///< which gives a stroke up
    void paintInk(QPainter& painter) const;
    void paintRing(QPainter& painter) const;

    QImage m_drawing;
    QUndoStack m_undoStack;
    std::optional<Stroke> m_stroke;
    std::optional<QPointF> m_pointer;  ///< pixels of the widget
    Tool m_tool = Tool::Pen;
    double m_penWidth = 22;
};

}  // namespace zwei
