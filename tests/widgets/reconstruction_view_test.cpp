// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/reconstruction_view.h"

#include <QHelpEvent>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QToolTip>

#include "tests/support/shown_widget.h"
#include "widgets/card_dock.h"
#include "widgets/drawing/theme.h"
#include "widgets/reconstruction_tools.h"
#include "widgets/value_slider.h"

namespace zwei {

class ReconstructionViewTest : public QObject {
    Q_OBJECT

private:
    using Mode = ReconstructionView::Mode;

    static ImageBatch images(int count, std::uint8_t grey) {
        ImageBatch made;
        made.count = count;
        made.pixels.assign(static_cast<std::size_t>(count) * kImagePixels, grey);
        return made;
    }
    static std::shared_ptr<ReconstructionSnapshot> snapshot(int count) {
        auto made = std::make_shared<ReconstructionSnapshot>();
        made->inputs = made->outputs = made->differences = images(count, 200);
        for (int i = 0; i < count; ++i) made->indices.push_back(1000 + i);
        made->psnr = 21.34;
        return made;
    }
    /// Of a model that is shown images which are not clean, a shade a row.
    static std::shared_ptr<ReconstructionSnapshot> restored(int count) {
        auto made = snapshot(count);
        made->originals = images(count, 255);
        made->inputs = images(count, 60);
        made->outputs = images(count, 150);
        made->differences = images(count, 255);
        made->inputPsnr = 12.04;
        return made;
    }
    static std::shared_ptr<DreamSnapshot> dream(int count) {
        auto made = std::make_shared<DreamSnapshot>();
        made->images = images(count, 200);
        for (int i = 0; i < count; ++i) made->codes.push_back({0.5, -0.01 * i});
        return made;
    }
    static QString tipAt(ReconstructionView& view, QPoint position) {
        QToolTip::hideText();
        QHelpEvent event(QEvent::ToolTip, position, view.mapToGlobal(position));
        QCoreApplication::sendEvent(&view, &event);
        return QToolTip::text();
    }
    static bool isShown(const ReconstructionTools& tools, const char* name) {
        return tools.findChild<QWidget*>(QLatin1String(name))->isVisibleTo(&tools);
    }
    static QString noiseText(const ReconstructionTools& tools) {
        return tools.findChild<QLabel*>(QStringLiteral("noiseText"))->text();
    }

private Q_SLOTS:
    void initTestCase() { test::applyLook(); }

