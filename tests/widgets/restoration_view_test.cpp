// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/restoration_view.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QSignalSpy>
#include <QTest>
#include <QToolTip>
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "tests/support/shown_widget.h"
#include "widgets/drawing/theme.h"

namespace zwei {

class RestorationViewTest : public QObject {
    Q_OBJECT

private:
    using Tile = TileView::Tile;

    /// No pixel like its neighbour, and no image like another.
    static ImageBatch images(int count, int seed) {
        ImageBatch made;
        made.count = count;
        for (int i = 0; i < count * kImagePixels; ++i)
            made.pixels.push_back(static_cast<std::uint8_t>((i * 7 + i / kImagePixels * 31 + seed * 53) % 256));
        return made;
    }
    static std::shared_ptr<RestoredDigits> digits(int count) {
        auto made = std::make_shared<RestoredDigits>();
        made->digits = images(count, 1);
        made->noisy = images(count, 2);
        made->noisyQuality = ImageQuality{0.05, 13.04, 0.311};
        made->restored = {{Restorer::Denoiser, images(count, 3), ImageQuality{0.01, 20.04, 0.8124}},
                          {Restorer::Model, images(count, 4), ImageQuality{0.01, 17.5, 0.7}},
                          {Restorer::Components, images(count, 5), ImageQuality{0.01, 21.26, 0.79}},
                          {Restorer::Median, images(count, 6), ImageQuality{0.01, 15.1, 0.5}}};
        return made;
    }
    /// As they came from a page: nobody knows the clean ones.
    static std::shared_ptr<RestoredDigits> unmeasured(int count) {
        auto made = digits(count);
        made->noisy = {};
        made->noisyQuality.reset();
        for (Restored& restored : made->restored) restored.quality.reset();
        return made;
    }
    static int tileNamed(const TileView& view, const QString& name) {
        const auto& tiles = view.tiles();
        const auto found =
            std::find_if(tiles.begin(), tiles.end(), [&](const Tile& tile) { return tile.name == name; });
        return found == tiles.end() ? -1 : static_cast<int>(found - tiles.begin());
    }
    static Tile tile(const TileView& view, const QString& name) {
        const int index = tileNamed(view, name);
        return index < 0 ? Tile{} : view.tiles()[static_cast<std::size_t>(index)];
    }
    static void click(TileView& view, const QString& name) {
        QTest::mouseClick(&view, Qt::LeftButton, {}, tile(view, name).box.center());
    }
    static void moveTo(QWidget& view, QPoint to, Qt::MouseButtons buttons) {
        QMouseEvent move(QEvent::MouseMove, to, view.mapToGlobal(QPointF(to)), Qt::NoButton, buttons, {});
        QCoreApplication::sendEvent(&view, &move);
    }
    static QString tipAt(QWidget& view, QPoint position) {
        QToolTip::hideText();
        QHelpEvent event(QEvent::ToolTip, position, view.mapToGlobal(position));
        QCoreApplication::sendEvent(&view, &event);
        return QToolTip::text();
    }
    static bool isImage(const QImage& image, const ImageBatch& of, int index) {
        if (image.format() != QImage::Format_Grayscale8 || image.size() != QSize(of.width, of.height)) return false;
        const auto pixels = of.image(index);
        for (int y = 0; y < of.height; ++y)
            for (int x = 0; x < of.width; ++x)
                if (image.constScanLine(y)[x] != pixels[static_cast<std::size_t>(y * of.width + x)]) return false;
        return true;
    }
    static ImageBatch difference(const ImageBatch& a, const ImageBatch& b) {
        ImageBatch made = a;
        for (std::size_t i = 0; i < made.pixels.size(); ++i)
            made.pixels[i] = static_cast<std::uint8_t>(std::abs(int(a.pixels[i]) - int(b.pixels[i])));
        return made;
    }
    static bool isDifferenceOf(const RestorationView& view, const ImageBatch& a, const ImageBatch& b) {
        const Tile shown = tile(view, QStringLiteral("difference 1"));
        return shown.images && shown.isDifference && shown.images->pixels == difference(a, b).pixels;
    }
    static int brightest(const QImage& picture, const QRect& box) {
        int most = 0;
        for (int y = box.top(); y <= box.bottom(); ++y)
            for (int x = box.left(); x <= box.right(); ++x)
                if (picture.rect().contains(x, y)) most = std::max(most, picture.pixelColor(x, y).lightness());
        return most;
    }
    static int shownTiles(const TileView& view) {
        const auto& tiles = view.tiles();
        return static_cast<int>(
            std::count_if(tiles.begin(), tiles.end(), [](const Tile& tile) { return !tile.box.isNull(); }));
    }

private Q_SLOTS:
    void initTestCase() { test::applyLook(); }

