// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/loss_view.h"

#include <QLabel>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>
#include <QTextDocument>
#include <QToolButton>
#include <cmath>
#include <limits>

#include "widgets/drawing/theme.h"

namespace zwei {

class LossViewTest : public QObject {
    Q_OBJECT

private:
    static EpochStatistics epoch(int number, double loss) {
        EpochStatistics statistics;
        statistics.epoch = number;
        statistics.test = {loss - 6, 6};
        statistics.train = {loss - 8, 6.5};
        return statistics;
    }
    static std::vector<EpochStatistics> falling(int epochs) {
        std::vector<EpochStatistics> history;
        for (int i = 1; i <= epochs; ++i) history.push_back(epoch(i, 140 + 40.0 / i));
        return history;
    }
    static std::vector<EpochStatistics> adversarial(int epochs) {
        auto history = falling(epochs);
        for (EpochStatistics& statistics : history) {
            statistics.test.kl = statistics.train.kl = 0;
            statistics.adversary = AdversaryTerms{1.2, 0.9, 0.625};
            statistics.priorDistance = 0.04;
        }
        return history;
    }
    static QToolButton* quantityButton(const LossView& view) {
        return view.tools()->findChildren<QToolButton*>().at(0);
    }
    static QStringList offered(const LossView& view) {
        QStringList titles;
        for (const QAction* action : quantityButton(view)->menu()->actions()) titles << action->text();
        return titles;
    }
    static QString key(const LossView& view) {
        QTextDocument text;
        text.setHtml(view.tools()->findChild<QLabel*>()->text());
        return text.toPlainText().replace(QChar::Nbsp, u' ').simplified();
    }
    static QWidget* plot(const LossView& view) { return view.findChild<QWidget*>(QStringLiteral("lossPlot")); }
    static void prepare(LossView& view) {
        view.resize(400, 200);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QCoreApplication::processEvents();
    }
    static void pointAt(const LossView& view, double share) {
        QTest::mouseMove(plot(view), QPoint(static_cast<int>(share * (plot(view)->width() - 1)), 60));
    }
    /// How much of the picture is a curve of the text's or the test curve's colour, pixels.
    static int brightPixels(LossView& view) {
        QCoreApplication::processEvents();
        const QImage picture = plot(view)->grab().toImage();
        int count = 0;
        for (int y = 0; y < picture.height(); ++y)
            for (int x = 0; x < picture.width(); ++x)
                if (picture.pixelColor(x, y).blue() > 200) ++count;
        return count;
    }
    /// How much of the picture the test curve's colour covers, pixels.
    static int accentPixels(LossView& view) {
        QCoreApplication::processEvents();
        const QImage picture = view.grab().toImage();
        int count = 0;
        for (int y = 0; y < picture.height(); ++y)
            for (int x = 0; x < picture.width(); ++x) {
                const QColor colour = picture.pixelColor(x, y);
                if (colour.blue() > colour.red() + 60) ++count;
            }
        return count;
    }

private Q_SLOTS:
    void pointingReadsTheNearestEpoch() {
        LossView view;
        prepare(view);
        view.setHistory(falling(9));
        QCoreApplication::processEvents();
        QVERIFY(!view.hovered());
        pointAt(view, 0);
        QCOMPARE(view.hovered()->epoch, 1);
        QCOMPARE(view.hovered()->test.negElbo(), 180.0);
        pointAt(view, 1);
        QCOMPARE(view.hovered()->epoch, 9);
        QCOMPARE(view.hovered()->train.kl, 6.5);
        pointAt(view, 0.5);
        QVERIFY(view.hovered()->epoch > 3 && view.hovered()->epoch < 7);
    }

    void arrowKeysReadEpochAfterEpoch() {
        LossView view;
        view.setHistory(falling(3));
        QTest::keyClick(&view, Qt::Key_Left);
        QCOMPARE(view.hovered()->epoch, 3);
        QTest::keyClick(&view, Qt::Key_Left);
        QCOMPARE(view.hovered()->epoch, 2);
        QTest::keyClick(&view, Qt::Key_Escape);
        QVERIFY(!view.hovered());
    }

