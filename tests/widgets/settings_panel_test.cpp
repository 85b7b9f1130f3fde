// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/settings_panel.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>

#include "models/types/presets.h"
#include "widgets/value_field.h"

namespace zwei {

class SettingsPanelTest : public QObject {
    Q_OBJECT

private:
    static ValueField* field(const SettingsPanel& panel, const QString& name) {
        for (ValueField* candidate : panel.findChildren<ValueField*>())
            if (candidate->accessibleName() == name) return candidate;
        return nullptr;
    }
    static void type(const SettingsPanel& panel, const QString& name, const QString& text) {
        ValueField* target = field(panel, name);
        target->selectAll();
        QTest::keyClick(target, Qt::Key_Backspace);
        target->insert(text);  // QTest's keys know no minus sign
        QTest::keyClick(target, Qt::Key_Return);
    }
    static QPushButton* segment(const SettingsPanel& panel, const QString& text) {
        for (QPushButton* candidate : panel.findChildren<QPushButton*>())
            if (candidate->text() == text) return candidate;
        return nullptr;
    }
    static QComboBox* choice(const SettingsPanel& panel, const QString& name) {
        for (QComboBox* candidate : panel.findChildren<QComboBox*>())
            if (candidate->accessibleName() == name) return candidate;
        return nullptr;
    }
    /// As a person does: by name, which has to be among those offered.
    static void choose(const SettingsPanel& panel, const QString& name, const QString& item) {
        QComboBox* target = choice(panel, name);
        QVERIFY(target->isVisible());
        const int index = target->findText(item);
        QVERIFY(index >= 0);
        target->setCurrentIndex(index);
        Q_EMIT target->activated(index);
    }
    static void press(const SettingsPanel& panel, const QString& text) {
        QTest::mouseClick(segment(panel, text), Qt::LeftButton);
    }
    /// The names of the rows that are there, from top to bottom.
    static QStringList rows(const SettingsPanel& panel) {
        QList<QLabel*> labels = panel.findChildren<QLabel*>();
        labels.removeIf([](const QLabel* label) { return !label->buddy() || !label->isVisible(); });
        std::sort(labels.begin(), labels.end(), [&panel](const QLabel* a, const QLabel* b) {
            return a->mapTo(&panel, QPoint()).y() < b->mapTo(&panel, QPoint()).y();
        });
        QStringList names;
        for (const QLabel* label : labels) names << label->text();
        return names;
    }
    static bool says(const SettingsPanel& panel, const QString& text) {
        const auto labels = panel.findChildren<QLabel*>();
        return std::any_of(labels.begin(), labels.end(),
                           [&](const QLabel* label) { return label->isVisible() && label->text() == text; });
    }
    static QString foot(const SettingsPanel& panel) {
        for (QLabel* label : panel.findChildren<QLabel*>())
            if (label->accessibleName() == QLatin1String("Note on the settings")) return label->text();
        return {};
    }

private Q_SLOTS:
    void whatIsNotValidIsExplainedAndChangesNothing_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("text");
        for (const char* text : {"512,0", "abc", "", "512,,256", "8193", "1,2,3,4,5,6,7,8,9", "-5", "12.5", "none"})
            QTest::addRow("widths %s", text) << "widths" << text;
        for (const char* text : {"0", "-0.1", "1000001", "fast", "", "nan"})
            QTest::addRow("learning rate %s", text) << "learning rate" << text;
        for (const char* text : {"0", "257", "2.5", "two"}) QTest::addRow("code size %s", text) << "code size" << text;
        for (const char* text : {"0", "100001"}) {
            QTest::addRow("batch %s", text) << "batch" << text;
            QTest::addRow("epochs %s", text) << "epochs" << text;
        }
        QTest::addRow("patience") << "early stop"
                                  << "-1";
        for (const char* text : {"", "low", "-0.1", "0, 2.1", "0.8, 0.2", "0, 0.5, 1", "0,, 1", "nan"})
            QTest::addRow("level %s", text) << "level" << text;
        for (const char* text : {"-1.01", "2", "bright"}) QTest::addRow("mean %s", text) << "mean" << text;
        for (const char* text : {"none", "", "8, 513", "1,2,3,4,5,6"})
            QTest::addRow("channels %s", text) << "channels" << text;
        for (const char* text : {"-1", "18446744073709551616", "x"}) QTest::addRow("seed %s", text) << "seed" << text;
    }
    void whatIsNotValidIsExplainedAndChangesNothing() {
        QFETCH(const QString, name);
        QFETCH(const QString, text);
        SettingsPanel panel;
        QSignalSpy spy(&panel, &SettingsPanel::recipeEdited);
        type(panel, name, text);
        QCOMPARE(spy.count(), 0);
        QVERIFY(panel.recipe() == Recipe());
        QVERIFY(panel.complaint().startsWith(name, Qt::CaseInsensitive));
        QVERIFY(panel.complaint().endsWith(u'.'));
        QCOMPARE(foot(panel), panel.complaint());
        QCOMPARE(field(panel, name)->text(), text);
    }

