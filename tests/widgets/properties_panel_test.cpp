// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/properties_panel.h"

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <limits>

namespace zwei {

class PropertiesPanelTest : public QObject {
    Q_OBJECT

private:
    static PropertiesSnapshot properties(bool withOther = true) {
        PropertiesSnapshot made;
        made.data = "MNIST";
        for (int i = 0; i < 100; ++i) made.errors.push_back(0.02 + 0.0003 * i);
        made.linear = {{1, 0.0607}, {2, 0.0555}, {4, 0.0478}, {8, 0.0373}, {16, 0.0268}, {32, 0.0168}, {64, 0.009}};
        made.codeSize = 2;
        made.mse = 0.035;
        made.psnr = 14.6;
        if (!withOther) return made;
        made.otherData = "KMNIST";
        for (int i = 0; i < 100; ++i) made.otherErrors.push_back(0.08 + 0.0006 * i);
        made.other.inputs.count = 8;
        made.other.inputs.pixels.assign(std::size_t{8} * kImagePixels, 200);
        made.other.outputs = made.other.inputs;
        return made;
    }
    static void prepare(PropertiesPanel& panel) {
        panel.resize(410, 236);
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        QCoreApplication::processEvents();
    }
    static QPushButton* segment(const PropertiesPanel& panel, const char* text) {
        for (QPushButton* candidate : panel.findChildren<QPushButton*>())
            if (candidate->text() == QLatin1String(text)) return candidate;
        return nullptr;
    }
    static QString sentence(const PropertiesPanel& panel) {
        for (const QLabel* label : panel.findChildren<QLabel*>())
            if (label->wordWrap() && label->isVisible()) return label->text();
        return {};
    }
    static QWidget* drawing(const PropertiesPanel& panel, const char* name) {
        for (QWidget* candidate : panel.findChildren<QWidget*>())
            if (candidate->accessibleName().startsWith(QLatin1String(name)) && candidate->isVisible()) return candidate;
        return nullptr;
    }
    /// Pixels in which the theme's accent, or its orange, prevails.
    static std::pair<int, int> bluesAndOranges(QWidget& widget) {
        const QImage picture = widget.grab().toImage();
        std::pair<int, int> count;
        for (int y = 0; y < picture.height(); ++y)
            for (int x = 0; x < picture.width(); ++x) {
                const QColor colour = picture.pixelColor(x, y);
                if (colour.blue() > colour.red() + 60) ++count.first;
                if (colour.red() > colour.blue() + 60) ++count.second;
            }
        return count;
    }

private Q_SLOTS:
    void anotherSetIsShownBesideItsOwn() {
        PropertiesPanel panel;
        panel.setProperties(properties());
        prepare(panel);
        QCOMPARE(sentence(panel), QStringLiteral("Trained on MNIST, asked about KMNIST: it draws digits."));
        QVERIFY(drawing(panel, "Images of KMNIST"));
        QWidget* histogram = drawing(panel, "Mean squared error of each image");
        QVERIFY(histogram);
        QCOMPARE(histogram->accessibleDescription(), QStringLiteral("MNIST 0.035, KMNIST 0.110"));
        const auto [blues, oranges] = bluesAndOranges(*histogram);
        QVERIFY(blues > 50 && oranges > 50);
    }

    void anySetsAreNamed() {
        PropertiesPanel panel;
        auto made = properties();
        made.data = "KMNIST";
        made.otherData = "MNIST";
        panel.setProperties(made);
        prepare(panel);
        QCOMPARE(sentence(panel), QStringLiteral("It has only learnt KMNIST; MNIST comes back as KMNIST."));
    }

    void withoutAnotherSetItIsSaidWhatIsNeeded() {
        PropertiesPanel panel;
        panel.setProperties(properties(false));
        prepare(panel);
        QVERIFY(sentence(panel).endsWith(QStringLiteral("Put KMNIST's files beside MNIST's to see this.")));
        QVERIFY(!drawing(panel, "Images of"));
        QWidget* histogram = drawing(panel, "Mean squared error of each image");
        QCOMPARE(histogram->accessibleDescription(), QStringLiteral("MNIST 0.035"));
        QCOMPARE(bluesAndOranges(*histogram).second, 0);
    }

