// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figures_panel.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <limits>

namespace zwei {

class FiguresPanelTest : public QObject {
    Q_OBJECT

private:
    static Figures variational() {
        Figures figures;
        figures.data = "MNIST";
        figures.images = 10000;
        figures.elbo = {131.4, 6.9};
        figures.klByDimension = {3.6, 3.3};
        figures.activeDimensions = 2;
        figures.binarisedElbo = ElboTerms{124.2, 6.9};
        figures.logLikelihood = -127.52;
        figures.samples = 500;
        figures.likelihoodImages = 10000;
        figures.accuracy1 = 0.724;
        figures.accuracy5 = 0.765;
        figures.trustworthiness = 0.951;
        figures.priorDistance = 0.118;
        figures.reconstruction = {0.0371, 14.6, 0.55};
        figures.bernoulli = 0.1676;
        figures.bernoulliFloor = 0.0581;
        return figures;
    }
    static Figures plain() {
        Figures figures = variational();
        figures.elbo.kl = 0;
        figures.klByDimension.clear();
        figures.activeDimensions.reset();
        figures.binarisedElbo.reset();
        figures.logLikelihood.reset();
        figures.accuracy1.reset();
        figures.accuracy5.reset();
        figures.trustworthiness = std::numeric_limits<double>::quiet_NaN();
        figures.priorDistance.reset();
        figures.restorations = {{"gaussian 0.5",
                                 {{"input", {0.1153, 9.38, 0.3}, {}},
                                  {"median 3x3", {0.038, 14.2, 0.4}, {}},
                                  {"model", {0.0082, 20.88, 0.86}, 0.0892}}}};
        return figures;
    }
    static void prepare(FiguresPanel& panel, QSize size) {
        panel.resize(size);
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        QCoreApplication::processEvents();
    }
    static QStringList texts(const FiguresPanel& panel) {
        QStringList shown;
        for (const QLabel* label : panel.findChildren<QLabel*>())
            if (label->isVisible()) shown << label->text();
        return shown;
    }
    /// What stands beside the figure of this name; empty where there is none.
    static QStringList values(const FiguresPanel& panel, const QString& name) {
        QStringList found;
        for (const QLabel* label : panel.findChildren<QLabel*>())
            if (label->accessibleName() == name && label->isVisible()) found << label->text();
        return found;
    }
    static QAbstractButton* button(const FiguresPanel& panel, const QString& text) {
        for (QAbstractButton* candidate : panel.findChildren<QAbstractButton*>())
            if (candidate->text() == text && candidate->isVisible()) return candidate;
        return nullptr;
    }

private Q_SLOTS:
    void figuresAreShownWithTheirUnits_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("value");
        const QList<std::pair<const char*, const char*>> expected = {{"−ELBO", "138.3"},
                                                                     {"reconstruction", "131.4"},
                                                                     {"KL", "6.9"},
                                                                     {"−ELBO, binarised", "131.1"},
                                                                     {"active dimensions", "2 of 2"},
                                                                     {"log-likelihood", "−127.5"},
                                                                     {"1-NN accuracy", "72.4%"},
                                                                     {"5-NN accuracy", "76.5%"},
                                                                     {"trustworthiness", "0.951"},
                                                                     {"distance to N(0, I)", "0.118"},
                                                                     {"MSE", "0.0371"},
                                                                     {"PSNR", "14.6 dB"},
                                                                     {"SSIM", "0.550"},
                                                                     {"BCE a pixel", "0.1676"},
                                                                     {"above its floor", "0.1095"}};
        for (const auto& [name, value] : expected)
            QTest::newRow(name) << QString::fromUtf8(name) << QString::fromUtf8(value);
    }
    void figuresAreShownWithTheirUnits() {
        QFETCH(const QString, name);
        QFETCH(const QString, value);
        for (const int width : {300, 560}) {
            FiguresPanel panel;
            prepare(panel, {width, 240});
            panel.setFigures(variational());
            QCOMPARE(values(panel, name), QStringList(value));
        }
    }

    void howTheLogLikelihoodWasMeasuredIsSaid() {
        FiguresPanel panel;
        prepare(panel, {400, 240});
        panel.setFigures(variational());
        QVERIFY(texts(panel).contains(QStringLiteral("500 samples, 10,000 images, binarised")));
    }

    void whatIsMissingIsNotShown() {
        FiguresPanel panel;
        prepare(panel, {560, 320});
        panel.setFigures(plain());
        for (const char* name : {"−ELBO", "KL", "active dimensions", "log-likelihood", "1-NN accuracy",
                                 "trustworthiness", "distance to N(0, I)"})
            QVERIFY2(values(panel, QString::fromUtf8(name)).isEmpty(), name);
        QCOMPARE(values(panel, QStringLiteral("reconstruction")), QStringList(QStringLiteral("131.4")));
        const QStringList shown = texts(panel);
        QVERIFY(!shown.contains(QStringLiteral("Code")));  // a heading without figures
        for (const QString& text : shown) QVERIFY(!text.contains(QChar(0x2013)));
    }

