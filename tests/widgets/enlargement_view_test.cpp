// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/enlargement_view.h"

#include <QApplication>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QSignalSpy>
#include <QTest>
#include <QToolTip>
#include <algorithm>
#include <set>

#include "tests/support/shown_widget.h"
#include "widgets/drawing/theme.h"

namespace zwei {

class EnlargementViewTest : public QObject {
    Q_OBJECT

private:
    using Tile = TileView::Tile;

    static ImageBatch image(int side, int seed) {
        ImageBatch made{1, side, side, {}};
        for (int i = 0; i < side * side; ++i)
            made.pixels.push_back(static_cast<std::uint8_t>((i * 7 + seed * 53) % 256));
        return made;
    }
    static Enlargement enlargement(int factor, double networkPsnr) {
        Enlargement made;
        made.factor = factor;
        made.small = image(kImageSide / factor, factor);
        made.bicubic = image(kImageSide, factor + 1);
        made.lanczos = image(kImageSide, factor + 2);
        made.network = image(kImageSide, factor + 3);
        made.bicubicQuality = {0.01, 19.04, 0.8};
        made.lanczosQuality = {0.01, 19.5, 0.81};
        made.networkQuality = {0.01, networkPsnr, 0.9};
        return made;
    }
    /// The network is the best of the first row and the worst of the second.
    static std::shared_ptr<EnlargedDigit> digit() {
        auto made = std::make_shared<EnlargedDigit>();
        made->digit = image(kImageSide, 0);
        made->enlarged = {enlargement(2, 24.26), enlargement(4, 11.5)};
        return made;
    }
    static Tile tile(const TileView& view, const QString& name) {
        const auto& tiles = view.tiles();
        const auto found =
            std::find_if(tiles.begin(), tiles.end(), [&](const Tile& tile) { return tile.name == name; });
        return found == tiles.end() ? Tile{} : *found;
    }
    static QString tipAt(QWidget& view, QPoint position) {
        QToolTip::hideText();
        QHelpEvent event(QEvent::ToolTip, position, view.mapToGlobal(position));
        QCoreApplication::sendEvent(&view, &event);
        return QToolTip::text();
    }
    static bool isImage(const QImage& image, const ImageBatch& of) {
        if (image.format() != QImage::Format_Grayscale8 || image.size() != QSize(of.width, of.height)) return false;
        for (int y = 0; y < of.height; ++y)
            for (int x = 0; x < of.width; ++x)
                if (image.constScanLine(y)[x] != of.pixels[static_cast<std::size_t>(y * of.width + x)]) return false;
        return true;
    }
    static int brightest(const QImage& picture, const QRect& box) {
        int most = 0;
        for (int y = box.top(); y <= box.bottom(); ++y)
            for (int x = box.left(); x <= box.right(); ++x)
                if (picture.rect().contains(x, y)) most = std::max(most, picture.pixelColor(x, y).lightness());
        return most;
    }

private Q_SLOTS:
    void initTestCase() { test::applyLook(); }

    void aFactorIsARowOfFive_data() {
        QTest::addColumn<QSize>("size");
        QTest::newRow("small") << QSize(360, 190);
        QTest::newRow("card") << QSize(520, 190);
        QTest::newRow("large") << QSize(1400, 700);
    }
    void aFactorIsARowOfFive() {
        QFETCH(QSize, size);
        EnlargementView view;
        test::showAt(view, size);
        view.setDigit(digit());
        QCOMPARE(view.tiles().size(), std::size_t(10));
        std::set<int> lefts, tops;
        for (const Tile& tile : view.tiles()) {
            QVERIFY(view.rect().contains(tile.box));
            QVERIFY(tile.box.width() >= 28);
            lefts.insert(tile.box.left());
            tops.insert(tile.box.top());
        }
        QCOMPARE(lefts.size(), std::size_t(5));
        QCOMPARE(tops.size(), std::size_t(2));
        for (const char* name : {"small 2×", "bicubic 2×", "Lanczos 4×", "network 4×", "original"})
            QVERIFY(tile(view, QString::fromUtf8(name)).images);
    }

    void pixelsOfTheSmallImageAreSquares() {
        EnlargementView view;
        test::showAt(view, {520, 190});
        auto shown = digit();
        auto& pixels = shown->enlarged[1].small.pixels;  // [7, 7], a chessboard
        for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = i % 2 == 0 ? 255 : 0;
        view.setDigit(shown);
        const QRect box = tile(view, QStringLiteral("small 4×")).box;
        const QImage picture = view.grab().toImage();
        const int square = box.width() / 7;
        QCOMPARE(box.width() % 7, 0);
        for (int y = 0; y < box.height(); ++y)
            for (int x = 0; x < box.width(); ++x) {
                const bool isInk = (y / square * 7 + x / square) % 2 == 0;
                QCOMPARE(picture.pixelColor(box.left() + x, box.top() + y),
                         isInk ? Theme::current().text : Theme::current().card);
            }
    }

