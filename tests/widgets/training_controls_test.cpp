// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/training_controls.h"

#include <QComboBox>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <algorithm>

#include "widgets/style_sheet.h"
#include "widgets/value_field.h"
#include "widgets/value_slider.h"

namespace zwei {

class TrainingControlsTest : public QObject {
    Q_OBJECT

private:
    static QPushButton* button(const TrainingControls& bar, const QString& text) {
        for (QPushButton* candidate : bar.findChildren<QPushButton*>())
            if (candidate->text() == text) return candidate;
        return nullptr;
    }
    static bool showsText(const TrainingControls& bar, const QString& text) {
        const auto labels = bar.findChildren<QLabel*>();
        return std::any_of(labels.begin(), labels.end(),
                           [&](const QLabel* label) { return label->isVisible() && label->text() == text; });
    }
    /// Those that cannot be chosen in brackets.
    static QStringList itemsOf(const QComboBox& choice) {
        QStringList items;
        for (int i = 0; i < choice.count(); ++i) {
            const bool isEnabled = choice.model()->index(i, 0).flags().testFlag(Qt::ItemIsEnabled);
            items << (isEnabled ? choice.itemText(i) : u'(' + choice.itemText(i) + u')');
        }
        return items;
    }
    static TrainingProgress halfWay() {
        TrainingProgress progress;
        progress.epoch = 6;
        progress.epochs = 13;
        progress.batch = 50;
        progress.batches = 100;
        progress.imagesPerSecond = 41200;
        progress.secondsLeft = 42;
        return progress;
    }

private Q_SLOTS:
    void initTestCase() {
        qApp->setFont(Theme::font(12));
        qApp->setStyleSheet(styleSheet(Theme::current()));
    }

    void theButtonAsksForWhatTheStateAllows() {
        TrainingControls bar;
        QSignalSpy train(&bar, &TrainingControls::trainRequested);
        QSignalSpy pause(&bar, &TrainingControls::pauseRequested);
        QSignalSpy resume(&bar, &TrainingControls::resumeRequested);
        QTest::mouseClick(button(bar, QStringLiteral("Train")), Qt::LeftButton);
        QCOMPARE(train.count(), 1);
        bar.setRunState(RunState::Running);
        QTest::mouseClick(button(bar, QStringLiteral("Pause")), Qt::LeftButton);
        QCOMPARE(pause.count(), 1);
        bar.setRunState(RunState::Paused);
        QTest::mouseClick(button(bar, QStringLiteral("Resume")), Qt::LeftButton);
        QCOMPARE(resume.count(), 1);
        QCOMPARE(train.count() + pause.count() + resume.count(), 3);
    }

    void stepAndResetAreOpenWhereTheyMakeSense() {
        TrainingControls bar;
        QVERIFY(button(bar, QStringLiteral("Step"))->isEnabled());
        bar.setRunState(RunState::Running);
        QVERIFY(!button(bar, QStringLiteral("Step"))->isEnabled());
        QVERIFY(button(bar, QStringLiteral("Reset"))->isEnabled());
        bar.setRunState(RunState::Paused);
        QSignalSpy step(&bar, &TrainingControls::stepRequested);
        QSignalSpy reset(&bar, &TrainingControls::resetRequested);
        QTest::mouseClick(button(bar, QStringLiteral("Step")), Qt::LeftButton);
        QTest::mouseClick(button(bar, QStringLiteral("Reset")), Qt::LeftButton);
        QCOMPARE(step.count(), 1);
        QCOMPARE(reset.count(), 1);
    }

    void betaComesBackAsItWasSet_data() {
        QTest::addColumn<double>("beta");
        QTest::addColumn<QString>("text");
        QTest::newRow("lowest") << 0.1 << "0.1";
        QTest::newRow("one") << 1.0 << "1.0";
        QTest::newRow("highest") << 10.0 << "10.0";
        QTest::newRow("between") << 2.75 << "2.75";
        QTest::newRow("off the slider") << 40.0 << "40.0";
    }
    void betaComesBackAsItWasSet() {
        QFETCH(const double, beta);
        QFETCH(const QString, text);
        TrainingControls bar;
        QSignalSpy spy(&bar, &TrainingControls::betaChanged);
        bar.setBeta(beta);
        QCOMPARE(bar.beta(), beta);
        QCOMPARE(bar.findChild<ValueSlider*>()->value(), beta);
        QCOMPARE(bar.findChild<ValueField*>()->text(), text);
        QCOMPARE(spy.count(), 0);
    }