    void restorationsAreCompared() {
        FiguresPanel panel;
        prepare(panel, {560, 320});
        panel.setFigures(plain());
        QVERIFY(texts(panel).contains(QStringLiteral("Restoration: gaussian 0.5")));
        QCOMPARE(values(panel, QStringLiteral("median 3×3")), QStringList({"14.20", "0.400"}));
        QCOMPARE(values(panel, QStringLiteral("model")), QStringList({"20.88", "0.860"}));
        for (const QLabel* label : panel.findChildren<QLabel*>())
            if (label->accessibleName() == QLatin1String("model")) QCOMPARE(label->font().weight(), QFont::DemiBold);
    }

    void manyDimensionsAreCounted() {
        Figures figures = variational();
        figures.klByDimension.assign(64, 0.1);
        FiguresPanel panel;
        prepare(panel, {560, 320});
        panel.setFigures(figures);
        QVERIFY(texts(panel).contains(QStringLiteral("and 48 more")));
        QCOMPARE(values(panel, QStringLiteral("active dimensions")), QStringList(QStringLiteral("2 of 64")));
    }

    void anEmptyPanelAsksToMeasure() {
        FiguresPanel panel;
        prepare(panel, {300, 150});
        QSignalSpy measure(&panel, &FiguresPanel::measureRequested);
        QVERIFY(texts(panel).join(u' ').contains(QStringLiteral("Press Measure")));
        button(panel, QStringLiteral("Measure"))->click();
        QCOMPARE(measure.count(), 1);
        panel.setNote(QStringLiteral("Train a model first."));
        QVERIFY(texts(panel).contains(QStringLiteral("Train a model first.")));
        panel.setFigures(variational());
        QVERIFY(!texts(panel).contains(QStringLiteral("Train a model first.")));
        button(panel, QStringLiteral("measure again"))->click();
        QCOMPARE(measure.count(), 2);
        panel.setFigures(std::nullopt);
        QVERIFY(values(panel, QStringLiteral("MSE")).isEmpty());
        QVERIFY(texts(panel).contains(QStringLiteral("Train a model first.")));
    }

    void aMeasurementShowsHowFarItIsAndCanBeStopped() {
        FiguresPanel panel;
        prepare(panel, {300, 150});
        QSignalSpy cancel(&panel, &FiguresPanel::cancelRequested);
        const auto* bar = panel.findChild<QProgressBar*>();
        QVERIFY(!bar->isVisible());
        panel.setBusy(0.25);
        QVERIFY(bar->isVisible());
        QCOMPARE(bar->value() * 4, bar->maximum());
        QVERIFY(!button(panel, QStringLiteral("Measure")));
        button(panel, QStringLiteral("stop"))->click();
        QCOMPARE(cancel.count(), 1);
        panel.setIdle();
        QVERIFY(!bar->isVisible());
        QVERIFY(button(panel, QStringLiteral("Measure")));
        // Measured again, the last figures stay.
        panel.setFigures(variational());
        panel.setBusy(2);
        QCOMPARE(bar->value(), bar->maximum());
        QVERIFY(!values(panel, QStringLiteral("MSE")).isEmpty());
    }

    void figuresAreCopiedAsATable() {
        FiguresPanel panel;
        prepare(panel, {300, 240});
        Figures figures = plain();
        figures.logLikelihood = -127.52;
        panel.setFigures(figures);
        button(panel, QStringLiteral("copy"))->click();
        const QStringList lines = QGuiApplication::clipboard()->text().split(u'\n');
        for (const char* line : {"data\tMNIST", "test images\t10000", "log-likelihood\t-127.52", "PSNR\t14.6",
                                 "Restoration: gaussian 0.5\tmodel\t20.88\t0.86"})
            QVERIFY2(lines.contains(QString::fromUtf8(line)), line);
    }

    void everyLineCanBeReached() {
        for (const QSize size : {QSize(300, 150), QSize(419, 236), QSize(420, 150), QSize(560, 320)}) {
            FiguresPanel panel;
            prepare(panel, size);
            Figures figures = variational();
            figures.restorations = plain().restorations;
            figures.restorations[0].input = "salt and pepper 0.25";
            panel.setFigures(figures);
            QCoreApplication::processEvents();
            const auto* scroll = panel.findChild<QScrollArea*>();
            QVERIFY(scroll->widget()->width() <= scroll->viewport()->width());
            const int reach = scroll->viewport()->height() + scroll->verticalScrollBar()->maximum();
            for (const QLabel* label : scroll->findChildren<QLabel*>()) {
                if (!label->isVisible()) continue;
                QVERIFY(label->width() >= label->minimumSizeHint().width());
                QVERIFY(label->mapTo(scroll->widget(), QPoint(0, label->height())).y() <= reach);
            }
        }
    }

    void twoColumnsNeedTheirWidth() {
        FiguresPanel panel;
        prepare(panel, {560, 320});
        panel.setFigures(variational());
        const auto left = [&panel](const QString& name) {
            QCoreApplication::processEvents();
            for (const QLabel* label : panel.findChildren<QLabel*>())
                if (label->text() == name) return label->mapTo(&panel, QPoint()).x();
            return -1;
        };
        QVERIFY(left(QStringLiteral("MSE")) > left(QStringLiteral("KL")) + 200);
        panel.resize(400, 320);
        QCOMPARE(left(QStringLiteral("MSE")), left(QStringLiteral("KL")));
    }
};

}  // namespace zwei

QTEST_MAIN(zwei::FiguresPanelTest)
#include "figures_panel_test.moc"
