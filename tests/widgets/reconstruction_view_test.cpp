// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/reconstruction_view.h"

#include <QSignalSpy>
#include <QTest>

namespace zwei {

class ReconstructionViewTest : public QObject {
    Q_OBJECT

private:
    static std::shared_ptr<const ReconstructionSnapshot> snapshot(int count) {
        auto made = std::make_shared<ReconstructionSnapshot>();
        made->inputs.count = count;
        made->inputs.pixels.assign(static_cast<std::size_t>(count) * kImagePixels, 200);
        made->outputs = made->inputs;
        made->differences = made->inputs;
        for (int i = 0; i < count; ++i) made->indices.push_back(1000 + i);
        return made;
    }
    static void prepare(ReconstructionView& view, QSize size) {
        view.resize(size);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
    }

private Q_SLOTS:
    void aClickPicksTheImageOfItsColumn() {
        ReconstructionView view;
        prepare(view, {800, 180});
        view.setSnapshot(snapshot(view.columns()));
        QSignalSpy spy(&view, &ReconstructionView::imagePicked);
        // The last column ends at the right edge, the same image stands in all three rows.
        for (const int y : {20, 90, 160}) QTest::mouseClick(&view, Qt::LeftButton, {}, QPoint(798, y));
        QCOMPARE(spy.count(), 3);
        for (const auto& call : spy) QCOMPARE(call.first().toInt(), 1000 + view.columns() - 1);
        QTest::mouseClick(&view, Qt::LeftButton, {}, QPoint(4, 90));
        QCOMPARE(spy.count(), 3);
    }

    void keysPickToo() {
        ReconstructionView view;
        prepare(view, {800, 180});
        view.setSnapshot(snapshot(4));
        QSignalSpy spy(&view, &ReconstructionView::imagePicked);
        for (int i = 0; i < 2; ++i) QTest::keyClick(&view, Qt::Key_Right);
        QTest::keyClick(&view, Qt::Key_Return);
        QCOMPARE(spy.last().first().toInt(), 1002);
        for (int i = 0; i < 9; ++i) QTest::keyClick(&view, Qt::Key_Right);
        QTest::keyClick(&view, Qt::Key_Return);
        QCOMPARE(spy.last().first().toInt(), 1003);
    }

    void aWiderViewAsksForMoreColumns() {
        ReconstructionView view;
        prepare(view, {400, 180});
        const int few = view.columns();
        QSignalSpy spy(&view, &ReconstructionView::columnsChanged);
        view.resize(800, 180);
        QTRY_VERIFY(!spy.isEmpty());
        QVERIFY(view.columns() > few);
        QCOMPARE(spy.last().first().toInt(), view.columns());
        view.resize(60, 180);
        QCOMPARE(view.columns(), 1);
    }

    void fewerImagesThanColumnsAreNoFault() {
        ReconstructionView view;
        prepare(view, {800, 180});
        view.setSnapshot(snapshot(2));
        QSignalSpy spy(&view, &ReconstructionView::imagePicked);
        QTest::mouseClick(&view, Qt::LeftButton, {}, QPoint(798, 90));
        QCOMPARE(spy.count(), 0);
        QVERIFY(!view.grab().isNull());
        view.clear(QStringLiteral("Load MNIST to see them."));
        QCOMPARE(view.accessibleDescription(), QStringLiteral("Load MNIST to see them."));
        QTest::keyClick(&view, Qt::Key_Return);
        QCOMPARE(spy.count(), 0);
        QVERIFY(!view.grab().isNull());
    }
};

}  // namespace zwei

QTEST_MAIN(zwei::ReconstructionViewTest)
#include "reconstruction_view_test.moc"
