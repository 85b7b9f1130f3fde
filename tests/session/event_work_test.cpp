// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/event_work.h"

#include <QCoreApplication>
#include <QTest>

namespace zwei {

class EventWorkTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aTrainingLeavesAProcessorFromTheFirstEventToTheLast() {
        const auto processors = std::make_shared<SharedProcessors>();
        ProcessorUse training(processors, ProcessorUse::By::Training);
        training.setWorking(true);
        const EventWork work(processors);
        QCoreApplication::processEvents();
        QCOMPARE(training.threadsOf(4), 4);
        QList<int> seen;
        QObject painter;
        QMetaObject::invokeMethod(
            &painter,
            [&] {
                seen += training.threadsOf(4);
                // What this event leads to, as a view's new answer leads to its painting.
                QMetaObject::invokeMethod(
                    &painter, [&] { seen += training.threadsOf(4); }, Qt::QueuedConnection);
            },
            Qt::QueuedConnection);
        QCOMPARE(training.threadsOf(4), 4);
        while (seen.size() < 2) QCoreApplication::processEvents();
        QCOMPARE(seen, (QList<int>{3, 3}));
        QCoreApplication::processEvents();
        QCOMPARE(training.threadsOf(4), 4);
    }
};

}  // namespace zwei

QTEST_GUILESS_MAIN(zwei::EventWorkTest)
#include "event_work_test.moc"
