// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/latent_cursor.h"

#include <QSignalSpy>
#include <QTest>
#include <cmath>

namespace zwei {

class LatentCursorTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void movesOnceForEachNewPoint() {
        LatentCursor cursor;
        QSignalSpy moved(&cursor, &LatentCursor::moved);
        cursor.moveTo({1, -2});
        cursor.moveTo({1, -2});
        QCOMPARE(moved.count(), 1);
        QCOMPARE(cursor.position(), (std::vector<double>{1, -2}));
    }

    void aPointOfThePlaneLeavesOtherDimensionsAlone() {
        LatentCursor cursor;
        cursor.setDimensions(4);
        cursor.moveTo({1, 2, 3, 4});
        cursor.moveTo({5, 6});
        QCOMPARE(cursor.position(), (std::vector<double>{5, 6, 3, 4}));
    }

    void numbersThatAreNotFiniteMoveNothing() {
        LatentCursor cursor;
        QSignalSpy moved(&cursor, &LatentCursor::moved);
        cursor.moveTo({std::nan(""), 0});
        cursor.moveTo({0, INFINITY});
        QCOMPARE(moved.count(), 0);
    }
};

}  // namespace zwei

QTEST_GUILESS_MAIN(zwei::LatentCursorTest)
#include "latent_cursor_test.moc"
