// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/settings_panel.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

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
    static QString foot(const SettingsPanel& panel) {
        for (QLabel* label : panel.findChildren<QLabel*>())
            if (label->accessibleName() == QLatin1String("Note on the settings")) return label->text();
        return {};
    }

private Q_SLOTS:
    void whatIsNotValidIsExplainedAndChangesNothing_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("text");
        for (const char* text : {"512,0", "abc", "", "512,,256", "4097", "1,2,3,4,5,6,7,8,9", "-5", "12.5"})
            QTest::addRow("widths %s", text) << "widths" << text;
        for (const char* text : {"0", "-0.1", "1.01", "fast", "", "nan"})
            QTest::addRow("learning rate %s", text) << "learning rate" << text;
        for (const char* text : {"0", "65", "2.5", "two"}) QTest::addRow("code size %s", text) << "code size" << text;
        for (const char* text : {"0", "10001"}) {
            QTest::addRow("batch %s", text) << "batch" << text;
            QTest::addRow("epochs %s", text) << "epochs" << text;
        }
        QTest::addRow("patience") << "early stop"
                                  << "-1";
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
        QCOMPARE(field(panel, QStringLiteral("widths"))->text(), QStringLiteral("512, 256"));
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

    void theBackboneDecidesWhichSizesAreAskedFor() {
        SettingsPanel panel;
        panel.show();
        QSignalSpy spy(&panel, &SettingsPanel::recipeEdited);
        QVERIFY(!field(panel, QStringLiteral("channels"))->isVisible());
        QTest::mouseClick(segment(panel, QStringLiteral("conv")), Qt::LeftButton);
        QCOMPARE(spy.count(), 1);
        QVERIFY(panel.recipe().backbone == Backbone::Convolutional);
        QVERIFY(field(panel, QStringLiteral("channels"))->isVisible());
        QVERIFY(!field(panel, QStringLiteral("widths"))->isVisible());
        type(panel, QStringLiteral("channels"), QStringLiteral("8, 513"));
        QVERIFY(panel.complaint().startsWith(QLatin1String("Channels")));
        QTest::mouseClick(segment(panel, QStringLiteral("dense")), Qt::LeftButton);
        QVERIFY(panel.complaint().isEmpty());
    }

    void settingARecipeShowsAllOfItAndEmitsNothing() {
        Recipe recipe;
        recipe.latentSize = 16;
        recipe.activation = Activation::ReLU;
        recipe.reconstruction = Reconstruction::Gaussian;
        recipe.schedule = Schedule::Constant;
        recipe.beta = 4;
        SettingsPanel panel;
        QSignalSpy spy(&panel, &SettingsPanel::recipeEdited);
        panel.setRecipe(recipe);
        QVERIFY(panel.recipe() == recipe);
        QCOMPARE(spy.count(), 0);
        QStringList shown;
        for (const QComboBox* choice : panel.findChildren<QComboBox*>()) shown << choice->currentText();
        QCOMPARE(shown, QStringList({"ReLU", "Gaussian", "constant"}));
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
