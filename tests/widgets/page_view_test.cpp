// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/page_view.h"

#include <QMouseEvent>
#include <QSignalSpy>
#include <QTest>
#include <cmath>

#include "widgets/style_sheet.h"

namespace zwei {

using Boxes = std::vector<Box>;

class PageViewTest : public QObject {
    Q_OBJECT

private:
    static QImage pageOf(int width, int height, const QColor& colour = Qt::white) {
        QImage page(width, height, QImage::Format_RGB32);
        page.fill(colour);
        return page;
    }

    /// A page of 200 x 100, one of its pixels shown as `zoom` of the widget's.
    struct Shown : PageView {
        explicit Shown(int zoomed = 2, const QSize& margin = {0, 0}) : zoom(zoomed), origin(1, 1) {
            resize(200 * zoom + 2 + 2 * margin.width(), 100 * zoom + 2 + 2 * margin.height());
            origin += QPoint(margin.width(), margin.height());
            setPage(pageOf(200, 100));
            setBoxes({{20, 20, 40, 60}, {100, 20, 40, 60}});
            show();
        }
        QPoint at(int x, int y) const { return origin + QPoint(x, y) * zoom; }
        void press(int x, int y) { QTest::mousePress(this, Qt::LeftButton, {}, at(x, y)); }
        void move(int x, int y) { QTest::mouseMove(this, at(x, y)); }
        void release(int x, int y) { QTest::mouseRelease(this, Qt::LeftButton, {}, at(x, y)); }
        void click(int x, int y) { QTest::mouseClick(this, Qt::LeftButton, {}, at(x, y)); }
        void drag(const QPoint& from, const QPoint& to) {
            press(from.x(), from.y());
            move((from.x() + to.x()) / 2, (from.y() + to.y()) / 2);
            move(to.x(), to.y());
            release(to.x(), to.y());
        }

        int zoom;
        QPoint origin;
    };
    static Boxes lastOf(const QSignalSpy& spy) { return spy.last().first().value<Boxes>(); }
    static QColor colourAt(const QImage& shown, const QPoint& at) {
        return shown.pixelColor((QPointF(at) * shown.devicePixelRatio()).toPoint());
    }

private Q_SLOTS:
    void initTestCase() {
        qApp->setFont(Theme::font(12));
        qApp->setStyleSheet(styleSheet(Theme::current()));
    }

    void aClickChooses() {
        Shown view;
        QSignalSpy chosen(&view, &PageView::currentChanged);
        QSignalSpy edited(&view, &PageView::boxesEdited);
        QCOMPARE(view.current(), -1);
        view.click(120, 50);
        QCOMPARE(view.current(), 1);
        view.click(40, 50);
        QCOMPARE(view.current(), 0);
        view.click(40, 50);
        view.click(80, 50);  // bare paper
        QCOMPARE(view.current(), 0);
        QCOMPARE(chosen.count(), 2);
        QCOMPARE(chosen.first().first().toInt(), 1);
        QCOMPARE(edited.count(), 0);
    }

    void ofBoxesInEachOtherTheSmallestIsMeant() {
        Shown view;
        view.setBoxes({{10, 10, 180, 80}, {90, 40, 20, 20}});
        view.click(100, 50);
        QCOMPARE(view.current(), 1);
        view.click(30, 30);
        QCOMPARE(view.current(), 0);
    }

    void aProgramIsNotAPerson() {
        Shown view;
        QSignalSpy chosen(&view, &PageView::currentChanged);
        QSignalSpy edited(&view, &PageView::boxesEdited);
        view.setCurrent(1);
        QCOMPARE(view.current(), 1);
        view.setBoxes({{0, 0, 10, 10}});
        QCOMPARE(view.current(), 0);
        view.setCurrent(7);
        QCOMPARE(view.current(), -1);
        view.setBoxes({{190, -5, 40, 20}, {500, 500, 3, 3}});
        QCOMPARE(view.boxes(), Boxes({{190, 0, 10, 15}, {199, 99, 1, 1}}));
        view.setPage(pageOf(50, 50));
        QVERIFY(view.boxes().empty());
        QCOMPARE(chosen.count() + edited.count(), 0);
    }