    void theSliderReachesItsEndsAndRestsAtOne() {
        TrainingControls bar;
        auto* slider = bar.findChild<ValueSlider*>();
        slider->resize(140, 20);
        QSignalSpy spy(&bar, &TrainingControls::betaChanged);
        const auto click = [&](int x) { QTest::mouseClick(slider, Qt::LeftButton, {}, QPoint(x, 10)); };
        click(0);
        QCOMPARE(bar.beta(), 0.1);
        click(139);
        QCOMPARE(bar.beta(), 10.0);
        click(72);
        QCOMPARE(bar.beta(), 1.0);
        QCOMPARE(spy.count(), 3);
    }

    void keysPassThroughOneExactly() {
        TrainingControls bar;
        auto* slider = bar.findChild<ValueSlider*>();
        bar.setBeta(0.95);
        QTest::keyClick(slider, Qt::Key_Right);
        QCOMPARE(bar.beta(), 1.0);
        for (int i = 0; i < 100; ++i) QTest::keyClick(slider, Qt::Key_Right);
        QCOMPARE(bar.beta(), 10.0);
        for (int i = 0; i < 100; ++i) QTest::keyClick(slider, Qt::Key_Left);
        QCOMPARE(bar.beta(), 0.1);
    }

    void aTypedBetaIsTakenOrRefused() {
        TrainingControls bar;
        auto* field = bar.findChild<ValueField*>();
        QSignalSpy spy(&bar, &TrainingControls::betaChanged);
        const auto type = [&](const QString& text) {
            field->selectAll();
            QTest::keyClicks(field, text);
            QTest::keyClick(field, Qt::Key_Return);
        };
        type(QStringLiteral("0.37"));
        QCOMPARE(bar.beta(), 0.37);
        for (const QString& text : {QStringLiteral("-1"), QStringLiteral("1001"), QStringLiteral("much")}) type(text);
        QCOMPARE(bar.beta(), 0.37);
        QCOMPARE(field->text(), QStringLiteral("0.37"));
        QCOMPARE(spy.count(), 1);
    }

    void choicesSpeakInIds() {
        TrainingControls bar;
        QSignalSpy spy(&bar, &TrainingControls::datasetChosen);
        bar.setDatasets({QStringLiteral("digits"), QStringLiteral("mnist")}, {tr("Digits"), tr("MNIST")});
        bar.setDataset(QStringLiteral("mnist"));
        auto* data = bar.findChildren<QComboBox*>().at(1);
        QCOMPARE(data->currentText(), QStringLiteral("MNIST"));
        QCOMPARE(spy.count(), 0);
        QTest::keyClick(data, Qt::Key_Up);
        QCOMPARE(spy.count(), 1);
        QCOMPARE(spy.last().first().toString(), QStringLiteral("digits"));
    }

    void moreDataIsAskedForBelowTheSets() {
        TrainingControls bar;
        QSignalSpy chosen(&bar, &TrainingControls::datasetChosen);
        QSignalSpy more(&bar, &TrainingControls::moreDatasetsRequested);
        bar.setDatasets({QStringLiteral("digits"), QStringLiteral("mnist")}, {tr("Digits"), tr("MNIST")});
        bar.setDataset(QStringLiteral("digits"));
        auto* data = bar.findChildren<QComboBox*>().at(1);
        QTest::keyClick(data, Qt::Key_End);
        QCOMPARE(more.count(), 1);
        QCOMPARE(chosen.count(), 0);
        QCOMPARE(data->currentText(), QStringLiteral("Digits"));
    }