    void aValidEntryIsTakenOnce() {
        SettingsPanel panel;
        QSignalSpy spy(&panel, &SettingsPanel::recipeEdited);
        type(panel, QStringLiteral("widths"), QStringLiteral("400, 300 , 20"));
        QTest::keyClick(field(panel, QStringLiteral("widths")), Qt::Key_Return);
        QCOMPARE(spy.count(), 1);
        QVERIFY(spy.last().first().value<Recipe>() == panel.recipe());
        QCOMPARE(panel.recipe().hidden, std::vector<int>({400, 300, 20}));
        QCOMPARE(field(panel, QStringLiteral("widths"))->text(), QStringLiteral("400, 300, 20"));
    }

    void numbersAreReadAsPeopleWriteThem() {
        SettingsPanel panel;
        type(panel, QStringLiteral("learning rate"), QStringLiteral("3e-4"));
        QCOMPARE(panel.recipe().learningRate, 3e-4);
        QCOMPARE(field(panel, QStringLiteral("learning rate"))->text(), QStringLiteral("0.0003"));
        type(panel, QStringLiteral("learning rate"), QStringLiteral("0,01"));
        QCOMPARE(panel.recipe().learningRate, 0.01);
        type(panel, QStringLiteral("learning rate"), QStringLiteral("2e−7"));
        QCOMPARE(field(panel, QStringLiteral("learning rate"))->text(), QStringLiteral("2e−7"));
        type(panel, QStringLiteral("widths"), QStringLiteral("64 32"));
        QCOMPARE(panel.recipe().hidden, std::vector<int>({64, 32}));
        type(panel, QStringLiteral("seed"), QStringLiteral("18446744073709551615"));
        QCOMPARE(panel.recipe().seed, std::numeric_limits<std::uint64_t>::max());
        type(panel, QStringLiteral("early stop"), QStringLiteral("5"));
        QCOMPARE(panel.recipe().patience, 5);
        type(panel, QStringLiteral("early stop"), QStringLiteral("Off"));
        QCOMPARE(panel.recipe().patience, 0);
        QVERIFY(panel.complaint().isEmpty());
    }

    void escapeTakesAMistakeBack() {
        SettingsPanel panel;
        type(panel, QStringLiteral("widths"), QStringLiteral("abc"));
        QTest::keyClick(field(panel, QStringLiteral("widths")), Qt::Key_Escape);
        QCOMPARE(field(panel, QStringLiteral("widths"))->text(), QStringLiteral("256, 256, 256"));
        QVERIFY(panel.complaint().isEmpty());
    }

    void aMistakeDoesNotKeepOtherFieldsFromCounting() {
        SettingsPanel panel;
        type(panel, QStringLiteral("widths"), QStringLiteral("abc"));
        type(panel, QStringLiteral("epochs"), QStringLiteral("7"));
        QCOMPARE(panel.recipe().epochs, 7);
        QCOMPARE(panel.recipe().hidden, Recipe().hidden);
        QCOMPARE(field(panel, QStringLiteral("widths"))->text(), QStringLiteral("abc"));
        QVERIFY(panel.complaint().startsWith(QLatin1String("Widths")));
    }