    void anEmptyViewSaysWhyAndReadsNothing() {
        LossView view;
        prepare(view);
        pointAt(view, 0.5);
        QTest::keyClick(&view, Qt::Key_Left);
        QVERIFY(!view.hovered());
        view.setHistory(falling(3));
        pointAt(view, 0.5);
        view.clear(QStringLiteral("Train to see the loss."));
        QVERIFY(!view.hovered());
        QVERIFY(!plot(view)->isVisible());
        QCOMPARE(view.accessibleDescription(), QStringLiteral("Train to see the loss."));
    }

    void oneEpochAloneIsADot() {
        LossView view;
        prepare(view);
        const int before = accentPixels(view);
        view.append(epoch(1, 150));
        QVERIFY(accentPixels(view) > before + 8);
    }

    void aRunThatGrowsIsFollowed() {
        LossView view;
        prepare(view);
        for (const EpochStatistics& statistics : falling(4)) view.append(statistics);
        QCoreApplication::processEvents();
        pointAt(view, 1);
        QCOMPARE(view.hovered()->epoch, 4);
        view.append(epoch(5, 120));
        QCoreApplication::processEvents();
        QCOMPARE(view.hovered()->epoch, 4);  // what is being read stays
        pointAt(view, 0.99);
        QCOMPARE(view.hovered()->epoch, 5);
    }

    void whatIsNotFiniteOrNotPositiveBreaksNothing() {
        LossView view;
        prepare(view);
        auto history = falling(8);
        history[2].test.reconstruction = std::numeric_limits<double>::quiet_NaN();
        history[4].train.kl = std::numeric_limits<double>::infinity();
        history[5].test.kl = -200;
        view.setHistory(history);
        for (const auto quantity :
             {LossView::Quantity::NegElbo, LossView::Quantity::Reconstruction, LossView::Quantity::Kl}) {
            for (const bool isLog : {true, false}) {
                view.setQuantity(quantity);
                view.setLogScale(isLog);
                QVERIFY(accentPixels(view) > 20);
            }
        }
        for (auto& statistics : history) statistics.test = statistics.train = {0, 0};
        view.setHistory(history);
        view.setLogScale(true);
        QVERIFY(!view.grab().isNull());
        pointAt(view, 0.5);
        QVERIFY(view.hovered());
    }

    void aFirstEpochFarAboveTheRestDoesNotFlattenIt() {
        LossView view;
        prepare(view);
        auto history = falling(12);
        history.front().test.reconstruction = 50000;
        view.setHistory(history);
        QCoreApplication::processEvents();
        // The curve still uses the height: a flattened one would lie in a few rows.
        const QImage picture = view.grab().toImage();
        int top = picture.height();
        int bottom = 0;
        for (int y = 0; y < picture.height(); ++y)
            for (int x = picture.width() / 4; x < picture.width(); ++x) {
                const QColor colour = picture.pixelColor(x, y);
                if (colour.blue() <= colour.red() + 60) continue;
                top = std::min(top, y);
                bottom = std::max(bottom, y);
            }
        QVERIFY(bottom - top > 40);
    }

    void theHistorySaysWhatThereIs() {
        LossView view;
        const QStringList elbo = {QStringLiteral("−ELBO"), QStringLiteral("reconstruction"), QStringLiteral("KL")};
        QCOMPARE(offered(view), elbo);
        view.setHistory(falling(3));
        QCOMPARE(offered(view), elbo);
        QVERIFY(view.quantity() == LossView::Quantity::NegElbo);

        auto plain = falling(3);
        for (auto& statistics : plain) statistics.test.kl = statistics.train.kl = 0;
        view.setHistory(plain);
        QCOMPARE(offered(view), QStringList({QStringLiteral("reconstruction")}));
        QVERIFY(view.quantity() == LossView::Quantity::Reconstruction);
        QCOMPARE(quantityButton(view)->text(), QStringLiteral("reconstruction"));
        QVERIFY(view.accessibleDescription().contains(QLatin1String("reconstruction")));

        view.setHistory(adversarial(3));
        QCOMPARE(offered(view), QStringList({QStringLiteral("reconstruction"), QStringLiteral("adversary"),
                                             QStringLiteral("D accuracy"), QStringLiteral("distance to N(0, I)")}));
        view.setHistory(falling(3));
        QVERIFY(view.quantity() == LossView::Quantity::NegElbo);  // what was chosen is back
    }

