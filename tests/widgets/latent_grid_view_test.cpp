// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/latent_grid_view.h"

#include <QApplication>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>
#include <cmath>
#include <limits>
#include <memory>

#include "widgets/drawing/numerals.h"
#include "widgets/drawing/theme.h"

using namespace zwei;

namespace {

QPointF toScreen(const QWidget& view, QPointF at) { return view.mapToGlobal(at); }

void send(QWidget& view, QEvent::Type type, QPointF at, Qt::MouseButton button = Qt::LeftButton) {
    const bool isDown = type == QEvent::MouseButtonPress;
    QMouseEvent event(type, at, toScreen(view, at), type == QEvent::MouseMove ? Qt::NoButton : button,
                      isDown ? button : Qt::NoButton, Qt::NoModifier);
    QApplication::sendEvent(&view, &event);
}

void drag(QWidget& view, QPointF from, QPointF to) {
    send(view, QEvent::MouseButtonPress, from);
    send(view, QEvent::MouseMove, (from + to) / 2);
    send(view, QEvent::MouseMove, to);
    send(view, QEvent::MouseButtonRelease, to);
}

void turnWheel(QWidget& view, QPointF at, QPoint angle, QPoint pixels = {}) {
    QWheelEvent event(at, toScreen(view, at), pixels, angle, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(&view, &event);
}

/// Tiles of full ink where `isInk(row, column)`, of paper elsewhere.
template <typename IsInk>
std::shared_ptr<const GridSnapshot> snapshotOf(const GridRequest& request, IsInk isInk) {
    auto snapshot = std::make_shared<GridSnapshot>();
    snapshot->request = request;
    snapshot->tiles.count = request.side * request.side;
    for (int tile = 0; tile < snapshot->tiles.count; ++tile) {
        const std::uint8_t grey = isInk(tile / request.side, tile % request.side) ? 255 : 0;
        snapshot->tiles.pixels.insert(snapshot->tiles.pixels.end(), kImagePixels, grey);
    }
    return snapshot;
}

std::shared_ptr<const GridSnapshot> allInk(const GridRequest& request) {
    return snapshotOf(request, [](int, int) { return true; });
}

/// Share of the square's pixels that are nearer to ink than to paper; the cursor is out of the way.
double inkShare(LatentGridView& view, const QRect& part) {
    const QImage picture = view.grab(part).toImage();
    const int middle = (Theme::current().card.lightness() + Theme::current().text.lightness()) / 2;
    int ink = 0;
    for (int y = 0; y < picture.height(); ++y)
        for (int x = 0; x < picture.width(); ++x)
            ink += picture.pixelColor(x, y).lightness() > middle ? 1 : 0;  // the dark theme is in force
    return static_cast<double>(ink) / (picture.width() * picture.height());
}

}  // namespace

class LatentGridViewTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        Theme::setCurrent(Theme::darkTheme());
        m_view = std::make_unique<LatentGridView>();
        m_view->resize(362, 418);
    }

    void cleanup() { m_view.reset(); }

    void gaussianQuantilesInvertTheirDistribution() {
        for (const double z : {-7.0, -3.0, -1.5, -0.1, 0.0, 0.3, 1.0, 2.5, 5.0})
            QVERIFY(std::abs(normalQuantile(normalCdf(z)) - z) < 1e-9);
        QVERIFY(std::abs(normalQuantile(0.975) - 1.959963984540054) < 1e-12);
        QVERIFY(std::abs(normalQuantile(1e-10) + 6.361340902404056) < 1e-10);
        QVERIFY(std::isinf(normalQuantile(0)) && normalQuantile(0) < 0);
        QVERIFY(std::isinf(normalQuantile(1)) && normalQuantile(1) > 0);
    }

    void pointsToDecodeAreRowsFromTheTop() {
        const auto points = gridPoints({2, {-2, -1, 2, 1}, GridSpacing::Even});
        QCOMPARE(points, (std::vector<float>{-1, 0.5F, 1, 0.5F, -1, -0.5F, 1, -0.5F}));
    }

    void quantilePointsHoldEqualSharesOfThePrior() {
        const auto points = gridPoints({4, {}, GridSpacing::GaussianQuantiles});
        for (int column = 0; column < 4; ++column)
            QVERIFY(std::abs(normalCdf(points[static_cast<std::size_t>(2 * column)]) - (column + 0.5) / 4) < 1e-6);
    }

    void squareIsSquareAndInside_data() {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<double>("ratio");
        for (const QSize size : {QSize(216, 260), QSize(386, 466), QSize(800, 800), QSize(900, 300), QSize(60, 40)})
            for (const double ratio : {1.0, 1.25, 1.5, 2.0})
                QTest::addRow("%dx%d at %g", size.width(), size.height(), ratio) << size << ratio;
    }

    void squareIsSquareAndInside() {
        QFETCH(QSize, size);
        QFETCH(double, ratio);
        const QRect square = LatentPlane::squareIn(size, ratio);
        QCOMPARE(square.width(), square.height());
        if (size.height() < 100) return;  // no room for anything: it only must not fall over
        QVERIFY(QRect(QPoint(), size).contains(square));
        for (const int edge : {square.left(), square.top(), square.width()})
            QCOMPARE(edge * ratio, std::round(edge * ratio));
    }

    void clickPicksThePointUnderIt() {
        QSignalSpy picked(m_view.get(), &LatentGridView::cursorPicked);
        const QRect square = m_view->plane().square();
        // A quarter from the left is z1 = -1.5; a quarter from the top is z2 = +1.5.
        const QPoint at(square.left() + square.width() / 4, square.top() + square.height() / 4);
        QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, at);
        QCOMPARE(picked.count(), 1);
        const QPointF z = picked[0][0].toPointF();
        const double pixel = 6.0 / square.width();
        QVERIFY(std::abs(z.x() + 1.5) <= pixel);
        QVERIFY(std::abs(z.y() - 1.5) <= pixel);
    }

    void clickBesideTheSquarePicksNothing() {
        QSignalSpy picked(m_view.get(), &LatentGridView::cursorPicked);
        QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, QPoint(3, 3));
        QCOMPARE(picked.count(), 0);
    }

    void wheelZoomsAboutThePointer() {
        QSignalSpy requested(m_view.get(), &LatentGridView::requestChanged);
        QSignalSpy moved(m_view.get(), &LatentGridView::areaChanged);
        const QPointF at = m_view->plane().toPixel({1, 2});
        turnWheel(*m_view, at, {0, 120});
        QCOMPARE(requested.count(), 1);
        QCOMPARE(moved.count(), 1);
        QVERIFY(m_view->area().width() < 6);
        QCOMPARE(moved[0][0].value<LatentRect>(), m_view->area());
        QCOMPARE(requested[0][0].value<GridRequest>().area, m_view->area());
        const QPointF stays = m_view->plane().toLatent(at);
        QVERIFY(std::hypot(stays.x() - 1, stays.y() - 2) < 1e-9);

        turnWheel(*m_view, at, {0, -120});
        QVERIFY(std::abs(m_view->area().width() - 6) < 1e-9);
    }

    void trackpadZoomsToo() {
        turnWheel(*m_view, m_view->plane().toPixel({0, 0}), {}, {0, 30});
        QVERIFY(m_view->area().width() < 6);
    }

    void zoomHasLimits() {
        const QPointF at = m_view->plane().toPixel({0.5, 0.5});
        for (int i = 0; i < 300; ++i) turnWheel(*m_view, at, {0, 120});
        QVERIFY(m_view->area().width() >= 0.0099);
        for (int i = 0; i < 600; ++i) turnWheel(*m_view, at, {0, -120});
        QVERIFY(m_view->area().width() <= 2000.01);
        QVERIFY(std::abs(m_view->area().width() - m_view->area().height()) < 1e-6);
    }

    void dragPansAndPicksNothing() {
        QSignalSpy picked(m_view.get(), &LatentGridView::cursorPicked);
        QSignalSpy moved(m_view.get(), &LatentGridView::areaChanged);
        const QPointF from = m_view->plane().toPixel({1, 1});
        const QPointF to = m_view->plane().toPixel({0, 2});
        drag(*m_view, from, to);
        QCOMPARE(picked.count(), 0);
        QVERIFY(moved.count() > 0);
        // The point that was taken hold of is where the pointer let go.
        const QPointF z = m_view->plane().toLatent(to);
        QVERIFY(std::hypot(z.x() - 1, z.y() - 1) < 1e-9);
        QVERIFY(std::abs(m_view->area().left + 2) < 1e-9);
        QVERIFY(std::abs(m_view->area().bottom + 4) < 1e-9);
    }

    void dragOfTheRingCarriesTheCursor() {
        m_view->setLatentCursor({-1, -1});
        QSignalSpy picked(m_view.get(), &LatentGridView::cursorPicked);
        drag(*m_view, m_view->plane().toPixel({-1, -1}), m_view->plane().toPixel({1, 0.5}));
        QVERIFY(picked.count() > 0);
        const QPointF z = picked.last()[0].toPointF();
        QVERIFY(std::hypot(z.x() - 1, z.y() - 0.5) < 1e-9);
        QCOMPARE(m_view->area(), LatentRect());
    }

    void doubleClickAndZeroGoBack() {
        m_view->setArea({0, 0, 1, 1});
        QTest::mouseDClick(m_view.get(), Qt::LeftButton, {}, m_view->plane().square().center());
        QCOMPARE(m_view->area(), LatentRect());
        QTest::keyClick(m_view.get(), Qt::Key_Plus);
        QVERIFY(m_view->area().width() < 6);
        QTest::keyClick(m_view.get(), Qt::Key_Minus);
        QTest::keyClick(m_view.get(), Qt::Key_Minus);
        QVERIFY(m_view->area().width() > 6);
        QTest::keyClick(m_view.get(), Qt::Key_0);
        QCOMPARE(m_view->area(), LatentRect());
    }

    void areaSetByCodeAsksAgainButIsNotTheUsers() {
        QSignalSpy requested(m_view.get(), &LatentGridView::requestChanged);
        QSignalSpy moved(m_view.get(), &LatentGridView::areaChanged);
        m_view->setArea({-2, -2, 2, 2});
        m_view->setArea({-2, -2, 2, 2});
        QCOMPARE(requested.count(), 1);
        QCOMPARE(moved.count(), 0);
        m_view->setArea({-4, -1, 4, 1});  // squares stay square
        QCOMPARE(m_view->area(), (LatentRect{-4, -4, 4, 4}));
        m_view->setArea({std::nan(""), 0, 1, 1});
        QCOMPARE(m_view->area(), LatentRect());
    }

    void sideIsKeptInItsLimits() {
        QSignalSpy requested(m_view.get(), &LatentGridView::requestChanged);
        m_view->setSide(400);
        QCOMPARE(m_view->side(), 40);
        m_view->setSide(1);
        QCOMPARE(m_view->request().side, 10);
        QCOMPARE(requested.count(), 2);
    }

    void emptyViewSaysWhy() {
        m_view->clear({});
        const QImage silent = m_view->grab().toImage();
        m_view->clear(QStringLiteral("Nothing is trained yet."));
        QVERIFY(m_view->grab().toImage() != silent);
        QCOMPARE(m_view->accessibleDescription(), QStringLiteral("Nothing is trained yet."));
    }

    void firstRowIsOnTop() {
        m_view->setLatentCursor({500, 500});
        m_view->setSnapshot(snapshotOf(m_view->request(), [](int row, int) { return row < 10; }));
        const QRect square = m_view->plane().square();
        QVERIFY(inkShare(*m_view, QRect(square.topLeft(), QSize(square.width(), square.height() / 2 - 8))) > 0.97);
        QVERIFY(inkShare(*m_view, square.adjusted(0, square.height() / 2 + 8, 0, 0)) < 0.03);
    }

    void staleSnapshotIsDrawnWhereItBelongs() {
        m_view->setLatentCursor({500, 500});
        m_view->setSnapshot(allInk(m_view->request()));
        m_view->setArea({0, 0, 6, 6});  // what was decoded fills the lower left quarter now
        const QRect square = m_view->plane().square();
        const QRect quarter(square.left(), square.top() + square.height() / 2 + 4, square.width() / 2 - 4,
                            square.height() / 2 - 4);
        QVERIFY(inkShare(*m_view, quarter) > 0.99);
        QVERIFY(std::abs(inkShare(*m_view, square) - 0.25) < 0.03);

        m_view->setSnapshot(allInk(m_view->request()));
        QVERIFY(inkShare(*m_view, square) > 0.97);
        m_view->setArea({-2, -2, 10, 10});  // twice as wide: a quarter again
        QVERIFY(std::abs(inkShare(*m_view, square) - 0.25) < 0.03);
    }

    void otherSpacingStretchesTheStaleSnapshot() {
        m_view->setLatentCursor({0, 0});
        m_view->setSnapshot(allInk(m_view->request()));
        m_view->setSpacing(GridSpacing::GaussianQuantiles);
        QVERIFY(inkShare(*m_view, m_view->plane().square()) > 0.9);
    }

    void quantileSpacingAgreesWithItself() {
        QSignalSpy requested(m_view.get(), &LatentGridView::requestChanged);
        m_view->setArea({1, 1, 2, 2});
        m_view->setSpacing(GridSpacing::GaussianQuantiles);
        QCOMPARE(requested.count(), 2);
        const GridRequest request = m_view->request();
        QCOMPARE(request.area, LatentRect());

        // The middle of each tile on the screen is the point that is decoded for it.
        const LatentPlane map = m_view->plane();
        const auto points = gridPoints(request);
        const double tile = static_cast<double>(map.square().width()) / request.side;
        for (int row = 0; row < request.side; ++row)
            for (int column = 0; column < request.side; ++column) {
                const QPointF pixel =
                    QPointF(map.square().topLeft()) + QPointF((column + 0.5) * tile, (row + 0.5) * tile);
                const auto i = static_cast<std::size_t>(2 * (row * request.side + column));
                QVERIFY(std::abs(map.toLatent(pixel).x() - double(points[i])) < 1e-5);
                QVERIFY(std::abs(map.toLatent(pixel).y() - double(points[i + 1])) < 1e-5);
                const QPointF back = map.toPixel(map.toLatent(pixel)) - pixel;
                QVERIFY(std::hypot(back.x(), back.y()) < 1e-6);
            }
    }

    void quantileSpacingPicksButDoesNotMove() {
        m_view->setSpacing(GridSpacing::GaussianQuantiles);
        QSignalSpy picked(m_view.get(), &LatentGridView::cursorPicked);
        QSignalSpy moved(m_view.get(), &LatentGridView::areaChanged);
        const QRect square = m_view->plane().square();
        turnWheel(*m_view, QRectF(square).center(), {0, 120});
        drag(*m_view, QPointF(square.left() + 40, square.top() + 40), QPointF(square.left() + 90, square.top() + 40));
        QCOMPARE(moved.count(), 0);
        QCOMPARE(picked.count(), 0);
        QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, square.topLeft());  // infinitely far out, but finite
        QCOMPARE(picked.count(), 1);
        const QPointF z = picked[0][0].toPointF();
        QVERIFY(std::isfinite(z.x()) && std::isfinite(z.y()) && z.x() < -2.5 && z.y() > 2.5);
    }

    void linkedAreaMeansNothingToQuantileSpacing() {
        m_view->setSpacing(GridSpacing::GaussianQuantiles);
        QSignalSpy requested(m_view.get(), &LatentGridView::requestChanged);
        m_view->setArea({0, 0, 1, 1});
        QCOMPARE(requested.count(), 0);
    }

    void hoverFollowsThePointer() {
        QSignalSpy hovered(m_view.get(), &LatentGridView::pointHovered);
        QSignalSpy left(m_view.get(), &LatentGridView::hoverLeft);
        const QPointF at = m_view->plane().toPixel({-2, 1});
        send(*m_view, QEvent::MouseMove, at);
        QCOMPARE(hovered.count(), 1);
        QVERIFY(std::hypot(hovered[0][0].toPointF().x() + 2, hovered[0][0].toPointF().y() - 1) < 1e-9);
        send(*m_view, QEvent::MouseMove, {2, 2});
        QCOMPARE(left.count(), 1);
    }

    void tiniestViewsPaint() {
        for (const QSize size : {QSize(1, 1), QSize(40, 60), QSize(90, 90)}) {
            m_view->resize(size);
            m_view->setSnapshot(allInk(m_view->request()));
            m_view->setLatentCursor({9, 9});
            QCOMPARE(m_view->grab().size(), size);
            m_view->setArea({5, 5, 5.03, 5.03});
            m_view->grab();
        }
    }

    void numbersHaveTrueMinusSigns() {
        QCOMPARE(numberText(-1.204, 2), QStringLiteral("−1.20"));
        QCOMPARE(numberText(-0.001, 2), QStringLiteral("0.00"));
        QCOMPARE(numberText(3, 0), QStringLiteral("3"));
    }

    void ticksAreWholeNumbersUntilZoomedIn() {
        QStringList texts;
        for (const auto& tick : m_view->plane().horizontalTicks()) texts << tick.text;
        QCOMPARE(texts, QStringList({"−3", "−2", "−1", "0", "1", "2", "3"}));
        m_view->setArea({0, 0, 1, 1});
        QVERIFY(m_view->plane().horizontalTicks().size() > 3);
        QVERIFY(m_view->plane().horizontalTicks()[1].text.startsWith(QStringLiteral("0.")));
    }

private:
    std::unique_ptr<LatentGridView> m_view;
};

QTEST_MAIN(LatentGridViewTest)
#include "latent_grid_view_test.moc"
