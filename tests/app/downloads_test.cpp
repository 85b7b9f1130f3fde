// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/wiring_downloads.h"

#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>

#include "app/main_window.h"
#include "tests/support/loopback_server.h"
#include "tests/support/small_dataset.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/wait.h"
#include "tests/support/window_home.h"
#include "widgets/download_panel.h"
#include "widgets/download_row.h"
#include "widgets/training_controls.h"

namespace zwei {

/// Getting a data set from the window, with a server on this machine.
class DownloadsTest : public QObject {
    Q_OBJECT

    struct Opened {
        Opened() : window({folder.path()}), downloads(window.findChild<Downloads*>()) {
            window.begin({});
            Q_EMIT window.panels().bar->moreDatasetsRequested();
        }
        QPushButton* button(const char* id) {
            return downloads->panel().findChild<DownloadRow*>(QLatin1String(id))->findChild<QPushButton*>();
        }
        QLabel* sentence() { return downloads->panel().findChild<QLabel*>(QStringLiteral("downloadSentence")); }
        QString dataset() {
            const auto& data = window.session().dataset();
            return data ? QString::fromStdString(data->name) : QString();
        }
        test::TemporaryFolder folder;
        MainWindow window;
        Downloads* downloads;
    };

    test::WindowHome m_home{QStringLiteral("downloads")};

private Q_SLOTS:
    void cleanup() {
        qunsetenv("ZWEI_MIRRORS");
        QSettings().clear();
    }

    void aSetThatIsGotIsSelected() {
        const auto source = qEnvironmentVariable("ZWEI_DATA_DIR") + QStringLiteral("/mnist/");
        test::LoopbackServer server;
        const auto mnist = catalogueSet(QStringLiteral("mnist"));
        for (const auto& file : mnist->files) {
            QFile real(source + file.name);
            if (!real.open(QIODevice::ReadOnly)) QSKIP("ZWEI_DATA_DIR names no folder with MNIST's real files.");
            server.serve(file.name, real.readAll());
        }
        qputenv("ZWEI_MIRRORS", server.url().toLatin1());
        Opened opened;
        QVERIFY(opened.downloads->panel().isVisible());
        WAIT_FOR(opened.dataset() == QStringLiteral("digits"));
        QVERIFY(opened.button("mnist")->isVisible());
        opened.button("mnist")->click();
        WAIT_FOR(opened.dataset() == QStringLiteral("mnist"));
        QCOMPARE(opened.window.session().dataset()->train.images.count, 60000);
        WAIT_FOR(!opened.button("mnist")->isVisible());
        QVERIFY(opened.sentence()->text().startsWith(QStringLiteral("MNIST is here")));
        QCOMPARE(server.requests().size(), 4);
    }

    void aFaultIsSaidInThePanel() {
        test::LoopbackServer server(test::Fault::NotFound);
        qputenv("ZWEI_MIRRORS", server.url().toLatin1());
        Opened opened;
        opened.button("kmnist")->click();
        WAIT_FOR(opened.sentence()->isVisible());
        QVERIFY(opened.sentence()->text().contains(QStringLiteral("answered 404")));
        QVERIFY(!opened.downloads->download().isRunning());
    }

    void aFolderThatHasTheFilesIsOpened() {
        test::TemporaryFolder elsewhere;
        test::writeDataset(elsewhere.path() / "mine", *test::smallDataset(200, 50));
        for (const auto& folder : {elsewhere.path() / "mine", elsewhere.path()}) {
            Opened opened;
            WAIT_FOR(opened.dataset() == QStringLiteral("digits"));
            opened.window.session().openDataFolder(QString::fromStdString(folder.string()));
            WAIT_FOR(opened.dataset() == QStringLiteral("mine"));
            QCOMPARE(opened.window.session().dataset()->train.images.count, 200);
        }
    }

    void aFolderThatWasOpenedIsSearchedTheNextTime() {
        test::TemporaryFolder elsewhere;
        test::writeDataset(elsewhere.path() / "mine", *test::smallDataset(200, 50));
        {
            Opened opened;
            WAIT_FOR(opened.dataset() == QStringLiteral("digits"));
            opened.window.session().openDataFolder(QString::fromStdString((elsewhere.path() / "mine").string()));
            WAIT_FOR(opened.dataset() == QStringLiteral("mine"));
        }  // as after a crash: it was never closed
        Opened opened;
        WAIT_FOR(opened.dataset() == QStringLiteral("digits"));
        opened.window.session().selectDataset(QStringLiteral("mine"));
        WAIT_FOR(opened.dataset() == QStringLiteral("mine"));
    }

    void aFolderWithoutThemIsAFault() {
        Opened opened;
        WAIT_FOR(opened.dataset() == QStringLiteral("digits"));
        QSignalSpy failed(&opened.window.session(), &Session::failed);
        test::TemporaryFolder empty;
        opened.window.session().openDataFolder(QString::fromStdString(empty.path().string()));
        WAIT_FOR(failed.size() == 1);
        QVERIFY(failed[0][0].toString().contains(QString::fromStdString(empty.path().string())));
        QCOMPARE(opened.dataset(), QStringLiteral("digits"));
    }

    void theBuiltInDigitsNeedNoNetwork() {
        Opened opened;
        WAIT_FOR(opened.dataset() == QStringLiteral("digits"));
        Q_EMIT opened.downloads->panel().useEmbeddedRequested();
        QVERIFY(!opened.downloads->panel().isVisible());
        QCOMPARE(opened.dataset(), QStringLiteral("digits"));
    }
};

}  // namespace zwei

QTEST_MAIN(zwei::DownloadsTest)
#include "downloads_test.moc"
