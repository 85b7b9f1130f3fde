// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/card_expansion.h"

#include <QSettings>
#include <QToolButton>
#include <utility>

#include "app/main_window.h"
#include "tests/support/wait.h"
#include "tests/support/window_home.h"
#include "widgets/card_dock.h"

namespace zwei {

/// One card alone in the real window, and back.
class CardExpansionTest : public QObject {
    Q_OBJECT

    test::WindowHome m_home{QStringLiteral("card-expansion")};
    std::unique_ptr<MainWindow> m_window;

    const Panels& panels() const { return m_window->panels(); }

    /// As a person does: by the tool in the card's title.
    static void expand(CardDock* dock) {
        auto* tool = dock->findChild<QToolButton*>(QStringLiteral("expand"));
        QVERIFY(tool->isVisible());
        QTest::mouseClick(tool, Qt::LeftButton);
    }

    /// The cards that can be seen, with their places.
    QMap<QString, QRect> places() const {
        QMap<QString, QRect> seen;
        for (auto* dock : panels().docks)
            if (!dock->visibleRegion().isEmpty()) seen[dock->objectName()] = dock->geometry();
        return seen;
    }

    /// Docks move to where they shall be in some steps.
    QMap<QString, QRect> settledPlaces() const {
        auto seen = places();
        for (QMap<QString, QRect> before; before != seen;) {
            before = std::exchange(seen, {});
            QTest::qWait(300);
            seen = places();
        }
        return seen;
    }

private Q_SLOTS:
    void init() {
        QSettings().clear();
        m_window = std::make_unique<MainWindow>(std::vector{m_home.path()});
        m_window->resize(1280, 800);
        m_window->begin();
        WAIT_FOR(places().size() == 6);
        QCOMPARE(settledPlaces().size(), 6);
    }
    void cleanup() { m_window.reset(); }

    void everyCardFillsTheWindowAndGoesBack() {
        for (auto* dock : panels().docks) {
            dock->raise();
            WAIT_FOR(!dock->visibleRegion().isEmpty());
            const auto before = places();
            expand(dock);
            WAIT_FOR(places().keys() == QStringList{dock->objectName()});
            WAIT_FOR(dock->width() > 1200 && dock->height() > 600);
            expand(dock);
            WAIT_FOR(places() == before);
        }
    }

    void anArrangementOfOnesOwnComesBack() {
        m_window->addDockWidget(Qt::BottomDockWidgetArea, panels().decodedDock);
        m_window->splitDockWidget(panels().settingsDock, panels().clustersDock, Qt::Vertical);
        m_window->tabifyDockWidget(panels().gridDock, panels().lossDock);
        Q_EMIT panels().decodedDock->topLevelChanged(false);  // from now on the person arranges
        m_window->resizeDocks({panels().settingsDock, panels().gridDock}, {300, 900}, Qt::Horizontal);
        m_window->resizeDocks({panels().settingsDock, panels().clustersDock}, {250, 200}, Qt::Vertical);
        panels().figuresDock->close();
        const auto before = settledPlaces();
        for (auto* dock : {panels().lossDock, panels().clustersDock, panels().decodedDock}) {
            expand(dock);
            WAIT_FOR(places().size() == 1);
            expand(dock);
            WAIT_FOR(places() == before);
        }
        QVERIFY(panels().figuresDock->isHidden());
    }

    void theLastCardThatIsClosedBringsTheOthersBack() {
        expand(panels().gridDock);
        WAIT_FOR(places().size() == 1);
        panels().gridDock->close();
        WAIT_FOR(places().size() == 5);
        QVERIFY(panels().gridDock->isHidden());
    }

    void whatIsShownMeanwhileStays() {
        panels().lossDock->close();
        WAIT_FOR(panels().lossDock->isHidden());
        expand(panels().clustersDock);
        panels().lossDock->toggleViewAction()->trigger();
        WAIT_FOR(places().size() == 2);
        expand(panels().clustersDock);
        WAIT_FOR(places().size() == 6);
        QVERIFY(!panels().lossDock->isHidden());
    }

    void aWindowThatIsClosedMeanwhileOpensWithAllCards() {
        expand(panels().gridDock);
        WAIT_FOR(places().size() == 1);
        m_window->close();
        m_window = std::make_unique<MainWindow>(std::vector{m_home.path()});
        m_window->begin();
        WAIT_FOR(places().size() == 6);
    }

    void aCardThatFloatsHasAWindowAlready() {
        panels().gridDock->setFloating(true);
        auto* tool = panels().gridDock->findChild<QToolButton*>(QStringLiteral("expand"));
        WAIT_FOR(!tool->isVisible());
        Q_EMIT panels().gridDock->expandRequested();
        QVERIFY(!panels().clustersDock->isHidden());
        panels().gridDock->setFloating(false);
        WAIT_FOR(tool->isVisible());
    }

    void aHundredTimesWithTabsAndOtherSizesHarmNothing() {
        for (int i = 0; i < 100; ++i) {
            auto* dock = panels().docks.at(i % panels().docks.size());
            dock->raise();
            Q_EMIT dock->expandRequested();
            if (i % 3 == 0) panels().docks.at(i * 7 % panels().docks.size())->toggleViewAction()->trigger();
            m_window->resize(960 + i * 53 % 900, 600 + i * 37 % 400);
            QTest::qWait(i % 7);
            Q_EMIT dock->expandRequested();
        }
        m_window->layOutAnew();
        WAIT_FOR(places().size() == 6);
    }
};

}  // namespace zwei

QTEST_MAIN(zwei::CardExpansionTest)
#include "card_expansion_test.moc"
