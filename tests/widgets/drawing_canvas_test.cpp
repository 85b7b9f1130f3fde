// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/drawing_canvas.h"

#include <QContextMenuEvent>
#include <QPointingDevice>
#include <QSignalSpy>
#include <QTabletEvent>
#include <QTest>
#include <algorithm>
#include <cmath>

#include "widgets/style_sheet.h"

namespace zwei {

using Tool = DrawingCanvas::Tool;

class DrawingCanvasTest : public QObject {
    Q_OBJECT

private:
    // 282 pixels make one pixel of the drawing one of the widget, inside the hairline.
    static constexpr int kWidgetSide = DrawingCanvas::kSide + 2;

    struct Shown : DrawingCanvas {
        explicit Shown(const QSize& size = {kWidgetSide, kWidgetSide}) {
            resize(size);
            show();
        }
    };
    static QPoint onWidget(const QPoint& drawn) { return drawn + QPoint(1, 1); }
    static void stroke(DrawingCanvas& canvas, const QList<QPoint>& points, Qt::MouseButton button = Qt::LeftButton) {
        QTest::mousePress(&canvas, button, {}, onWidget(points.first()));
        for (const QPoint& point : points.mid(1)) QTest::mouseMove(&canvas, onWidget(point));
        QTest::mouseRelease(&canvas, button, {}, onWidget(points.last()));
    }
    static int inkAt(const DrawingCanvas& canvas, int x, int y) { return canvas.drawing().constScanLine(y)[x]; }
    /// Of the column at `x`: the ink in it, in full pixels, which is how thick a level line is there.
    static double thickness(const DrawingCanvas& canvas, int x) {
        const QImage drawing = canvas.drawing();
        double sum = 0;
        for (int y = 0; y < drawing.height(); ++y) sum += drawing.constScanLine(y)[x] / 255.0;
        return sum;
    }
    /// The smallest rectangle with all ink.
    static QRect inked(const DrawingCanvas& canvas) {
        QRect box;
        const QImage drawing = canvas.drawing();
        for (int y = 0; y < drawing.height(); ++y)
            for (int x = 0; x < drawing.width(); ++x)
                if (drawing.constScanLine(y)[x] > 127) box |= QRect(x, y, 1, 1);
        return box;
    }
    static void sendTablet(DrawingCanvas& canvas, const QPointingDevice& stylus, QEvent::Type type, const QPoint& drawn,
                           double pressure) {
        const QPoint at = onWidget(drawn);
        const auto buttons = type == QEvent::TabletRelease ? Qt::NoButton : Qt::LeftButton;
        const auto button = type == QEvent::TabletMove ? Qt::NoButton : Qt::LeftButton;
        QTabletEvent event(type, &stylus, at, canvas.mapToGlobal(at), pressure, 0, 0, 0, 0, 0, Qt::NoModifier, button,
                           buttons);
        QCoreApplication::sendEvent(&canvas, &event);
        QVERIFY(event.isAccepted());
    }
    static void tabletStroke(DrawingCanvas& canvas, QPointingDevice::PointerType tip, const QPoint& from,
                             const QPoint& to, double pressure) {
        const QPointingDevice stylus(QStringLiteral("stylus"), 1, QInputDevice::DeviceType::Stylus, tip,
                                     QInputDevice::Capability::Position | QInputDevice::Capability::Pressure, 1, 1);
        sendTablet(canvas, stylus, QEvent::TabletPress, from, pressure);
        for (int i = 1; i <= 8; ++i)
            sendTablet(canvas, stylus, QEvent::TabletMove, from + (to - from) * i / 8, pressure);
        sendTablet(canvas, stylus, QEvent::TabletRelease, to, 0);
    }

private Q_SLOTS:
    void initTestCase() {
        qApp->setFont(Theme::font(12));
        qApp->setStyleSheet(styleSheet(Theme::current()));
    }