    void eachChoiceAsksForWhatItNeeds_data() {
        QTest::addColumn<Recipe>("recipe");
        QTest::addColumn<QString>("names");  // before those of training
        QTest::addColumn<bool>("isTrained");
        const auto preset = [](const char* id) { return *presetRecipe(id); };
        QTest::newRow("vae") << preset("vae") << "code size, widths, activation" << true;
        QTest::newRow("cvae") << preset("cvae") << "code size, widths, activation" << true;
        QTest::newRow("aae") << preset("aae") << "code size, widths, activation" << true;
        QTest::newRow("conv") << preset("conv-vae") << "code size, channels, widths, resampling, activation" << true;
        QTest::newRow("denoiser") << preset("denoise") << "noise, level, mean, channels, activation" << true;
        QTest::newRow("small") << preset("superres-4x") << "factor, channels, activation" << true;
        QTest::newRow("pca") << preset("pca") << "code size" << false;
        Recipe salted = preset("ae");
        salted.input = Input::Noisy;
        salted.noise = NoiseKind::SaltAndPepper;
        QTest::newRow("salted") << salted << "noise, level, code size, widths, activation" << true;
    }
    void eachChoiceAsksForWhatItNeeds() {
        QFETCH(const Recipe, recipe);
        QFETCH(QString, names);
        QFETCH(const bool, isTrained);
        if (isTrained)
            names += QLatin1String(", loss, targets, learning rate, schedule, batch, epochs, early stop, seed");
        SettingsPanel panel;
        panel.resize(192, 900);
        panel.setRecipe(recipe);
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        QCOMPARE(rows(panel).join(QLatin1String(", ")), names);
        QCOMPARE(says(panel, QStringLiteral("Fitted, not trained.")), !isTrained);
    }

    void aChoiceOnAnAxisIsTakenOnce() {
        SettingsPanel panel;
        panel.show();
        QSignalSpy spy(&panel, &SettingsPanel::recipeEdited);
        Recipe expected;
        const auto holds = [&](int count) {
            return spy.count() == count && panel.recipe() == expected && spy.last().first().value<Recipe>() == expected;
        };
        press(panel, QStringLiteral("conv"));
        expected.backbone = Backbone::Convolutional;
        QVERIFY(holds(1));
        press(panel, QStringLiteral("small"));
        expected.input = Input::Small;
        QVERIFY(holds(2));
        choose(panel, QStringLiteral("factor"), QStringLiteral("4×"));
        expected.factor = 4;
        QVERIFY(holds(3));
        choose(panel, QStringLiteral("Bottleneck"), QStringLiteral("conditional"));
        expected.bottleneck = Bottleneck::Conditional;
        QVERIFY(holds(4));
        choose(panel, QStringLiteral("resampling"), QStringLiteral("strided"));
        expected.resampling = Resampling::Strided;
        QVERIFY(holds(5));
        choose(panel, QStringLiteral("targets"), QStringLiteral("binarised"));
        expected.targets = Targets::Binarised;
        QVERIFY(holds(6));
    }

    void theOtherAxesGiveWay() {
        SettingsPanel panel;
        panel.show();
        choose(panel, QStringLiteral("Bottleneck"), QStringLiteral("skip connections"));
        QVERIFY(panel.recipe().input == Input::Noisy);
        QVERIFY(panel.recipe().backbone == Backbone::Convolutional);
        QVERIFY(segment(panel, QStringLiteral("noisy"))->isChecked());
        QVERIFY(segment(panel, QStringLiteral("conv"))->isChecked());
        press(panel, QStringLiteral("clean"));
        QVERIFY(panel.recipe().bottleneck == Bottleneck::Plain);
        QCOMPARE(choice(panel, QStringLiteral("Bottleneck"))->currentText(), QStringLiteral("plain"));
        press(panel, QStringLiteral("noisy"));
        press(panel, QStringLiteral("PCA"));
        QVERIFY(panel.recipe().input == Input::Clean);
        QVERIFY(segment(panel, QStringLiteral("clean"))->isChecked());
        choose(panel, QStringLiteral("Bottleneck"), QStringLiteral("Gaussian"));
        QVERIFY(panel.recipe().backbone == Backbone::Dense);
        QVERIFY(segment(panel, QStringLiteral("dense"))->isChecked());
    }

