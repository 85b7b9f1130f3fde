// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/way_view.h"

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>

#include "tests/support/shown_widget.h"
#include "widgets/drawing/theme.h"
#include "widgets/image_view.h"
#include "widgets/small_widgets.h"

namespace zwei {

class WayViewTest : public QObject {
    Q_OBJECT

private:
    static ImageBatch shades(std::initializer_list<std::uint8_t> greys) {
        ImageBatch made;
        made.count = static_cast<int>(greys.size());
        for (const std::uint8_t grey : greys) made.pixels.insert(made.pixels.end(), kImagePixels, grey);
        return made;
    }
    static std::shared_ptr<LatentWay> way(int steps) {
        auto made = std::make_shared<LatentWay>();
        made->clean = {0.5, -1};
        for (int i = 0; i <= steps; ++i) made->steps.push_back({{0.5, -1.0}, 118.23 - 21.83 * i / std::max(1, steps)});
        made->encoded = shades({255});
        made->decoded = shades({60, 150});
        made->inClass = 7;
        made->outClass = 9;
        return made;
    }
    static QPushButton* button(const WayView& view) {
        return view.findChild<QPushButton*>(QStringLiteral("wayButton"));
    }
    static QLabel* sentence(const WayView& view) { return view.findChild<QLabel*>(QStringLiteral("waySentence")); }
    static QString errors(const WayView& view) {
        return view.findChild<ElidedLabel*>(QStringLiteral("wayErrors"))->fullText();
    }
    static QStringList captions(const WayView& view) {
        QStringList texts;
        for (const auto* label : view.findChildren<ElidedLabel*>())
            if (label->objectName().isEmpty()) texts << label->fullText();
        return texts;
    }
    static int accentPixels(WayView& view) {
        const QImage picture = view.grab().toImage();
        int count = 0;
        for (int y = 0; y < picture.height(); ++y)
            for (int x = 0; x < picture.width(); ++x) count += picture.pixelColor(x, y) == Theme::current().accent;
        return count;
    }

private Q_SLOTS:
    void initTestCase() { test::applyLook(); }

    void theImagesStandInTheOrderOfTheWay() {
        WayView view;
        test::showAt(view, {520, 180});
        view.setWay(way(23));
        QCOMPARE(captions(view), QStringList({QStringLiteral("in"), QStringLiteral("encoder's answer"),
                                              QStringLiteral("after 23 steps")}));
        auto images = view.findChildren<ImageView*>();
        std::sort(images.begin(), images.end(), [](auto* a, auto* b) { return a->x() < b->x(); });
        QCOMPARE(images.size(), 3);
        const QImage picture = view.grab().toImage();
        const auto shade = [&](int i) { return picture.pixelColor(images[i]->geometry().center()).lightness(); };
        QCOMPARE(picture.pixelColor(images[0]->geometry().center()), Theme::current().text);
        QVERIFY(shade(1) < shade(2));
        QVERIFY(shade(2) < shade(0));
    }

    void aWayThatWasNotSearchedHasNoEnd() {
        WayView view;
        test::showAt(view, {520, 180});
        view.setWay(way(0));
        QCOMPARE(errors(view), QStringLiteral("118.2 nats"));
        QCOMPARE(captions(view).last(), QStringLiteral("after the search"));
        QCOMPARE(accentPixels(view), 0);
        view.setWay(way(1));
        QCOMPARE(errors(view), QStringLiteral("118.2 → 96.4 nats in 1 step"));
        QCOMPARE(captions(view).last(), QStringLiteral("after 1 step"));
        view.setWay(way(23));
        QCOMPARE(errors(view), QStringLiteral("118.2 → 96.4 nats in 23 steps"));
        QVERIFY(accentPixels(view) > 20);  // at least the dot
    }