    void aStrokeInksWhatItCrosses() {
        Shown canvas;
        QVERIFY(canvas.isEmpty());
        QCOMPARE(canvas.drawing().size(), QSize(280, 280));
        QCOMPARE(canvas.drawing().format(), QImage::Format_Grayscale8);
        stroke(canvas, {{60, 140}, {100, 140}, {160, 140}, {220, 140}});
        QVERIFY(!canvas.isEmpty());
        for (int x = 60; x <= 220; ++x) QCOMPARE(inkAt(canvas, x, 140), 255);
        const QRect expected(60 - 11, 140 - 11, 160 + 22, 22);
        const QRect box = inked(canvas);
        QVERIFY(expected.adjusted(-1, -1, 1, 1).contains(box));
        QVERIFY(box.contains(expected.adjusted(1, 1, -1, -1)));
        QVERIFY(std::abs(thickness(canvas, 140) - 22) < 0.5);
    }

    void aStrokeIsRoundAndSmooth() {
        Shown canvas;
        canvas.setPenWidth(10);
        stroke(canvas, {{60, 200}, {140, 60}, {220, 200}});
        // A parabola from the middle of one way, (100, 130), to that of the other, and still to where the pointer was.
        QCOMPARE(inkAt(canvas, 140, 95), 255);
        QCOMPARE(inkAt(canvas, 140, 60), 0);
        QCOMPARE(inkAt(canvas, 140, 130), 0);
        QCOMPARE(inkAt(canvas, 60, 200), 255);
        QCOMPARE(inkAt(canvas, 220, 200), 255);
        const QImage drawing = canvas.drawing();
        const uchar* bits = drawing.constBits();
        QVERIFY(std::any_of(bits, bits + drawing.sizeInBytes(), [](uchar ink) { return ink > 0 && ink < 255; }));
    }

    void aClickMakesADot() {
        Shown canvas;
        QTest::mouseClick(&canvas, Qt::LeftButton, {}, onWidget({100, 80}));
        QCOMPARE(inkAt(canvas, 100, 80), 255);
        const QRect box = inked(canvas);
        QVERIFY(std::abs(box.width() - 22) <= 1 && std::abs(box.height() - 22) <= 1);
        QVERIFY(std::abs(box.center().x() - 100) <= 1 && std::abs(box.center().y() - 80) <= 1);
        QCOMPARE(inkAt(canvas, 91, 71), 0);  // a disc, not a square
        QCOMPARE(canvas.undoStack().count(), 1);
    }

    void itIsTheSameDrawingAtAnySize() {
        Shown canvas({600, 422});
        // The paper is 420 wide and starts at 90 + 1.
        QTest::mouseClick(&canvas, Qt::LeftButton, {}, QPoint(90, 1) + QPoint(90, 300));
        const QRect box = inked(canvas);
        QVERIFY(std::abs(box.center().x() - 60) <= 1);
        QVERIFY(std::abs(box.center().y() - 200) <= 1);
        QVERIFY(std::abs(box.width() - 22) <= 1);
    }

    void theWidthIsKeptWithinItsRange() {
        Shown canvas;
        QCOMPARE(canvas.penWidth(), 22.0);
        canvas.setPenWidth(1);
        QCOMPARE(canvas.penWidth(), 6.0);
        canvas.setPenWidth(1000);
        QCOMPARE(canvas.penWidth(), 60.0);
        canvas.setPenWidth(40);
        stroke(canvas, {{60, 140}, {220, 140}});
        QVERIFY(std::abs(thickness(canvas, 140) - 40) < 0.5);
    }

    void theEraserAndTheRightButtonErase() {
        Shown canvas;
        stroke(canvas, {{40, 140}, {240, 140}});
        stroke(canvas, {{100, 100}, {100, 180}}, Qt::RightButton);
        QCOMPARE(inkAt(canvas, 100, 140), 0);
        QCOMPARE(inkAt(canvas, 60, 140), 255);
        QCOMPARE(canvas.tool(), Tool::Pen);
        canvas.setTool(Tool::Eraser);
        stroke(canvas, {{180, 100}, {180, 180}});
        QCOMPARE(inkAt(canvas, 180, 140), 0);
        QCOMPARE(inkAt(canvas, 220, 140), 255);
        QCOMPARE(canvas.undoStack().count(), 3);
        stroke(canvas, {{20, 20}, {60, 20}});
        QCOMPARE(canvas.undoStack().count(), 3);  // nothing was there
        canvas.setTool(Tool::Pen);
        stroke(canvas, {{20, 20}, {60, 20}});
        QCOMPARE(inkAt(canvas, 40, 20), 255);
    }