    void thereIsATileForEveryMethodAndDigit() {
        RestorationView view;
        test::showAt(view, {520, 190});
        view.setDigits(digits(3));
        QCOMPARE(view.tiles().size(), std::size_t(3 * 7));  // digit, with noise, 4 methods, difference
        QCOMPARE(shownTiles(view), 3 * 7);
        view.setDigits(unmeasured(3));
        QCOMPARE(view.tiles().size(), std::size_t(3 * 5));
        QCOMPARE(tileNamed(view, QStringLiteral("with noise 1")), -1);
        QCOMPARE(tileNamed(view, QStringLiteral("difference 1")), -1);
        QVERIFY(isImage(view.allImages()[5].first, view.tiles()[5].images[0], 1));
    }

    void everyTileIsInSightAndOfAUsefulSize_data() {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<int>("count");
        for (const QSize size : {QSize(520, 190), QSize(860, 200), QSize(1400, 700), QSize(1500, 800), QSize(300, 700)})
            for (const int count : {1, 2, 3, 8, 12, 60})
                QTest::addRow("%dx%d, %d", size.width(), size.height(), count) << size << count;
    }
    void everyTileIsInSightAndOfAUsefulSize() {
        QFETCH(QSize, size);
        QFETCH(int, count);
        RestorationView view;
        test::showAt(view, size);
        view.setDigits(digits(count));
        QCOMPARE(shownTiles(view), 7 * view.shownDigits());
        std::vector<QRect> boxes;
        for (const Tile& tile : view.tiles()) {
            if (tile.box.isNull()) continue;
            QVERIFY(view.rect().contains(tile.box));
            QCOMPARE(tile.box.width(), tile.box.height());
            QVERIFY(tile.box.width() >= 20 && tile.box.width() <= 96);
            for (const QRect& other : boxes) QVERIFY(!tile.box.intersects(other));
            boxes.push_back(tile.box);
        }
        QVERIFY(!view.grab().isNull());
    }

    void fewDigitsStandInColumnsAndManyInRows() {
        RestorationView view;
        test::showAt(view, {520, 190});
        view.setDigits(digits(2));
        const auto at = [&](const char* name) { return tile(view, QString::fromLatin1(name)).box; };
        QCOMPARE(at("digit 1").top(), at("denoiser 1").top());
        QCOMPARE(at("digit 1").left(), at("digit 2").left());
        view.setDigits(digits(10));
        QCOMPARE(at("digit 1").left(), at("denoiser 1").left());
        QCOMPARE(at("digit 1").top(), at("digit 2").top());
    }

    void aClickSelectsATileAndPicksItsDigit() {
        RestorationView view;
        test::showAt(view, {520, 190});
        const auto shown = digits(3);
        view.setDigits(shown);
        QVERIFY(!view.selectedImage());
        QSignalSpy picked(&view, &RestorationView::digitPicked);
        QSignalSpy chosen(&view, &TileView::selected);
        click(view, QStringLiteral("denoiser 3"));
        QCOMPARE(picked.count(), 1);
        QCOMPARE(picked.last().first().toInt(), 2);
        QCOMPARE(view.current(), 2);
        QCOMPARE(chosen.last().first().toInt(), tileNamed(view, QStringLiteral("denoiser 3")));
        QVERIFY(view.selectedImage());
        QCOMPARE(view.selectedImage()->second, QStringLiteral("denoiser 3"));
        QVERIFY(isImage(view.selectedImage()->first, shown->restored[0].images, 2));

        click(view, QStringLiteral("digit 2"));
        QCOMPARE(picked.last().first().toInt(), 1);
        QTest::mouseClick(&view, Qt::LeftButton, {}, QPoint(1, 1));
        QCOMPARE(picked.count(), 2);
        QCOMPARE(chosen.count(), 2);
    }