    void theKeyAndTheUnitSayWhatIsDrawn() {
        LossView view;
        prepare(view);
        view.setHistory(adversarial(3));
        QCOMPARE(key(view), QStringLiteral("— test — train"));
        QCOMPARE(view.explanation(), QStringLiteral("nats an image"));
        QSignalSpy spy(&view, &LossView::explanationChanged);
        view.setQuantity(LossView::Quantity::Adversary);
        QCOMPARE(key(view), QStringLiteral("— discriminator — generator"));
        QCOMPARE(spy.last().first().toString(), QStringLiteral("nats a code"));
        view.resize(280, 200);
        QCOMPARE(key(view), QStringLiteral("— D — G"));
        view.setQuantity(LossView::Quantity::PriorDistance);
        QCOMPARE(key(view), QStringLiteral("— test"));
    }

    void chanceIsWhereNobodyCanTell() {
        const auto curves = lossFigure(LossQuantity::Adversary).curves;
        QVERIFY(qAbs(curves.at(0).chance - 1.386) < 1e-3);
        QVERIFY(qAbs(curves.at(1).chance - 0.693) < 1e-3);
        QCOMPARE(lossFigure(LossQuantity::DiscriminatorAccuracy).curves.at(0).chance, 50.0);
        QCOMPARE(lossFigure(LossQuantity::DiscriminatorAccuracy).curves.at(0).value(adversarial(1).front()), 62.5);
        QVERIFY(!std::isfinite(lossFigure(LossQuantity::NegElbo).curves.at(0).chance));
    }

    void readingListsAllFiguresOfTheEpoch() {
        const auto history = adversarial(1);
        const auto rows = epochRows(history.front(), offeredQuantities(history));
        const std::vector<QStringList> expected = {
            {QStringLiteral("reconstruction"), QStringLiteral("174.0"), QStringLiteral("172.0")},
            {QStringLiteral("discriminator"), QString(), QStringLiteral("1.200")},
            {QStringLiteral("generator"), QString(), QStringLiteral("0.900")},
            {QStringLiteral("D accuracy"), QString(), QStringLiteral("62.5 %")},
            {QStringLiteral("distance to N(0, I)"), QStringLiteral("0.040"), QString()}};
        QCOMPARE(rows, expected);
    }

    void everyAdversarialFigureIsDrawn_data() {
        QTest::addColumn<int>("epochs");
        QTest::newRow("none") << 0;
        QTest::newRow("one") << 1;
        QTest::newRow("many") << 30;
    }
    void everyAdversarialFigureIsDrawn() {
        QFETCH(const int, epochs);
        LossView view;
        prepare(view);
        view.setHistory(adversarial(epochs));
        for (const auto quantity : {LossView::Quantity::Reconstruction, LossView::Quantity::Adversary,
                                    LossView::Quantity::DiscriminatorAccuracy, LossView::Quantity::PriorDistance}) {
            view.setQuantity(quantity);
            for (const bool isLog : {true, false}) {
                view.setLogScale(isLog);
                QCoreApplication::processEvents();
                QVERIFY(plot(view)->isVisible() == (epochs > 0));
                QVERIFY(epochs == 0 || brightPixels(view) > 8);
            }
        }
    }

    void anEpochWithoutAnAdversaryLeavesAGap() {
        LossView view;
        prepare(view);
        auto history = adversarial(5);
        history[1].adversary.reset();
        history[3].priorDistance.reset();
        view.setHistory(history);
        view.setQuantity(LossView::Quantity::Adversary);
        QVERIFY(brightPixels(view) > 8);
        const auto rows = epochRows(history[1], offeredQuantities(history));
        QCOMPARE(rows.at(1).at(2), QStringLiteral("–"));
        pointAt(view, 0.25);
        QCOMPARE(view.hovered()->epoch, 2);
    }

    void theToolsOutliveNothingTheyShouldNot() {
        QWidget card;
        auto* view = new LossView;
        view->tools()->setParent(&card);
        QVERIFY(!view->tools()->findChildren<QToolButton*>().isEmpty());
        auto* log = view->tools()->findChildren<QToolButton*>().at(1);
        delete view;
        log->click();
    }
};

}  // namespace zwei

QTEST_MAIN(zwei::LossViewTest)
#include "loss_view_test.moc"