    void levelsAreReadAsPeopleWriteThem_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<double>("least");
        QTest::addColumn<double>("most");
        QTest::addColumn<QString>("shown");
        QTest::newRow("two") << "0.1, 0.5" << 0.1 << 0.5 << "0.1, 0.5";
        QTest::newRow("close") << "0.1,0.5" << 0.1 << 0.5 << "0.1, 0.5";
        QTest::newRow("blank") << " .25  2 " << 0.25 << 2.0 << "0.25, 2";
        QTest::newRow("decimal commas") << "0,1; 0,5" << 0.1 << 0.5 << "0.1, 0.5";
        QTest::newRow("one is both") << "0.4" << 0.4 << 0.4 << "0.4";
        QTest::newRow("none") << "0" << 0.0 << 0.0 << "0";
    }
    void levelsAreReadAsPeopleWriteThem() {
        QFETCH(const QString, text);
        QFETCH(const double, least);
        QFETCH(const double, most);
        QFETCH(const QString, shown);
        SettingsPanel panel;
        panel.setRecipe(*presetRecipe("denoise"));
        type(panel, QStringLiteral("level"), text);
        QCOMPARE(panel.recipe().noiseLeast, least);
        QCOMPARE(panel.recipe().noiseMost, most);
        QCOMPARE(field(panel, QStringLiteral("level"))->text(), shown);
        QVERIFY(panel.complaint().isEmpty());
    }

    void aShareOfPixelsIsAtMostAll() {
        Recipe recipe = *presetRecipe("denoise");
        recipe.noiseLeast = 1.2;
        recipe.noiseMost = 2;
        SettingsPanel panel;
        panel.setRecipe(recipe);
        panel.show();
        choose(panel, QStringLiteral("noise"), QStringLiteral("blocks"));
        QCOMPARE(panel.recipe().noiseLeast, 1.0);
        QCOMPARE(panel.recipe().noiseMost, 1.0);
        type(panel, QStringLiteral("level"), QStringLiteral("0, 1.5"));
        QVERIFY(panel.complaint().contains(QLatin1String("from 0 to 1,")));
        // With Gaussian noise the same text is right, and taken.
        choose(panel, QStringLiteral("noise"), QStringLiteral("Gaussian"));
        QVERIFY(panel.complaint().isEmpty());
        QCOMPARE(panel.recipe().noiseMost, 1.5);
        QCOMPARE(field(panel, QStringLiteral("level"))->text(), QStringLiteral("0, 1.5"));
    }

    void onlyAConvolutionalNetworkDoesWithoutWidths() {
        SettingsPanel panel;
        panel.show();
        press(panel, QStringLiteral("conv"));
        type(panel, QStringLiteral("widths"), QStringLiteral("None"));
        QVERIFY(panel.recipe().hidden.empty());
        QCOMPARE(field(panel, QStringLiteral("widths"))->text(), QStringLiteral("none"));
        press(panel, QStringLiteral("dense"));
        QCOMPARE(panel.recipe().hidden, Recipe().hidden);
        type(panel, QStringLiteral("widths"), QStringLiteral("none"));
        QVERIFY(panel.complaint().startsWith(QLatin1String("Widths")));
        QCOMPARE(panel.recipe().hidden, Recipe().hidden);
    }

    void skipConnectionsAreAStageShallower() {
        Recipe recipe;
        recipe.backbone = Backbone::Convolutional;
        recipe.channels = {8, 8, 8, 8, 8};
        SettingsPanel panel;
        panel.setRecipe(recipe);
        panel.show();
        choose(panel, QStringLiteral("Bottleneck"), QStringLiteral("skip connections"));
        QCOMPARE(panel.recipe().channels.size(), std::size_t{4});
        type(panel, QStringLiteral("channels"), QStringLiteral("1, 2, 3, 4, 5"));
        QVERIFY(panel.complaint().startsWith(QLatin1String("Channels take 1 to 4")));
    }

    void aRowThatGoesTakesItsComplaintWithIt() {
        SettingsPanel panel;
        panel.show();
        press(panel, QStringLiteral("conv"));
        type(panel, QStringLiteral("channels"), QStringLiteral("8, 513"));
        QVERIFY(panel.complaint().startsWith(QLatin1String("Channels")));
        press(panel, QStringLiteral("small"));
        QVERIFY(panel.complaint().startsWith(QLatin1String("Channels")));
        QCOMPARE(field(panel, QStringLiteral("channels"))->text(), QStringLiteral("8, 513"));
        press(panel, QStringLiteral("dense"));
        QVERIFY(panel.complaint().isEmpty());
        QVERIFY(foot(panel).isEmpty());
    }

    void aChoiceDoesNotLoseWhatIsBeingTyped() {
        SettingsPanel panel;
        panel.show();
        field(panel, QStringLiteral("epochs"))->setText(QStringLiteral("7"));
        press(panel, QStringLiteral("conv"));
        QCOMPARE(panel.recipe().epochs, 7);
        QVERIFY(panel.recipe().backbone == Backbone::Convolutional);
        QVERIFY(segment(panel, QStringLiteral("conv"))->isChecked());
    }

    void settingARecipeShowsAllOfItAndEmitsNothing() {
        Recipe recipe;
        recipe.latentSize = 16;
        recipe.activation = Activation::ReLU;
        recipe.reconstruction = Reconstruction::Gaussian;
        recipe.targets = Targets::Binarised;
        recipe.schedule = Schedule::Constant;
        recipe.hidden = {512, 512, 512};
        recipe.beta = 4;
        SettingsPanel panel;
        QSignalSpy spy(&panel, &SettingsPanel::recipeEdited);
        panel.setRecipe(recipe);
        QVERIFY(panel.recipe() == recipe);
        QCOMPARE(spy.count(), 0);
        QCOMPARE(choice(panel, QStringLiteral("activation"))->currentText(), QStringLiteral("ReLU"));
        QCOMPARE(choice(panel, QStringLiteral("loss"))->currentText(), QStringLiteral("Gaussian"));
        QCOMPARE(choice(panel, QStringLiteral("targets"))->currentText(), QStringLiteral("binarised"));
        QCOMPARE(choice(panel, QStringLiteral("schedule"))->currentText(), QStringLiteral("constant"));
        QCOMPARE(field(panel, QStringLiteral("code size"))->text(), QStringLiteral("16"));
        // What is edited next keeps the beta that the bar has set.
        type(panel, QStringLiteral("epochs"), QStringLiteral("3"));
        QCOMPARE(spy.last().first().value<Recipe>().beta, 4.0);
    }

    void betaFromTheBarLeavesTypingAlone() {
        SettingsPanel panel;
        ValueField* widths = field(panel, QStringLiteral("widths"));
        widths->setText(QStringLiteral("51"));
        Recipe recipe;
        recipe.beta = 2;
        panel.setRecipe(recipe);
        QCOMPARE(widths->text(), QStringLiteral("51"));
        panel.commit();
        QCOMPARE(panel.recipe().hidden, std::vector<int>({51}));
        QCOMPARE(panel.recipe().beta, 2.0);
    }

    void aRunLocksTheSettingsAndSaysSo() {
        SettingsPanel panel;
        panel.setRunning(true);
        QVERIFY(foot(panel).contains(QLatin1String("Locked")));
        ValueField* epochs = field(panel, QStringLiteral("epochs"));
        QVERIFY(!epochs->isEnabled());
        QVERIFY(epochs->toolTip().contains(QLatin1String("Locked")));
        QVERIFY(!segment(panel, QStringLiteral("conv"))->isEnabled());
        panel.setRunning(false);
        QVERIFY(epochs->isEnabled());
        QVERIFY(!epochs->toolTip().contains(QLatin1String("Locked")));
        QVERIFY(foot(panel).isEmpty());
    }
};

}  // namespace zwei

QTEST_MAIN(zwei::SettingsPanelTest)
#include "settings_panel_test.moc"