    void aClickPicksTheImageOfItsColumn() {
        ReconstructionView view;
        test::showAt(view, {800, 180});
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
        test::showAt(view, {800, 180});
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
        test::showAt(view, {400, 180});
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
        test::showAt(view, {800, 180});
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

    void theCleanImagesStandAboveInputsThatAreNot() {
        ReconstructionView view;
        test::showAt(view, {800, 200});
        view.setSnapshot(snapshot(20));
        const int ofThreeRows = view.columns();
        QSignalSpy columns(&view, &ReconstructionView::columnsChanged);
        view.setSnapshot(restored(40));
        QVERIFY(view.columns() > ofThreeRows);
        QCOMPARE(columns.last().first().toInt(), view.columns());

        // The last column ends at the right edge.
        const QImage picture = view.grab().toImage();
        const auto shade = [&](int row) { return picture.pixelColor(790, 25 + 50 * row); };
        QCOMPARE(shade(0), Theme::current().text);
        QVERIFY(shade(1).lightness() < shade(2).lightness());
        QVERIFY(shade(2).lightness() < shade(0).lightness());
        QCOMPARE(shade(3), Theme::current().difference);

        QSignalSpy picked(&view, &ReconstructionView::imagePicked);
        for (const int y : {25, 75, 125, 175}) QTest::mouseClick(&view, Qt::LeftButton, {}, QPoint(790, y));
        QCOMPARE(picked.count(), 4);
        QCOMPARE(picked.last().first().toInt(), 1000 + view.columns() - 1);
        view.setSnapshot(snapshot(20));
        QCOMPARE(view.columns(), ofThreeRows);
    }

    void theLabelsSayHowMuchIsRecovered() {
        ReconstructionView view;
        test::showAt(view, {800, 200});
        view.setSnapshot(snapshot(4));
        QCOMPARE(view.accessibleDescription(), QStringLiteral("4 test images in rows: in, out 21.3 dB, difference"));
        QTRY_VERIFY(tipAt(view, {10, 30}).isEmpty());
        QVERIFY(tipAt(view, {10, 100}).contains(QStringLiteral("signal-to-noise")));
        QCOMPARE(tipAt(view, {110, 100}), QStringLiteral("test image 1000"));
        view.setSnapshot(restored(4));
        QCOMPARE(view.accessibleDescription(),
                 QStringLiteral("4 test images in rows: clean, in 12.0 dB, out 21.3 dB, difference"));
        QTRY_VERIFY(tipAt(view, {10, 25}).isEmpty());
        for (const int y : {75, 125}) QVERIFY(tipAt(view, {10, y}).contains(QStringLiteral("signal-to-noise")));
        auto unmeasured = snapshot(4);
        unmeasured->psnr = 0;
        view.setSnapshot(unmeasured);
        QVERIFY(!view.accessibleDescription().contains(QStringLiteral("dB")));
    }

    void aClickPicksTheDreamtImage() {
        ReconstructionView view;
        test::showAt(view, {800, 180});
        view.setMode(Mode::Dream);
        view.setDream(dream(view.dreamCapacity()));
        QCOMPARE(view.dreamCapacity(), 3 * view.columns());
        QSignalSpy images(&view, &ReconstructionView::imagePicked);
        QSignalSpy dreams(&view, &ReconstructionView::dreamPicked);
        int last = view.columns() - 1;
        for (const int y : {20, 90, 160}) {
            QTest::mouseClick(&view, Qt::LeftButton, {}, QPoint(798, y));
            QCOMPARE(dreams.last().first().toInt(), last);
            last += view.columns();
        }
        QTest::mouseClick(&view, Qt::LeftButton, {}, QPoint(4, 90));
        QCOMPARE(dreams.count(), 3);
        QCOMPARE(images.count(), 0);
    }

    void keysWalkThroughTheDream() {
        ReconstructionView view;
        test::showAt(view, {800, 180});
        view.setMode(Mode::Dream);
        view.setDream(dream(2 * view.columns() + 1));
        QSignalSpy spy(&view, &ReconstructionView::dreamPicked);
        const auto pickAfter = [&](std::initializer_list<Qt::Key> keys) {
            for (const Qt::Key key : keys) QTest::keyClick(&view, key);
            QTest::keyClick(&view, Qt::Key_Return);
            return spy.last().first().toInt();
        };
        QCOMPARE(pickAfter({Qt::Key_Up, Qt::Key_Left}), 0);
        QCOMPARE(pickAfter({Qt::Key_Right, Qt::Key_Down}), view.columns() + 1);
        QCOMPARE(pickAfter({Qt::Key_Down}), view.columns() + 1);  // nothing is below
        QCOMPARE(pickAfter({Qt::Key_Left, Qt::Key_Down, Qt::Key_Right}), 2 * view.columns());
    }

    void theSizeSaysHowManyDreamsFit() {
        ReconstructionView view;
        test::showAt(view, {400, 180});
        const int few = view.dreamCapacity();
        QSignalSpy spy(&view, &ReconstructionView::dreamCapacityChanged);
        view.resize(800, 180);
        QTRY_VERIFY(!spy.isEmpty());
        QVERIFY(view.dreamCapacity() > few);
        QCOMPARE(spy.last().first().toInt(), view.dreamCapacity());
        // The fourth row of the reconstructions takes nothing from it.
        const int capacity = view.dreamCapacity();
        view.setSnapshot(restored(4));
        QCOMPARE(view.dreamCapacity(), capacity);
        view.resize(800, 700);
        QCOMPARE(view.dreamCapacity() % 6, 0);  // tiles grow no more, and so there are more rows
        view.resize(60, 60);
        QCOMPARE(view.dreamCapacity(), 3);
        view.setMode(Mode::Dream);
        view.setDream(dream(100));
        QVERIFY(!view.grab().isNull());
    }

    void theModeSaysWhatIsShown() {
        ReconstructionView view;
        test::showAt(view, {800, 180});
        view.setSnapshot(snapshot(4));
        QSignalSpy spy(&view, &ReconstructionView::modeChanged);
        view.setMode(Mode::Dream);
        QCOMPARE(spy.count(), 1);
        QCOMPARE(spy.last().first().value<Mode>(), Mode::Dream);
        const QString empty = view.accessibleDescription();
        QTest::keyClick(&view, Qt::Key_Return);

        auto fromCodes = dream(5);
        fromCodes->isFromPrior = false;
        fromCodes->labels.assign(5, 7);
        view.setDream(fromCodes);
        QCOMPARE(view.accessibleDescription(), QStringLiteral("5 dreamt images, from a Gaussian fitted to the codes"));
        QVERIFY(tipAt(view, {10, 90}).contains(QStringLiteral("from a Gaussian fitted to the codes")));
        QCOMPARE(tipAt(view, {110, 30}), QStringLiteral("dreamt as a 7\nz₁ 0.50  z₂ 0.00"));
        view.setSnapshot(snapshot(3));  // while training goes on
        QVERIFY(view.accessibleDescription().startsWith(QStringLiteral("5 dreamt")));

        view.setMode(Mode::Reconstructions);
        QCOMPARE(spy.count(), 2);
        QVERIFY(view.accessibleDescription().startsWith(QStringLiteral("3 test images")));
        view.setDream(dream(9));  // an answer that comes late
        QCOMPARE(view.mode(), Mode::Reconstructions);
        QVERIFY(view.accessibleDescription().startsWith(QStringLiteral("3 test images")));

        view.setMode(Mode::Dream);
        view.clear(QStringLiteral("Load MNIST to see them."));
        QCOMPARE(view.accessibleDescription(), empty);
    }

    void theToolsOfferWhatTheModeHas() {
        ReconstructionTools tools;
        QVERIFY(isShown(tools, "otherImages") && !isShown(tools, "dreamAgain"));
        QSignalSpy modes(&tools, &ReconstructionTools::modeChosen);
        tools.setMode(Mode::Dream);
        QVERIFY(!isShown(tools, "otherImages") && isShown(tools, "dreamAgain"));
        QCOMPARE(modes.count(), 0);

        QSignalSpy again(&tools, &ReconstructionTools::dreamRequested);
        tools.findChild<QToolButton*>(QStringLiteral("dreamAgain"))->click();
        QCOMPARE(again.count(), 1);
        auto* choice = tools.findChild<QWidget*>(QStringLiteral("reconstructionMode"));
        for (auto* segment : choice->findChildren<QPushButton*>()) segment->click();
        QCOMPARE(modes.count(), 2);
        QCOMPARE(modes.first().first().value<Mode>(), Mode::Reconstructions);
        QCOMPARE(modes.last().first().value<Mode>(), Mode::Dream);
        tools.setMode(Mode::Reconstructions);
        QSignalSpy others(&tools, &ReconstructionTools::otherImagesRequested);
        tools.findChild<QToolButton*>(QStringLiteral("otherImages"))->click();
        QCOMPARE(others.count(), 1);
    }

    void theNoiseIsSetInSteps() {
        ReconstructionTools tools;
        QVERIFY(!isShown(tools, "noiseLevel"));
        QSignalSpy spy(&tools, &ReconstructionTools::noiseLevelChanged);
        tools.setNoise(Noise{});
        QVERIFY(isShown(tools, "noiseLevel"));
        QCOMPARE(noiseText(tools), QStringLiteral("noise σ 0.40"));
        QCOMPARE(spy.count(), 0);

        auto* slider = tools.findChild<ValueSlider*>(QStringLiteral("noiseLevel"));
        QTest::keyClick(slider, Qt::Key_Right);
        QCOMPARE(spy.last().first().toDouble(), 0.45);
        QTest::mouseClick(slider, Qt::LeftButton, {}, QPoint(slider->width() * 2 / 3, slider->height() / 2));
        QCOMPARE(spy.last().first().toDouble(), 0.75);
        QCOMPARE(noiseText(tools), QStringLiteral("noise σ 0.75"));
        for (int i = 0; i < 30; ++i) QTest::keyClick(slider, Qt::Key_Right);
        QCOMPARE(spy.last().first().toDouble(), 1.0);

        tools.setNoise(Noise{.kind = NoiseKind::Blocks, .level = 0.25});
        QCOMPARE(noiseText(tools), QStringLiteral("noise 25 %"));
        tools.setMode(Mode::Dream);
        QVERIFY(!isShown(tools, "noiseLevel"));
        tools.setMode(Mode::Reconstructions);
        QVERIFY(isShown(tools, "noiseLevel"));
        tools.setNoise(std::nullopt);
        QVERIFY(!isShown(tools, "noiseLevel"));
    }

    void theToolsLeaveTheTitleItsRoom() {
        auto* tools = new ReconstructionTools;
        tools->setNoise(Noise{});
        auto* view = new ReconstructionView;
        CardDock card(QStringLiteral("reconstructions"), QStringLiteral("Live reconstructions"), view);
        card.setExplanation(QStringLiteral("test images of MNIST"));
        card.addTool(tools);
        card.resize(560, 240);
        card.show();
        QVERIFY(QTest::qWaitForWindowExposed(&card));
        QCOMPARE(card.width(), 560);
        for (const Mode mode : {Mode::Reconstructions, Mode::Dream}) {
            tools->setMode(mode);
            QCoreApplication::processEvents();
            const auto labels = card.titleBarWidget()->findChildren<QLabel*>();
            const auto* title = labels.first();
            QCOMPARE(title->text(), QStringLiteral("Live reconstructions"));
            QVERIFY(title->width() >= title->sizeHint().width());
            QVERIFY(tools->width() >= tools->sizeHint().width());
            QVERIFY(tools->mapTo(&card, QPoint(tools->width(), 0)).x() < card.width());
        }
    }
};

}  // namespace zwei

QTEST_MAIN(zwei::ReconstructionViewTest)
#include "reconstruction_view_test.moc"