    void theSelectedTileIsOutlinedInTheAccent() {
        RestorationView view;
        test::showAt(view, {520, 190});
        view.setDigits(digits(1));
        const auto colourAt = [&](const char* name) {
            const QRect box = tile(view, QString::fromLatin1(name)).box;
            return view.grab().toImage().pixelColor(box.center().x(), box.top() - 1);
        };
        QVERIFY(colourAt("denoiser 1") != Theme::current().accent);
        click(view, QStringLiteral("denoiser 1"));
        QCOMPARE(colourAt("denoiser 1"), Theme::current().accent);
        QVERIFY(colourAt("PCA 1") != Theme::current().accent);
    }

    void arrowsMoveTheSelection() {
        RestorationView view;
        test::showAt(view, {520, 190});
        view.setDigits(digits(2));
        QSignalSpy picked(&view, &RestorationView::digitPicked);
        const auto after = [&](Qt::Key key) {
            QTest::keyClick(&view, key);
            return view.selectedImage() ? view.selectedImage()->second : QString();
        };
        QCOMPARE(after(Qt::Key_Right), QStringLiteral("digit 1"));
        QCOMPARE(after(Qt::Key_Right), QStringLiteral("with noise 1"));
        QCOMPARE(after(Qt::Key_Down), QStringLiteral("with noise 2"));
        QCOMPARE(picked.last().first().toInt(), 1);
        QCOMPARE(after(Qt::Key_Down), QStringLiteral("with noise 2"));
        QCOMPARE(after(Qt::Key_Left), QStringLiteral("digit 2"));
        QCOMPARE(after(Qt::Key_Left), QStringLiteral("digit 2"));
        QCOMPARE(after(Qt::Key_Up), QStringLiteral("digit 1"));
    }

    void notAllOfManyDigitsAreShown() {
        RestorationView view;
        test::showAt(view, {520, 190});
        view.setDigits(digits(60));
        const int fit = view.shownDigits();
        QVERIFY(fit > 3 && fit < 60);
        QVERIFY(tile(view, QStringLiteral("digit 1")).box.isValid());
        QVERIFY(tile(view, QStringLiteral("digit 40")).box.isNull());
        QCOMPARE(view.allImages().size(), std::size_t(60 * 7));

        view.setCurrent(39);
        QVERIFY(tile(view, QStringLiteral("digit 40")).box.isValid());
        QVERIFY(tile(view, QStringLiteral("digit 39")).box.isValid());
        QVERIFY(tile(view, QStringLiteral("digit 1")).box.isNull());
        // An arrow goes on beyond the edge, and a click moves nothing.
        click(view, QStringLiteral("denoiser 40"));
        const QRect before = tile(view, QStringLiteral("denoiser 40")).box;
        QCOMPARE(view.tiles()[static_cast<std::size_t>(view.selectedTile())].box, before);
        QSignalSpy picked(&view, &RestorationView::digitPicked);
        for (int i = 0; i < 30; ++i) QTest::keyClick(&view, Qt::Key_Right);
        QCOMPARE(picked.last().first().toInt(), 59);
        QCOMPARE(view.selectedImage()->second, QStringLiteral("denoiser 60"));
        QVERIFY(tile(view, QStringLiteral("denoiser 60")).box.isValid());
        view.setCurrent(0);
        QCOMPARE(view.selectedImage()->second, QStringLiteral("denoiser 1"));
    }