    void trainedModelsStandBelowTheRecipes() {
        TrainingControls bar;
        QSignalSpy presetSpy(&bar, &TrainingControls::presetChosen);
        QSignalSpy trainedSpy(&bar, &TrainingControls::trainedModelChosen);
        auto* models = bar.findChildren<QComboBox*>().at(0);
        bar.setPresets({QStringLiteral("vae"), QStringLiteral("ae")}, {tr("VAE"), tr("Autoencoder")});
        QCOMPARE(itemsOf(*models), QStringList({QStringLiteral("VAE"), QStringLiteral("Autoencoder")}));
        bar.setPreset(QStringLiteral("ae"));
        bar.setTrainedModels({QStringLiteral("vae")}, {tr("VAE, 20 epochs")});
        QCOMPARE(itemsOf(*models),
                 QStringList({QStringLiteral("(Recipes)"), QStringLiteral("VAE"), QStringLiteral("Autoencoder"),
                              QStringLiteral("(Trained models)"), QStringLiteral("VAE, 20 epochs")}));
        QCOMPARE(models->currentText(), QStringLiteral("Autoencoder"));
        QCOMPARE(presetSpy.count() + trainedSpy.count(), 0);

        // The keys pass over the heading, and what is chosen is a wish.
        QTest::keyClick(models, Qt::Key_Down);
        QCOMPARE(trainedSpy.count(), 1);
        QCOMPARE(trainedSpy.last().first().toString(), QStringLiteral("vae"));
        QCOMPARE(models->currentText(), QStringLiteral("Autoencoder"));
        QTest::keyClick(models, Qt::Key_Up);
        QCOMPARE(presetSpy.count(), 1);
        QCOMPARE(presetSpy.last().first().toString(), QStringLiteral("vae"));
        QCOMPARE(models->currentText(), QStringLiteral("VAE"));
        bar.setPreset(QString());
        QCOMPARE(models->currentIndex(), -1);
        bar.setTrainedModels({}, {});
        QCOMPARE(models->count(), 2);
        QCOMPARE(models->currentIndex(), -1);
    }

    void betaIsThereWhereItMeansSomething() {
        TrainingControls bar;
        bar.resize(1280, 48);
        bar.show();
        auto* slider = bar.findChild<ValueSlider*>();
        auto* field = bar.findChild<ValueField*>();
        QVERIFY(showsText(bar, QStringLiteral("β")));
        bar.setBetaMeaning(QStringLiteral("push"), QStringLiteral("How hard."));
        QVERIFY(showsText(bar, QStringLiteral("push")));
        QCOMPARE(slider->toolTip(), QStringLiteral("How hard."));
        QCOMPARE(slider->accessibleName(), QStringLiteral("push"));
        bar.setBeta(2);
        bar.setBetaMeaning(QString(), QString());
        QVERIFY(!slider->isVisible());
        QVERIFY(!field->isVisible());
        QVERIFY(!showsText(bar, QStringLiteral("push")));
        QCOMPARE(bar.beta(), 2.0);
        bar.setBetaMeaning(QStringLiteral("β"), QString());
        QVERIFY(slider->isVisible());
        QVERIFY(field->isVisible());
    }

    void progressIsToldInWords() {
        TrainingControls bar;
        bar.resize(1280, 48);
        bar.show();
        bar.setProgress(halfWay());
        QVERIFY(showsText(bar, QStringLiteral("epoch 7 of 13")));
        QVERIFY(showsText(bar, QStringLiteral("41,200 img/s")));
        QVERIFY(showsText(bar, QStringLiteral("0:42 left")));
        auto* progress = bar.findChild<QProgressBar*>();
        QCOMPARE(progress->value() * 2, progress->maximum());
        bar.setMessage(QStringLiteral("finished"));
        QVERIFY(showsText(bar, QStringLiteral("finished")));
        QVERIFY(!progress->isVisible());
    }

    void nothingIsCutOffAt1024() {
        TrainingControls bar;
        bar.setPresets({QStringLiteral("a")}, {QStringLiteral("Super-resolution 4×")});
        bar.setTrainedModels({QStringLiteral("a")}, {QStringLiteral("Super-resolution 4×, after 8 epochs of MNIST")});
        bar.setDatasets({QStringLiteral("b")}, {QStringLiteral("Procedural digits")});
        bar.resize(1008, 48);
        bar.show();
        bar.setRunState(RunState::Running);
        bar.setProgress(halfWay());
        QVERIFY(QTest::qWaitForWindowExposed(&bar));
        QVERIFY(bar.menuButton()->geometry().right() < bar.width());
        QVERIFY(showsText(bar, QStringLiteral("epoch 7 of 13")));
        for (QWidget* child : bar.findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly)) {
            const bool hasText = child->isVisible() && !qobject_cast<QProgressBar*>(child);
            if (hasText) QVERIFY(child->width() >= child->minimumSizeHint().width());
        }
    }
};

}  // namespace zwei

QTEST_MAIN(zwei::TrainingControlsTest)
#include "training_controls_test.moc"
