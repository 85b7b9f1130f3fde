// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/cluster_view.h"

#include <QAbstractButton>
#include <QApplication>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>
#include <cmath>
#include <limits>
#include <memory>
#include <random>

#include "models/types/class_colours.h"
#include "widgets/drawing/theme.h"
#include "widgets/latent_grid_view.h"

using namespace zwei;

namespace {

CodesPtr codesAt(const std::vector<QPointF>& places) {
    auto codes = std::make_shared<Codes>();
    codes->count = static_cast<int>(places.size());
    codes->dimensions = 2;
    for (const QPointF& place : places) {
        codes->mu.push_back(static_cast<float>(place.x()));
        codes->mu.push_back(static_cast<float>(place.y()));
    }
    codes->logVar.assign(codes->mu.size(), 0);
    return codes;
}

std::shared_ptr<const ImageBatch> inkImages(int count) {
    auto images = std::make_shared<ImageBatch>();
    images->count = count;
    images->pixels.assign(static_cast<std::size_t>(count) * kImagePixels, 255);
    return images;
}

void movePointer(QWidget& view, QPointF at) {
    QMouseEvent event(QEvent::MouseMove, at, view.mapToGlobal(at), Qt::NoButton, Qt::NoButton, Qt::NoModifier);
    QApplication::sendEvent(&view, &event);
}

/// As a mouse does it: the first of the two clicks is one.
void doubleClick(QWidget* widget) {
    QTest::mouseClick(widget, Qt::LeftButton);
    QTest::mouseDClick(widget, Qt::LeftButton);
}

/// How many of the picture's pixels have this colour, give or take a little.
int pixelsLike(const QImage& picture, QColor colour, int slack = 60) {
    int found = 0;
    for (int y = 0; y < picture.height(); ++y)
        for (int x = 0; x < picture.width(); ++x) {
            const QColor at = picture.pixelColor(x, y);
            const int apart = std::abs(at.red() - colour.red()) + std::abs(at.green() - colour.green()) +
                              std::abs(at.blue() - colour.blue());
            found += apart <= slack ? 1 : 0;
        }
    return found;
}

QColor classColour(int index) { return QColor::fromRgb(kClassColours[static_cast<std::size_t>(index)]); }

}  // namespace

class ClusterViewTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        Theme::setCurrent(Theme::darkTheme());
        m_view = std::make_unique<ClusterView>();
        m_view->resize(362, 418);
        m_view->setPointSize(6);
        m_view->setLatentCursor({500, 500});  // out of the way
    }

    void cleanup() { m_view.reset(); }

    void linesUpWithTheGrid() {
        LatentGridView grid;
        grid.resize(m_view->size());
        QCOMPARE(m_view->plane().square(), grid.plane().square());
    }

    void clickOnAPointPicksIt() {
        m_view->setCodes(codesAt({{-2, -2}, {1.25, 0.75}, {2, -1}}), {0, 1, 2}, nullptr);
        QSignalSpy image(m_view.get(), &ClusterView::imagePicked);
        QSignalSpy cursor(m_view.get(), &ClusterView::cursorPicked);
        const QPoint at = m_view->plane().toPixel({1.25, 0.75}).toPoint() + QPoint(2, 1);
        QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, at);
        QCOMPARE(image.count(), 1);
        QCOMPARE(image[0][0].toInt(), 1);
        QCOMPARE(cursor.count(), 1);
        QCOMPARE(cursor[0][0].toPointF(), QPointF(1.25, 0.75));
    }

    void clickBesideThePointsPicksThePlace() {
        m_view->setCodes(codesAt({{-2, -2}}), {0}, nullptr);
        QSignalSpy image(m_view.get(), &ClusterView::imagePicked);
        QSignalSpy cursor(m_view.get(), &ClusterView::cursorPicked);
        const QRect square = m_view->plane().square();
        QTest::mouseClick(m_view.get(), Qt::LeftButton, {},
                          {square.left() + square.width() / 4, square.top() + square.height() / 4});
        QCOMPARE(image.count(), 0);
        QCOMPARE(cursor.count(), 1);
        const QPointF z = cursor[0][0].toPointF();
        QVERIFY(std::abs(z.x() + 1.5) <= 6.0 / square.width());
        QVERIFY(std::abs(z.y() - 1.5) <= 6.0 / square.width());
    }

    void nearestOfManyIsFound() {
        std::mt19937 random(5);
        std::normal_distribution<double> normal;
        std::vector<QPointF> places;
        places.reserve(5001);
        for (int i = 0; i < 5000; ++i) places.emplace_back(normal(random), normal(random));
        places.emplace_back(1e6, -1e6);  // one far outside must not spoil the search
        m_view->setCodes(codesAt(places), {}, nullptr);
        const LatentPlane map = m_view->plane();
        for (int i = 0; i < 200; ++i) {
            const QPointF pixel = map.toPixel({normal(random), normal(random)});
            int nearest = -1;
            double least = 6;  // pixels
            for (int k = 0; k < static_cast<int>(places.size()); ++k) {
                const QPointF apart = map.toPixel(places[static_cast<std::size_t>(k)]) - pixel;
                if (std::hypot(apart.x(), apart.y()) > least) continue;
                least = std::hypot(apart.x(), apart.y());
                nearest = k;
            }
            QSignalSpy hovered(m_view.get(), &ClusterView::pointHovered);
            QSignalSpy left(m_view.get(), &ClusterView::hoverLeft);
            movePointer(*m_view, {1, 1});
            movePointer(*m_view, pixel);
            if (nearest >= 0 && hovered.count() > 0) QCOMPARE(hovered.last()[0].toInt(), nearest);
            QCOMPARE(hovered.count() > 0, nearest >= 0);
        }
    }

    void hoverSaysWhichImageAndShowsIt() {
        m_view->setCodes(codesAt({{0, 0}, {1, 1}}), {3, 4}, inkImages(2));
        const QImage before = m_view->grab().toImage();
        QSignalSpy hovered(m_view.get(), &ClusterView::pointHovered);
        QSignalSpy left(m_view.get(), &ClusterView::hoverLeft);
        movePointer(*m_view, m_view->plane().toPixel({1, 1}));
        movePointer(*m_view, m_view->plane().toPixel({1, 1}) + QPointF(1, 0));  // still the same image
        QCOMPARE(hovered.count(), 1);
        QCOMPARE(hovered[0][0].toInt(), 1);
        const int added =
            pixelsLike(m_view->grab().toImage(), Theme::current().text) - pixelsLike(before, Theme::current().text);
        QVERIFY(added >= 84 * 84);
        movePointer(*m_view, m_view->plane().toPixel({-2, -2}));
        QCOMPARE(left.count(), 1);
        QCOMPARE(m_view->grab().toImage(), before);
    }

    void hoverCardIsNeverCutOff() {
        const std::vector<QPointF> corners = {{-3, 3}, {3, 3}, {-3, -3}, {3, -3}};
        m_view->setCodes(codesAt(corners), {}, inkImages(4));
        const int before = pixelsLike(m_view->grab().toImage(), Theme::current().text);
        for (const QPointF& corner : corners) {
            const QRectF square = QRectF(m_view->plane().square()).adjusted(1, 1, -1, -1);
            const QPointF at = m_view->plane().toPixel(corner);
            movePointer(*m_view, {std::clamp(at.x(), square.left(), square.right()),
                                  std::clamp(at.y(), square.top(), square.bottom())});
            QVERIFY(pixelsLike(m_view->grab().toImage(), Theme::current().text) - before >= 84 * 84);
        }
    }

    void hiddenClassesAreNeitherSeenNorHit() {
        m_view->setCodes(codesAt({{0, 0}, {1, 1}}), {2, 6}, nullptr);
        const QRect square = m_view->plane().square();
        QVERIFY(pixelsLike(m_view->grab(square).toImage(), classColour(6), 150) > 0);
        m_view->setClassVisible(6, false);
        QVERIFY(!m_view->isClassVisible(6));
        QVERIFY(m_view->isClassVisible(2));
        QCOMPARE(pixelsLike(m_view->grab(square).toImage(), classColour(6), 150), 0);
        QSignalSpy hovered(m_view.get(), &ClusterView::pointHovered);
        movePointer(*m_view, m_view->plane().toPixel({1, 1}));
        QCOMPARE(hovered.count(), 0);
        m_view->setClassVisible(6, true);  // the pointer rests on it
        QCOMPARE(hovered.count(), 1);
    }

    void legendTogglesAndShowsAlone() {
        m_view->setCodes(codesAt({{0, 0}}), {1}, nullptr);
        const auto chips = m_view->findChildren<QAbstractButton*>();
        QCOMPARE(chips.size(), kClasses);
        QTest::mouseClick(chips[4], Qt::LeftButton);
        QVERIFY(!m_view->isClassVisible(4) && m_view->isClassVisible(5));
        QTest::mouseClick(chips[4], Qt::LeftButton);
        QVERIFY(m_view->isClassVisible(4));

        doubleClick(chips[7]);
        for (int i = 0; i < kClasses; ++i) QCOMPARE(m_view->isClassVisible(i), i == 7);
        doubleClick(chips[7]);
        for (int i = 0; i < kClasses; ++i) QVERIFY(m_view->isClassVisible(i));

        QTest::keyClick(chips[2], Qt::Key_Space);
        QVERIFY(!m_view->isClassVisible(2));
        QTest::keyClick(chips[3], Qt::Key_Return);
        for (int i = 0; i < kClasses; ++i) QCOMPARE(m_view->isClassVisible(i), i == 3);
    }

    void unlabelledCodesAreShownWithoutALegend() {
        m_view->setCodes(codesAt({{0, 0}, {1, 1}}), {}, nullptr);
        const QImage picture = m_view->grab(m_view->plane().square()).toImage();
        QVERIFY(pixelsLike(picture, classColour(0), 150) > 10);
        for (const auto* chip : m_view->findChildren<QAbstractButton*>()) QVERIFY(!chip->isVisibleTo(m_view.get()));
        QSignalSpy hovered(m_view.get(), &ClusterView::pointHovered);
        movePointer(*m_view, m_view->plane().toPixel({1, 1}));
        QCOMPARE(hovered.count(), 1);
    }

    void codesThatAreNotNumbersAreLeftOut() {
        const double nan = std::numeric_limits<double>::quiet_NaN();
        const double infinity = std::numeric_limits<double>::infinity();
        m_view->setCodes(codesAt({{nan, 0}, {infinity, -infinity}, {1, 1}, {0, nan}}), {0, 1, 2, 3}, nullptr);
        m_view->grab();
        QSignalSpy hovered(m_view.get(), &ClusterView::pointHovered);
        movePointer(*m_view, m_view->plane().toPixel({1, 1}));
        QCOMPARE(hovered.count(), 1);
        QCOMPARE(hovered[0][0].toInt(), 2);
        m_view->setCodes(codesAt({{nan, nan}}), {0}, nullptr);
        m_view->grab();
        QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, m_view->plane().square().center());
    }

    void noCodesAreNoPoints() {
        auto codes = std::make_shared<Codes>();
        codes->dimensions = 2;
        m_view->setCodes(codes, {}, nullptr);
        m_view->grab();
        QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, m_view->plane().square().center());
        m_view->setCodes(nullptr, {}, nullptr);
        m_view->grab();
    }

    void emptyViewSaysWhyAndForgetsThePoints() {
        m_view->setCodes(codesAt({{0, 0}}), {1}, nullptr);
        m_view->clear({});
        const QImage silent = m_view->grab().toImage();
        m_view->clear(QStringLiteral("Nothing is trained yet."));
        QVERIFY(m_view->grab().toImage() != silent);
        QSignalSpy hovered(m_view.get(), &ClusterView::pointHovered);
        movePointer(*m_view, m_view->plane().toPixel({0, 0}));
        QCOMPARE(hovered.count(), 0);
    }

    void wheelZoomsAboutThePointerAndMovesThePoints() {
        m_view->setCodes(codesAt({{1, 1}}), {5}, nullptr);
        QSignalSpy moved(m_view.get(), &ClusterView::areaChanged);
        const QPointF at = m_view->plane().toPixel({2, 2});
        QWheelEvent wheel(at, m_view->mapToGlobal(at), {}, {0, 480}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase,
                          false);
        QApplication::sendEvent(m_view.get(), &wheel);
        QCOMPARE(moved.count(), 1);
        QVERIFY(std::abs(m_view->area().width() - 3) < 1e-9);
        const QPointF stays = m_view->plane().toLatent(at);
        QVERIFY(std::hypot(stays.x() - 2, stays.y() - 2) < 1e-9);

        const QPoint point = m_view->plane().toPixel({1, 1}).toPoint();
        QVERIFY(pixelsLike(m_view->grab(QRect(point - QPoint(4, 4), QSize(8, 8))).toImage(), classColour(5), 150) > 8);
    }

    void discsAreWhereTheirCodesAre() {
        m_view->setCodes(codesAt({{-1.5, 2.25}}), {1}, nullptr);
        const QRect square = m_view->plane().square();
        const QImage picture = m_view->grab(square.adjusted(0, 0, -square.width() / 2, 0)).toImage();
        double sumX = 0;
        double sumY = 0;
        double sum = 0;
        for (int y = 0; y < picture.height(); ++y)
            for (int x = 0; x < picture.width(); ++x) {
                const double ink = picture.pixelColor(x, y).red() - Theme::current().card.red();
                sumX += ink * (x + 0.5);
                sumY += ink * (y + 0.5);
                sum += ink;
            }
        QVERIFY(sum > 0);
        QVERIFY(std::abs(sumX / sum - 0.25 * square.width()) < 0.3);
        QVERIFY(std::abs(sumY / sum - 0.125 * square.height()) < 0.3);
    }

    void cursorIsSeen() {
        m_view->setCodes(codesAt({{0, 0}}), {1}, nullptr);
        const QRect inner = m_view->plane().square().adjusted(8, 8, -8, -8);
        const auto accented = [&] { return pixelsLike(m_view->grab(inner).toImage(), Theme::current().accent, 150); };
        QCOMPARE(accented(), 0);
        m_view->setLatentCursor({1, 1});
        QVERIFY(accented() > 2 * inner.width());
    }

    void tiniestViewsPaint() {
        m_view->setCodes(codesAt({{0, 0}, {1, 1}}), {1, 2}, inkImages(2));
        for (const QSize size : {QSize(1, 1), QSize(40, 60), QSize(90, 90)}) {
            m_view->resize(size);
            movePointer(*m_view, m_view->plane().toPixel({0, 0}));
            QCOMPARE(m_view->grab().size(), size);
        }
    }

    void otherThemeRepaints() {
        m_view->setCodes(codesAt({{0, 0}}), {1}, nullptr);
        m_view->grab();
        Theme::setCurrent(Theme::lightTheme());
        QPalette palette = m_view->palette();
        palette.setColor(QPalette::Window, Qt::white);
        m_view->setPalette(palette);
        const QImage picture = m_view->grab().toImage();
        QVERIFY(pixelsLike(picture, Theme::lightTheme().card, 0) > picture.width() * picture.height() / 2);
        QVERIFY(pixelsLike(picture, classColour(1), 150) > 10);
    }

private:
    std::unique_ptr<ClusterView> m_view;
};

QTEST_MAIN(ClusterViewTest)
#include "cluster_view_test.moc"