    void aTileCanBeDraggedOut() {
        RestorationView view;
        test::showAt(view, {520, 190});
        const auto shown = digits(2);
        view.setDigits(shown);
        QSignalSpy drags(&view, &TileView::dragRequested);
        const QPoint from = tile(view, QStringLiteral("PCA 2")).box.center();
        QTest::mousePress(&view, Qt::LeftButton, {}, from);
        moveTo(view, from + QPoint(QApplication::startDragDistance() - 1, 0), Qt::LeftButton);
        QCOMPARE(drags.count(), 0);
        moveTo(view, from + QPoint(QApplication::startDragDistance(), 0), Qt::LeftButton);
        moveTo(view, from + QPoint(90, 0), Qt::LeftButton);
        QCOMPARE(drags.count(), 1);
        QVERIFY(isImage(drags.last().first().value<QImage>(), shown->restored[2].images, 1));
        QCOMPARE(drags.last().last().toString(), QStringLiteral("PCA 2"));
        QTest::mouseRelease(&view, Qt::LeftButton, {}, from);
        moveTo(view, from + QPoint(40, 0), Qt::LeftButton);
        QCOMPARE(drags.count(), 1);

        QTest::mousePress(&view, Qt::LeftButton, {}, QPoint(1, 1));
        moveTo(view, from, Qt::LeftButton);
        QCOMPARE(drags.count(), 1);
    }

    void theDifferenceIsThatOfTheChosenMethod() {
        RestorationView view;
        test::showAt(view, {520, 190});
        const auto shown = digits(2);
        view.setDigits(shown);
        QCOMPARE(view.chosen(), std::optional(Restorer::Denoiser));
        QVERIFY(isDifferenceOf(view, shown->digits, shown->restored[0].images));
        click(view, QStringLiteral("median 3 × 3 2"));
        QCOMPARE(view.chosen(), std::optional(Restorer::Median));
        QVERIFY(isDifferenceOf(view, shown->digits, shown->restored[3].images));
        // What nothing restored is no method to compare with.
        for (const char* name : {"difference 1", "digit 1", "with noise 2"}) {
            click(view, QString::fromLatin1(name));
            QVERIFY(isDifferenceOf(view, shown->digits, shown->restored[3].images));
        }
        click(view, QStringLiteral("difference 2"));
        QVERIFY(isImage(view.selectedImage()->first, difference(shown->digits, shown->restored[3].images), 1));

        auto fewer = digits(2);
        fewer->restored.pop_back();
        view.setDigits(fewer);
        QCOMPARE(view.chosen(), std::optional(Restorer::Denoiser));
        QVERIFY(isDifferenceOf(view, fewer->digits, fewer->restored[0].images));
    }

    void theDifferenceIsOrange() {
        RestorationView view;
        test::showAt(view, {520, 190});
        auto shown = digits(1);
        std::fill(shown->digits.pixels.begin(), shown->digits.pixels.end(), std::uint8_t(255));
        std::fill(shown->restored[0].images.pixels.begin(), shown->restored[0].images.pixels.end(), std::uint8_t(0));
        view.setDigits(shown);
        const QImage picture = view.grab().toImage();
        QCOMPARE(picture.pixelColor(tile(view, QStringLiteral("digit 1")).box.center()), Theme::current().text);
        QCOMPARE(picture.pixelColor(tile(view, QStringLiteral("difference 1")).box.center()),
                 Theme::current().difference);
    }

    void tooltipsNameATileAndItsFigures() {
        RestorationView view;
        test::showAt(view, {520, 190});
        view.setModelName(QStringLiteral("vae.safetensors"));
        view.setDigits(digits(2));
        const auto tip = [&](const char* name) {
            return tipAt(view, tile(view, QString::fromUtf8(name)).box.center());
        };
        QCOMPARE(tip("denoiser 2"), QStringLiteral("denoiser 2\nPSNR 20.0 dB, SSIM 0.812 (mean of 2 digits)"));
        QCOMPARE(tip("digit 1"), QStringLiteral("digit 1"));
        QVERIFY(tip("with noise 1").contains(QStringLiteral("13.0 dB")));
        QVERIFY(tip("vae.safetensors 1").contains(QStringLiteral("17.5 dB")));
        QVERIFY(tip("PCA 1").contains(QStringLiteral("best")));
        QVERIFY(!tip("median 3 × 3 1").contains(QStringLiteral("best")));
        QVERIFY(tip("difference 1").contains(QStringLiteral("denoiser")));
        view.setDigits(digits(1));
        QVERIFY(!tip("denoiser 1").contains(QStringLiteral("mean")));
        QTRY_VERIFY(tipAt(view, {1, 1}).isEmpty());
    }