    void aStylusPressesAndErases() {
        Shown canvas;
        using PointerType = QPointingDevice::PointerType;
        tabletStroke(canvas, PointerType::Pen, {40, 60}, {240, 60}, 1);
        QVERIFY(std::abs(thickness(canvas, 140) - 22) < 0.5);
        canvas.clear();
        tabletStroke(canvas, PointerType::Pen, {40, 140}, {240, 140}, 0.5);
        QVERIFY(std::abs(thickness(canvas, 140) - 22 * 0.7) < 0.5);
        canvas.clear();
        tabletStroke(canvas, PointerType::Pen, {40, 200}, {240, 200}, 0.01);
        QVERIFY(std::abs(thickness(canvas, 140) - 22 * 0.4) < 0.5);
        tabletStroke(canvas, PointerType::Eraser, {140, 180}, {140, 220}, 1);
        QCOMPARE(inkAt(canvas, 140, 200), 0);
        QCOMPARE(inkAt(canvas, 60, 200), 255);
        QCOMPARE(canvas.undoStack().count(), 6);
    }

    void thePressureMayChangeOnTheWay() {
        Shown canvas;
        canvas.setPenWidth(40);
        const QPointingDevice stylus(QStringLiteral("stylus"), 1, QInputDevice::DeviceType::Stylus,
                                     QPointingDevice::PointerType::Pen,
                                     QInputDevice::Capability::Position | QInputDevice::Capability::Pressure, 1, 1);
        sendTablet(canvas, stylus, QEvent::TabletPress, {40, 140}, 0);
        for (int i = 1; i <= 20; ++i) sendTablet(canvas, stylus, QEvent::TabletMove, {40 + 10 * i, 140}, i / 20.0);
        sendTablet(canvas, stylus, QEvent::TabletRelease, {240, 140}, 0);
        for (int x = 60; x <= 200; x += 20)
            QVERIFY(std::abs(thickness(canvas, x) - 40 * (0.4 + 0.6 * (x - 40) / 200)) < 1.5);
    }