    void whatIsLostIsShownAtTheModelsSize() {
        PropertiesPanel panel;
        panel.setProperties(properties());
        prepare(panel);
        QTest::mouseClick(segment(panel, "lossy"), Qt::LeftButton);
        QCOMPARE(sentence(panel), QStringLiteral("784 pixels squeezed into 2 numbers: what does not fit is lost."));
        QVERIFY(!drawing(panel, "Images of"));
        QWidget* curve = drawing(panel, "Error against the size of the code");
        QCOMPARE(curve->accessibleDescription(), QStringLiteral("this model, 2 numbers: 0.035, 14.6 dB"));
        QVERIFY(bluesAndOranges(*curve).first > 20);
    }

    void aNetworkWithoutACodeIsNotSqueezed() {
        PropertiesPanel panel;
        auto made = properties();
        made.codeSize = 0;
        panel.setProperties(made);
        prepare(panel);
        QTest::mouseClick(segment(panel, "lossy"), Qt::LeftButton);
        QVERIFY(sentence(panel).startsWith(QStringLiteral("This network has skip connections")));
        QVERIFY(drawing(panel, "Error against")->accessibleDescription().startsWith(QStringLiteral("this model: ")));
    }

    void labelsAreSwitched() {
        PropertiesPanel panel;
        prepare(panel);
        QSignalSpy spy(&panel, &PropertiesPanel::labelsShownChanged);
        QTest::mouseClick(segment(panel, "unlabelled"), Qt::LeftButton);
        QVERIFY(sentence(panel).startsWith(QStringLiteral("The training never saw a label")));
        QVERIFY(segment(panel, "on")->isVisible() && segment(panel, "on")->isChecked());
        QTest::mouseClick(segment(panel, "off"), Qt::LeftButton);
        QCOMPARE(spy.count(), 1);
        QCOMPARE(spy.last().first().toBool(), false);
        panel.setLabelsShown(true);
        QVERIFY(segment(panel, "on")->isChecked());
        QCOMPARE(spy.count(), 1);
    }

    void whatIsMissingIsAskedForWhenItIsSeen() {
        PropertiesPanel panel;
        QSignalSpy spy(&panel, &PropertiesPanel::measureRequested);
        QCoreApplication::processEvents();
        QCOMPARE(spy.count(), 0);
        prepare(panel);
        QCOMPARE(spy.count(), 1);
        QTest::mouseClick(segment(panel, "unlabelled"), Qt::LeftButton);
        QCOMPARE(spy.count(), 1);  // nothing to measure
        QVERIFY(!segment(panel, "Measure")->isVisible());
        QTest::mouseClick(segment(panel, "lossy"), Qt::LeftButton);
        QCOMPARE(spy.count(), 2);
        segment(panel, "Measure")->click();
        QCOMPARE(spy.count(), 3);
        panel.setBusy(true);
        QVERIFY(!segment(panel, "Measure")->isVisible());
        QCOMPARE(sentence(panel), QStringLiteral("The model is being measured."));
        QTest::mouseClick(segment(panel, "data-specific"), Qt::LeftButton);
        panel.setProperties(properties());
        panel.setBusy(false);
        QTest::mouseClick(segment(panel, "lossy"), Qt::LeftButton);
        panel.hide();
        panel.show();
        QCOMPARE(spy.count(), 3);
    }

    void oddFiguresBreakNothing() {
        PropertiesPanel panel;
        prepare(panel);
        auto made = properties();
        made.errors = {0, 0, 0};
        made.otherErrors = {std::numeric_limits<double>::quiet_NaN()};
        made.linear = {{1, 0}};
        made.codeSize = 100;
        made.mse = 0;
        for (const auto& snapshot : {made, PropertiesSnapshot{}}) {
            panel.setProperties(snapshot);
            for (const char* tab : {"lossy", "unlabelled", "data-specific"}) {
                QTest::mouseClick(segment(panel, tab), Qt::LeftButton);
                for (const QSize size : {QSize(240, 120), QSize(800, 600)}) {
                    panel.resize(size);
                    QVERIFY(!panel.grab().isNull());
                }
            }
        }
    }
};

}  // namespace zwei

QTEST_MAIN(zwei::PropertiesPanelTest)
#include "properties_panel_test.moc"
