// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/latent_sliders.h"

#include <QSignalSpy>
#include <QTest>

#include "widgets/value_field.h"
#include "widgets/value_slider.h"

namespace zwei {

using Values = std::vector<double>;

class LatentSlidersTest : public QObject {
    Q_OBJECT

private:
    static ValueSlider* slider(const LatentSliders& sliders, int dimension) {
        return sliders.findChildren<ValueSlider*>().at(dimension);
    }
    static ValueField* field(const LatentSliders& sliders, int dimension) {
        return sliders.findChildren<ValueField*>().at(dimension);
    }
    static Values edited(const QSignalSpy& spy) { return spy.last().first().value<Values>(); }
    static void type(ValueField* field, const QString& text) {
        field->selectAll();
        field->insert(text);  // QTest's keys know no minus sign
        QTest::keyClick(field, Qt::Key_Return);
    }

private Q_SLOTS:
    void settingValuesEmitsNothingAndKeepsThemExactly() {
        LatentSliders sliders;
        QSignalSpy spy(&sliders, &LatentSliders::valuesEdited);
        const Values values = {0.123456789, -5.5};
        sliders.setValues(values);
        QCOMPARE(sliders.values(), values);
        QCOMPARE(spy.count(), 0);
        QCOMPARE(field(sliders, 0)->text(), QStringLiteral("0.12"));
        QCOMPARE(field(sliders, 1)->text(), QStringLiteral("−5.50"));
    }

    void keysStepFromTheExactValue_data() {
        QTest::addColumn<Qt::Key>("key");
        QTest::addColumn<Qt::KeyboardModifiers>("modifiers");
        QTest::addColumn<double>("expected");
        const Qt::KeyboardModifiers none = Qt::NoModifier;
        QTest::newRow("right") << Qt::Key_Right << none << 0.173;
        QTest::newRow("down") << Qt::Key_Down << none << 0.073;
        QTest::newRow("shift") << Qt::Key_Right << Qt::KeyboardModifiers(Qt::ShiftModifier) << 0.623;
        QTest::newRow("page up") << Qt::Key_PageUp << none << 0.623;
        QTest::newRow("ctrl") << Qt::Key_Left << Qt::KeyboardModifiers(Qt::ControlModifier) << 0.118;
        QTest::newRow("home") << Qt::Key_Home << none << 0.0;
    }
    void keysStepFromTheExactValue() {
        QFETCH(const Qt::Key, key);
        QFETCH(const Qt::KeyboardModifiers, modifiers);
        QFETCH(const double, expected);
        LatentSliders sliders;
        sliders.setValues({7.75, 0.123});
        QSignalSpy spy(&sliders, &LatentSliders::valuesEdited);
        QTest::keyClick(slider(sliders, 1), key, modifiers);
        QCOMPARE(spy.count(), 1);
        QCOMPARE(edited(spy).at(1), expected);
        QCOMPARE(edited(spy).at(0), 7.75);
    }

    void aValueBeyondTheRangeMayComeBackButNotLeave() {
        LatentSliders sliders;
        sliders.setValues({5.2, 3.98});
        QTest::keyClick(slider(sliders, 0), Qt::Key_Right);
        QCOMPARE(sliders.values().at(0), 5.2);
        QTest::keyClick(slider(sliders, 0), Qt::Key_Left);
        QCOMPARE(sliders.values().at(0), 5.15);
        QTest::keyClick(slider(sliders, 1), Qt::Key_Right);
        QCOMPARE(sliders.values().at(1), 4.0);
    }

    void aTypedNumberIsTakenExactly() {
        LatentSliders sliders;
        QSignalSpy spy(&sliders, &LatentSliders::valuesEdited);
        type(field(sliders, 0), QStringLiteral("-1.23456"));
        QCOMPARE(edited(spy), Values({-1.23456, 0}));
        type(field(sliders, 1), QStringLiteral("−9,5"));
        QCOMPARE(edited(spy), Values({-1.23456, -9.5}));
        QCOMPARE(spy.count(), 2);
    }

    void whatIsNoNumberChangesNothing() {
        LatentSliders sliders;
        sliders.setValues({1, 2});
        QSignalSpy spy(&sliders, &LatentSliders::valuesEdited);
        for (const QString& text : {QStringLiteral("abc"), QStringLiteral("nan"), QStringLiteral("1e999")})
            type(field(sliders, 0), text);
        QCOMPARE(spy.count(), 0);
        QCOMPARE(sliders.values(), Values({1, 2}));
        QCOMPARE(field(sliders, 0)->text(), QStringLiteral("1.00"));
    }

    void leavingAFieldUntouchedKeepsTheDigitsItDoesNotShow() {
        LatentSliders sliders;
        sliders.setValues({0.123456, 0});
        QTest::keyClick(field(sliders, 0), Qt::Key_Return);
        QCOMPARE(sliders.values().at(0), 0.123456);
    }

    void takingHoldOfTheHandleMovesNothing() {
        LatentSliders sliders;
        sliders.resize(240, 56);
        sliders.setValues({0.0123, 0});
        sliders.show();
        QVERIFY(QTest::qWaitForWindowExposed(&sliders));
        QSignalSpy spy(&sliders, &LatentSliders::valuesEdited);
        ValueSlider* first = slider(sliders, 0);
        QTest::mousePress(first, Qt::LeftButton, {}, first->rect().center());
        QTest::mouseRelease(first, Qt::LeftButton, {}, first->rect().center());
        QCOMPARE(spy.count(), 0);
        QTest::mouseClick(first, Qt::LeftButton, {}, QPoint(first->width() - 1, first->height() / 2));
        QCOMPARE(sliders.values().at(0), 4.0);
    }

    void dimensionsFollowTheValues() {
        LatentSliders sliders;
        sliders.setValues(Values(16, 0.5));
        QCOMPARE(sliders.dimensions(), 16);
        QVERIFY(sliders.maximumHeight() < 200);
        sliders.setDimensions(3);
        QCOMPARE(sliders.values(), Values(3, 0.5));
        QCOMPARE(sliders.findChildren<ValueSlider*>().size(), 3);
    }
};

}  // namespace zwei

QTEST_MAIN(zwei::LatentSlidersTest)
#include "latent_sliders_test.moc"