    void tooltipsTellTheBest() {
        EnlargementView view;
        test::showAt(view, {520, 190});
        view.setDigit(digit());
        const auto tip = [&](const char* name) {
            return tipAt(view, tile(view, QString::fromUtf8(name)).box.center());
        };
        QCOMPARE(tip("bicubic 2×"), QStringLiteral("bicubic 2×\nPSNR 19.0 dB, SSIM 0.800"));
        QVERIFY(tip("network 2×").contains(QStringLiteral("24.3 dB")));
        QVERIFY(tip("network 2×").contains(QStringLiteral("best")));
        QVERIFY(!tip("network 4×").contains(QStringLiteral("best")));
        QVERIFY(tip("Lanczos 4×").contains(QStringLiteral("best")));
        QCOMPARE(tip("small 2×"), QStringLiteral("small 2×"));
        QCOMPARE(tip("original"), QStringLiteral("original"));
    }

    void theBestFigureIsTheBrightest_data() {
        QTest::addColumn<QSize>("size");
        QTest::newRow("two lines") << QSize(400, 220);
        QTest::newRow("one line") << QSize(860, 220);
    }
    void theBestFigureIsTheBrightest() {
        QFETCH(QSize, size);
        EnlargementView view;
        test::showAt(view, size);
        view.setDigit(digit());
        const QImage picture = view.grab().toImage();
        const auto brightness = [&](const char* name) {
            const QRect box = tile(view, QString::fromUtf8(name)).box;
            return brightest(picture, QRect(box.left(), box.bottom() + 2, box.width(), 14));
        };
        const int muted = Theme::current().muted.lightness();
        for (const char* best : {"network 2×", "Lanczos 4×"}) QVERIFY(brightness(best) > muted + 20);
        for (const char* other : {"bicubic 2×", "Lanczos 2×", "bicubic 4×", "network 4×"}) {
            QVERIFY(brightness(other) <= muted);
            QVERIFY(brightness(other) > Theme::current().card.lightness() + 20);
        }
    }

    void tilesCanBeSelectedAndTakenOut() {
        EnlargementView view;
        test::showAt(view, {520, 190});
        const auto shown = digit();
        view.setDigit(shown);
        QSignalSpy selected(&view, &TileView::selected);
        QSignalSpy drags(&view, &TileView::dragRequested);
        const QPoint from = tile(view, QStringLiteral("network 4×")).box.center();
        QTest::mousePress(&view, Qt::LeftButton, {}, from);
        QCOMPARE(selected.last().first().toInt(), 8);
        const QPoint to = from + QPoint(0, QApplication::startDragDistance() + 1);
        QMouseEvent move(QEvent::MouseMove, to, view.mapToGlobal(QPointF(to)), Qt::NoButton, Qt::LeftButton, {});
        QCoreApplication::sendEvent(&view, &move);
        QCOMPARE(drags.count(), 1);
        QVERIFY(isImage(drags.last().first().value<QImage>(), shown->enlarged[1].network));
        QCOMPARE(drags.last().last().toString(), QStringLiteral("network 4×"));
        QTest::mouseRelease(&view, Qt::LeftButton, {}, to);

        QTest::keyClick(&view, Qt::Key_Up);
        QCOMPARE(view.selectedImage()->second, QStringLiteral("network 2×"));
        for (int i = 0; i < 9; ++i) QTest::keyClick(&view, Qt::Key_Left);
        QCOMPARE(view.selectedImage()->second, QStringLiteral("small 2×"));
        QVERIFY(isImage(view.selectedImage()->first, shown->enlarged[0].small));
        // The original stands in both rows, and is taken out once.
        QCOMPARE(view.allImages().size(), std::size_t(9));
    }

    void anEmptyViewSaysWhy() {
        EnlargementView view;
        test::showAt(view, {520, 190});
        view.setDigit(digit());
        QVERIFY(view.accessibleDescription().contains(QStringLiteral("network 24.3 dB")));
        view.clear(QStringLiteral("Pick a digit first."));
        QCOMPARE(view.accessibleDescription(), QStringLiteral("Pick a digit first."));
        QVERIFY(view.tiles().empty());
        QVERIFY(view.allImages().empty());
        QVERIFY(brightest(view.grab().toImage(), view.rect()) > Theme::current().card.lightness() + 20);
    }
};

}  // namespace zwei

QTEST_MAIN(zwei::EnlargementViewTest)
#include "enlargement_view_test.moc"