    void undoAndRedoBringTheImagesBack() {
        Shown canvas;
        QList<QImage> states = {canvas.drawing()};
        stroke(canvas, {{40, 40}, {90, 120}, {200, 60}});
        states << canvas.drawing();
        stroke(canvas, {{40, 200}, {240, 200}});
        states << canvas.drawing();
        stroke(canvas, {{140, 40}, {140, 240}}, Qt::RightButton);
        states << canvas.drawing();
        canvas.clear();
        states << canvas.drawing();
        QVERIFY(canvas.isEmpty());
        QImage other(280, 280, QImage::Format_Grayscale8);
        other.fill(77);
        canvas.setDrawing(other);
        states << canvas.drawing();
        QCOMPARE(canvas.drawing(), other);
        QCOMPARE(canvas.undoStack().count(), 5);

        for (int i = 4; i >= 0; --i) {
            QTest::keyClick(&canvas, Qt::Key_Z, Qt::ControlModifier);
            QCOMPARE(canvas.drawing(), states[i]);
        }
        QTest::keyClick(&canvas, Qt::Key_Z, Qt::ControlModifier);
        for (int i = 1; i <= 5; ++i) {
            QTest::keyClick(&canvas, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
            QCOMPARE(canvas.drawing(), states[i]);
        }
    }

    void clearingNothingIsNothing() {
        Shown canvas;
        QSignalSpy spy(&canvas, &DrawingCanvas::drawn);
        canvas.clear();
        QTest::keyClick(&canvas, Qt::Key_Delete);
        QCOMPARE(canvas.undoStack().count(), 0);
        QCOMPARE(spy.count(), 0);
        stroke(canvas, {{40, 40}, {90, 120}});
        QTest::keyClick(&canvas, Qt::Key_Delete);
        QVERIFY(canvas.isEmpty());
        QCOMPARE(canvas.undoStack().count(), 2);
    }

    void everyChangeIsTold() {
        Shown canvas;
        QSignalSpy spy(&canvas, &DrawingCanvas::drawn);
        QTest::mousePress(&canvas, Qt::LeftButton, {}, {60, 60});
        QCOMPARE(spy.count(), 1);
        QTest::mouseMove(&canvas, {100, 60});
        QTest::mouseMove(&canvas, {140, 90});
        QCOMPARE(spy.count(), 3);
        QTest::mouseRelease(&canvas, Qt::LeftButton, {}, {140, 90});
        QCOMPARE(spy.count(), 3);
        canvas.undoStack().undo();
        QCOMPARE(spy.count(), 4);
        canvas.undoStack().redo();
        QCOMPARE(spy.count(), 5);
        canvas.clear();
        QCOMPARE(spy.count(), 6);
        QTest::mouseMove(&canvas, {200, 200});
        QCOMPARE(spy.count(), 6);
    }

    void aStrokeUnderWayIsWholeForTheUndo() {
        Shown canvas;
        QTest::mousePress(&canvas, Qt::LeftButton, {}, {60, 60});
        QTest::mouseMove(&canvas, {100, 60});
        QTest::keyClick(&canvas, Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(canvas.isEmpty());
        QTest::mouseMove(&canvas, {140, 60});
        QTest::mouseRelease(&canvas, Qt::LeftButton, {}, {140, 60});
        QVERIFY(canvas.isEmpty());
        QVERIFY(canvas.undoStack().canRedo());
    }

    void anUndoFromOutsideGivesAStrokeUp() {
        Shown canvas;
        stroke(canvas, {{40, 40}, {90, 120}});
        QTest::mousePress(&canvas, Qt::LeftButton, {}, {60, 200});
        QTest::mouseMove(&canvas, {100, 200});
        canvas.undoStack().undo();
        QTest::mouseMove(&canvas, {140, 200});
        QTest::mouseRelease(&canvas, Qt::LeftButton, {}, {140, 200});
        QVERIFY(canvas.isEmpty());
        QCOMPARE(canvas.undoStack().index(), 0);
    }

    void theRightButtonOpensNoMenu() {
        QWidget window;
        window.setContextMenuPolicy(Qt::CustomContextMenu);
        auto* canvas = new DrawingCanvas(&window);
        QSignalSpy spy(&window, &QWidget::customContextMenuRequested);
        QContextMenuEvent event(QContextMenuEvent::Mouse, {10, 10}, canvas->mapToGlobal(QPoint(10, 10)));
        QCoreApplication::sendEvent(canvas, &event);
        QCOMPARE(spy.count(), 0);
    }

    void anyImageBecomesADrawing() {
        Shown canvas;
        QImage image(28, 28, QImage::Format_RGB32);
        image.fill(Qt::black);
        for (int y = 7; y < 21; ++y)
            for (int x = 7; x < 21; ++x) image.setPixelColor(x, y, Qt::white);
        canvas.setDrawing(image);
        QCOMPARE(canvas.drawing().size(), QSize(280, 280));
        QCOMPARE(canvas.drawing().format(), QImage::Format_Grayscale8);
        QCOMPARE(inkAt(canvas, 140, 140), 255);
        QCOMPARE(inkAt(canvas, 30, 30), 0);
        canvas.setDrawing(canvas.drawing());
        QCOMPARE(canvas.undoStack().count(), 1);
        canvas.setDrawing({});
        QVERIFY(canvas.isEmpty());
    }

    void inkIsShownInTheThemesColours() {
        const Theme before = Theme::current();
        for (const Theme& theme : {Theme::lightTheme(), Theme::darkTheme()}) {
            Theme::setCurrent(theme);
            Shown canvas;
            stroke(canvas, {{60, 140}, {220, 140}});
            const QImage shown = canvas.grab().toImage();
            const double scale = shown.devicePixelRatio();
            QCOMPARE(shown.pixelColor((QPointF(140, 141) * scale).toPoint()), theme.text);
            QCOMPARE(shown.pixelColor((QPointF(140, 40) * scale).toPoint()), theme.card);
        }
        Theme::setCurrent(before);
    }
};

}  // namespace zwei

QTEST_MAIN(zwei::DrawingCanvasTest)
#include "drawing_canvas_test.moc"