    void theBestFigureIsTheBrightest_data() {
        QTest::addColumn<int>("count");
        QTest::newRow("in columns") << 2;
        QTest::newRow("in rows") << 10;
    }
    void theBestFigureIsTheBrightest() {
        QFETCH(int, count);
        RestorationView view;
        test::showAt(view, {860, 260});
        view.setDigits(digits(count));
        const QImage picture = view.grab().toImage();
        const auto brightness = [&](const char* method) {
            const QRect last = tile(view, QStringLiteral("%1 %2").arg(QString::fromUtf8(method)).arg(count)).box;
            const bool isRow = last.top() == tile(view, QStringLiteral("digit %1").arg(count)).box.top();
            return brightest(picture, isRow ? QRect(last.left(), last.bottom() + 4, last.width(), 30)
                                            : QRect(last.right() + 4, last.top(), 110, last.height()));
        };
        const int muted = Theme::current().muted.lightness();
        QVERIFY(brightness("PCA") > muted + 20);
        for (const char* other : {"denoiser", "with noise", "median 3 × 3", "model"}) {
            QVERIFY(brightness(other) <= muted);
            QVERIFY(brightness(other) > Theme::current().card.lightness() + 20);
        }
    }

    void theMenuIsForTheTileUnderThePointer() {
        RestorationView view;
        test::showAt(view, {520, 190});
        view.setDigits(digits(1));
        QSignalSpy menus(&view, &TileView::contextMenuWanted);
        const QPoint at = tile(view, QStringLiteral("denoiser 1")).box.center();
        QContextMenuEvent event(QContextMenuEvent::Mouse, at, view.mapToGlobal(at));
        QCoreApplication::sendEvent(&view, &event);
        QCOMPARE(menus.count(), 1);
        QCOMPARE(menus.last().first().toPoint(), view.mapToGlobal(at));
        QCOMPARE(view.selectedImage()->second, QStringLiteral("denoiser 1"));
    }

    void theSelectionOutlivesNewDigits() {
        RestorationView view;
        test::showAt(view, {520, 190});
        view.setDigits(unmeasured(2));
        click(view, QStringLiteral("model 2"));
        view.setDigits(digits(2));  // the same with noise, and so with a column more
        QCOMPARE(view.selectedImage()->second, QStringLiteral("model 2"));
        QCOMPARE(view.chosen(), std::optional(Restorer::Model));
        view.setDigits(digits(1));
        QVERIFY(!view.selectedImage());
        QCOMPARE(view.current(), 0);
    }

    void anEmptyViewSaysWhy() {
        RestorationView view;
        test::showAt(view, {520, 190});
        view.setDigits(digits(2));
        QVERIFY(view.accessibleDescription().contains(QStringLiteral("PCA 21.3 dB")));
        click(view, QStringLiteral("digit 1"));
        QSignalSpy picked(&view, &RestorationView::digitPicked);
        const QPoint at = tile(view, QStringLiteral("digit 1")).box.center();
        view.clear(QStringLiteral("Open a picture to see its digits."));
        QCOMPARE(view.accessibleDescription(), QStringLiteral("Open a picture to see its digits."));
        QVERIFY(view.tiles().empty());
        QVERIFY(view.allImages().empty());
        QVERIFY(!view.selectedImage());
        QCOMPARE(view.shownDigits(), 0);
        QTest::mouseClick(&view, Qt::LeftButton, {}, at);
        QTest::keyClick(&view, Qt::Key_Right);
        QCOMPARE(picked.count(), 0);
        QVERIFY(brightest(view.grab().toImage(), view.rect()) > Theme::current().card.lightness() + 20);
    }
};

}  // namespace zwei

QTEST_MAIN(zwei::RestorationViewTest)
#include "restoration_view_test.moc"