    void aDragMoves() {
        Shown view;
        QSignalSpy chosen(&view, &PageView::currentChanged);
        QSignalSpy edited(&view, &PageView::boxesEdited);
        view.press(40, 50);
        QCOMPARE(view.current(), 0);
        view.move(45, 52);
        QCOMPARE(edited.count(), 1);
        QCOMPARE(lastOf(edited), Boxes({{25, 22, 40, 60}, {100, 20, 40, 60}}));
        view.move(50, 57);
        QCOMPARE(edited.count(), 2);
        QCOMPARE(lastOf(edited), Boxes({{30, 27, 40, 60}, {100, 20, 40, 60}}));
        view.release(50, 57);
        QCOMPARE(edited.count(), 3);
        QCOMPARE(lastOf(edited), view.boxes());
        QCOMPARE(chosen.count(), 1);
        view.drag({50, 57}, {40, 50});
        QCOMPARE(view.boxes().front(), (Box{20, 20, 40, 60}));
    }

    void aTremblingClickMovesNothing() {
        Shown view;
        QSignalSpy edited(&view, &PageView::boxesEdited);
        QTest::mousePress(&view, Qt::LeftButton, {}, view.at(40, 50));
        QTest::mouseMove(&view, view.at(40, 50) + QPoint(1, 1));
        QTest::mouseRelease(&view, Qt::LeftButton, {}, view.at(40, 50) + QPoint(1, 1));
        QCOMPARE(edited.count(), 0);
        QCOMPARE(view.boxes().front(), (Box{20, 20, 40, 60}));
    }

    void edgesAndCornersResize_data() {
        QTest::addColumn<QPoint>("from");
        QTest::addColumn<QPoint>("to");
        QTest::addColumn<QRect>("box");
        QTest::newRow("left") << QPoint(20, 50) << QPoint(10, 50) << QRect(10, 20, 50, 60);
        QTest::newRow("right") << QPoint(60, 50) << QPoint(70, 55) << QRect(20, 20, 50, 60);
        QTest::newRow("top") << QPoint(40, 20) << QPoint(30, 30) << QRect(20, 30, 40, 50);
        QTest::newRow("bottom") << QPoint(40, 80) << QPoint(40, 90) << QRect(20, 20, 40, 70);
        QTest::newRow("top left") << QPoint(20, 20) << QPoint(15, 30) << QRect(15, 30, 45, 50);
        QTest::newRow("bottom right") << QPoint(60, 80) << QPoint(50, 95) << QRect(20, 20, 30, 75);
        QTest::newRow("bottom left") << QPoint(20, 80) << QPoint(5, 70) << QRect(5, 20, 55, 50);
        QTest::newRow("beside the edge") << QPoint(62, 50) << QPoint(72, 50) << QRect(20, 20, 50, 60);
        QTest::newRow("over the other edge") << QPoint(20, 50) << QPoint(90, 50) << QRect(59, 20, 1, 60);
        QTest::newRow("out of the page") << QPoint(20, 20) << QPoint(-30, -30) << QRect(0, 0, 60, 80);
        QTest::newRow("moved out") << QPoint(40, 50) << QPoint(-60, 400) << QRect(0, 40, 40, 60);
    }
    void edgesAndCornersResize() {
        QFETCH(const QPoint, from);
        QFETCH(const QPoint, to);
        QFETCH(const QRect, box);
        Shown view;
        QSignalSpy edited(&view, &PageView::boxesEdited);
        view.drag(from, to);
        const Box expected = {box.x(), box.y(), box.width(), box.height()};
        QCOMPARE(view.boxes(), Boxes({expected, {100, 20, 40, 60}}));
        QCOMPARE(lastOf(edited), view.boxes());
        QCOMPARE(view.current(), 0);
    }