    void theButtonStartsAndStops() {
        WayView view;
        test::showAt(view, {520, 180});
        view.setWay(way(0));
        QSignalSpy starts(&view, &WayView::startRequested);
        QSignalSpy stops(&view, &WayView::stopRequested);
        QCOMPARE(button(view)->text(), QStringLiteral("Search"));
        QTest::mouseClick(button(view), Qt::LeftButton);
        QCOMPARE(starts.count(), 1);
        QCOMPARE(button(view)->text(), QStringLiteral("Search"));  // until a search runs

        view.setSearching(true);
        QCOMPARE(button(view)->text(), QStringLiteral("Stop"));
        view.setWay(way(5));
        QCOMPARE(button(view)->text(), QStringLiteral("Stop"));
        QTest::mouseClick(button(view), Qt::LeftButton);
        QCOMPARE(stops.count(), 1);
        QCOMPARE(starts.count(), 1);
        view.setSearching(false);
        QCOMPARE(button(view)->text(), QStringLiteral("Search"));
    }

    void theSentenceSaysWhetherTheDigitChanges() {
        WayView view;
        test::showAt(view, {520, 180});
        view.setWay(way(3));
        QVERIFY(sentence(view)->isVisible());
        QCOMPARE(sentence(view)->text(), QStringLiteral("The code turns this 7 into a 9."));
        QCOMPARE(sentence(view)->property("role").toString(), QStringLiteral("warning"));
        auto same = way(3);
        same->outClass = 7;
        view.setWay(same);
        QCOMPARE(sentence(view)->text(), QStringLiteral("It stays a 7."));
        QCOMPARE(sentence(view)->property("role").toString(), QStringLiteral("muted"));
        auto eight = way(3);
        eight->outClass = 8;
        view.setWay(eight);
        QCOMPARE(sentence(view)->text(), QStringLiteral("The code turns this 7 into an 8."));
        auto unknown = way(3);
        unknown->inClass.reset();
        view.setWay(unknown);
        QVERIFY(sentence(view)->text().contains(QStringLiteral("no labels")));
        view.setClassNames({QStringLiteral("coat"), QStringLiteral("shirt")});
        auto clothes = way(3);
        clothes->inClass = 1;
        clothes->outClass = 0;
        view.setWay(clothes);
        QCOMPARE(sentence(view)->text(), QStringLiteral("The code turns this “shirt” into “coat”."));
    }

    void nothingIsCutOff_data() {
        QTest::addColumn<QSize>("size");
        for (const QSize size : {QSize(520, 180), QSize(860, 200), QSize(1400, 700), QSize(700, 700)})
            QTest::addRow("%dx%d", size.width(), size.height()) << size;
    }
    void nothingIsCutOff() {
        QFETCH(QSize, size);
        WayView view;
        test::showAt(view, size);
        view.setWay(way(23));
        const auto parts = view.findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly);
        QCOMPARE(parts.size(), 11);  // 3 images, 3 captions, errors, plot, button, nearest images, sentence
        for (const QWidget* part : parts) {
            QVERIFY(part->isVisible());
            QVERIFY(view.rect().contains(part->geometry()));
            QVERIFY(part->height() >= 12);
            for (const QWidget* other : parts)
                QVERIFY(other == part || !other->geometry().intersects(part->geometry()));
        }
        for (const auto* label : view.findChildren<ElidedLabel*>()) QCOMPARE(label->text(), label->fullText());
        QVERIFY(button(view)->height() >= button(view)->sizeHint().height());
        QVERIFY(sentence(view)->height() >= sentence(view)->heightForWidth(sentence(view)->width()));
    }

    void anEmptyViewSaysWhy() {
        WayView view;
        test::showAt(view, {520, 180});
        view.setWay(way(23));
        QVERIFY(view.accessibleDescription().contains(QStringLiteral("23 steps")));
        view.clear(QStringLiteral("This model has no code."));
        QCOMPARE(view.accessibleDescription(), QStringLiteral("This model has no code."));
        for (const auto* part : view.findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly))
            QVERIFY(!part->isVisible());
        QVERIFY(!view.grab().isNull());
        view.setWay(way(2));
        QVERIFY(button(view)->isVisible());
        QVERIFY(sentence(view)->isVisible());
    }
};

}  // namespace zwei

QTEST_MAIN(zwei::WayViewTest)
#include "way_view_test.moc"