    void aDragOnBarePaperMakesABox() {
        Shown view;
        QSignalSpy chosen(&view, &PageView::currentChanged);
        QSignalSpy edited(&view, &PageView::boxesEdited);
        view.drag({190, 90}, {160, 10});
        QCOMPARE(view.boxes(), Boxes({{20, 20, 40, 60}, {100, 20, 40, 60}, {160, 10, 30, 80}}));
        QCOMPARE(lastOf(edited), view.boxes());
        QCOMPARE(view.current(), 2);
        QCOMPARE(chosen.count(), 1);
        view.drag({80, 90}, {300, 300});
        QCOMPARE(view.boxes().back(), (Box{80, 90, 120, 10}));
        const int before = static_cast<int>(edited.count());
        QTest::mousePress(&view, Qt::LeftButton, {}, view.at(80, 5));
        QTest::mouseMove(&view, view.at(80, 5) + QPoint(30, 3));
        QTest::mouseRelease(&view, Qt::LeftButton, {}, view.at(80, 5) + QPoint(30, 3));
        QCOMPARE(view.boxes().size(), std::size_t(4));
        QCOMPARE(edited.count(), before);
    }

    void theKeysRemoveAndChoose() {
        Shown view;
        view.setBoxes({{0, 0, 10, 10}, {20, 0, 10, 10}, {40, 0, 10, 10}});
        QSignalSpy chosen(&view, &PageView::currentChanged);
        QSignalSpy edited(&view, &PageView::boxesEdited);
        QTest::keyClick(&view, Qt::Key_Delete);
        QCOMPARE(edited.count(), 0);
        for (const int expected : {0, 1, 2, 2}) {
            QTest::keyClick(&view, Qt::Key_Right);
            QCOMPARE(view.current(), expected);
        }
        QTest::keyClick(&view, Qt::Key_Left);
        QCOMPARE(view.current(), 1);
        QCOMPARE(chosen.count(), 4);
        QTest::keyClick(&view, Qt::Key_Delete);
        QCOMPARE(lastOf(edited), Boxes({{0, 0, 10, 10}, {40, 0, 10, 10}}));
        QCOMPARE(view.current(), 1);
        QTest::keyClick(&view, Qt::Key_Backspace);
        QCOMPARE(lastOf(edited), Boxes({{0, 0, 10, 10}}));
        QCOMPARE(view.current(), 0);
        QCOMPARE(chosen.last().first().toInt(), 0);
        QTest::keyClick(&view, Qt::Key_Delete);
        QCOMPARE(view.current(), -1);
        QVERIFY(view.boxes().empty());
    }

    void escapeRestores() {
        Shown view;
        const Boxes before = view.boxes();
        QSignalSpy edited(&view, &PageView::boxesEdited);
        view.press(60, 80);
        view.move(80, 90);
        QVERIFY(view.boxes() != before);
        QTest::keyClick(&view, Qt::Key_Escape);
        QCOMPARE(view.boxes(), before);
        QCOMPARE(lastOf(edited), before);
        QCOMPARE(edited.count(), 2);
        view.move(90, 95);
        view.release(90, 95);
        QCOMPARE(view.boxes(), before);
        QCOMPARE(edited.count(), 2);

        view.press(160, 10);
        view.move(190, 90);
        QCOMPARE(view.current(), 2);
        QTest::keyClick(&view, Qt::Key_Escape);
        view.release(190, 90);
        QCOMPARE(view.boxes(), before);
        QCOMPARE(view.current(), 0);
    }

    void whoeverHearsMayAnswerWithBoxes() {
        Shown view;
        connect(&view, &PageView::boxesEdited, &view, [&](const Boxes& boxes) { view.setBoxes(boxes); });
        view.drag({40, 50}, {50, 55});
        QCOMPARE(view.boxes().front(), (Box{30, 25, 40, 60}));
        connect(&view, &PageView::boxesEdited, &view, [&] { view.setBoxes({}); });
        view.drag({50, 55}, {60, 60});
        QVERIFY(view.boxes().empty());
        QCOMPARE(view.current(), -1);
    }

    void boxesAreInPixelsOfThePageAtAnySize() {
        for (const int zoom : {1, 3}) {
            Shown view(zoom, {zoom == 1 ? 30 : 0, zoom == 1 ? 0 : 40});
            view.drag({40, 50}, {50, 60});
            QCOMPARE(view.boxes().front(), (Box{30, 30, 40, 60}));
            view.drag({160, 10}, {190, 90});
            QCOMPARE(view.boxes().back(), (Box{160, 10, 30, 80}));
        }
    }

    void aLargePageIsFitted() {
        PageView view;
        view.resize(402, 302);
        view.setPage(pageOf(4000, 3000));
        view.setBoxes({{1000, 1000, 500, 500}});
        view.show();
        QSignalSpy edited(&view, &PageView::boxesEdited);
        const auto drag = [&](const QPoint& from, const QPoint& to) {
            QTest::mousePress(&view, Qt::LeftButton, {}, from);
            QTest::mouseMove(&view, to);
            QTest::mouseRelease(&view, Qt::LeftButton, {}, to);
        };
        drag({126, 126}, {136, 121});
        QCOMPARE(lastOf(edited), Boxes({{1100, 950, 500, 500}}));
        drag({301, 201}, {351, 251});
        QCOMPARE(view.boxes().back(), (Box{3000, 2000, 500, 500}));
    }

    void whatCannotBeSeenCannotBeChanged() {
        Shown view;
        view.setCurrent(0);
        view.setBoxesShown(false);
        QSignalSpy edited(&view, &PageView::boxesEdited);
        view.drag({40, 50}, {50, 55});
        view.drag({160, 10}, {190, 90});
        QTest::keyClick(&view, Qt::Key_Delete);
        QCOMPARE(edited.count(), 0);
        QCOMPARE(view.boxes().size(), std::size_t(2));
        view.setBoxesShown(true);
        view.drag({40, 50}, {50, 55});
        QVERIFY(edited.count() > 0);
    }

    void anAnswerDoesNotBreakADragOff() {
        Shown view;
        const auto before = view.boxes();
        QTest::mousePress(&view, Qt::LeftButton, Qt::NoModifier, view.at(40, 50));
        QTest::mouseMove(&view, view.at(50, 55));
        const auto dragged = view.boxes();
        QVERIFY(dragged != before);
        view.setBoxes(before);  // what somebody made of a place on the way
        QVERIFY(view.boxes() == dragged);
        QTest::mouseMove(&view, view.at(60, 60));
        QTest::mouseRelease(&view, Qt::LeftButton, Qt::NoModifier, view.at(60, 60));
        QVERIFY(view.boxes() != dragged);
        QVERIFY(view.boxes() != before);
        view.setBoxes(before);
        QVERIFY(view.boxes() == before);
    }

    void boxesAreDrawnInTheAccent() {
        Shown view;
        const QColor accent = Theme::current().accent;
        const QColor thin = colourAt(view.grab().toImage(), view.at(20, 50));
        QVERIFY(std::abs(thin.hue() - accent.hue()) <= 2 && thin.saturation() > 80);
        QCOMPARE(colourAt(view.grab().toImage(), view.at(40, 50)), QColor(Qt::white));
        view.setCurrent(0);
        QCOMPARE(colourAt(view.grab().toImage(), view.at(20, 50)), accent);
        const QColor filled = colourAt(view.grab().toImage(), view.at(40, 50));
        QVERIFY(filled != QColor(Qt::white) && filled.lightness() > 200);
        view.clear(QStringLiteral("Nothing here yet."));
        QCOMPARE(view.accessibleDescription(), QStringLiteral("Nothing here yet."));
        QVERIFY(view.boxes().empty());
        QVERIFY(colourAt(view.grab().toImage(), view.at(20, 50)) != accent);
    }

    void theCursorTellsWhatADragWouldDo() {
        Shown view;
        const auto cursorAt = [&](int x, int y) {
            const QPoint at = view.at(x, y);
            QMouseEvent event(QEvent::MouseMove, at, view.mapToGlobal(at), Qt::NoButton, Qt::NoButton, Qt::NoModifier);
            QCoreApplication::sendEvent(&view, &event);
            return view.cursor().shape();
        };
        QCOMPARE(cursorAt(80, 50), Qt::CrossCursor);
        QCOMPARE(cursorAt(40, 50), Qt::SizeAllCursor);
        QCOMPARE(cursorAt(20, 50), Qt::SizeHorCursor);
        QCOMPARE(cursorAt(40, 80), Qt::SizeVerCursor);
        QCOMPARE(cursorAt(20, 20), Qt::SizeFDiagCursor);
        QCOMPARE(cursorAt(60, 80), Qt::SizeFDiagCursor);
        QCOMPARE(cursorAt(60, 20), Qt::SizeBDiagCursor);
    }
};

}  // namespace zwei

QTEST_MAIN(zwei::PageViewTest)
#include "page_view_test.moc"
