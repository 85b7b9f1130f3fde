// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/download_panel.h"

#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include "tests/support/shown_widget.h"
#include "widgets/download_row.h"
#include "widgets/small_widgets.h"

namespace zwei {

class DownloadPanelTest : public QObject {
    Q_OBJECT

private:
    using State = DownloadChoice::State;

    static std::vector<DownloadChoice> choices() {
        return {{QStringLiteral("mnist"), QStringLiteral("MNIST"), QStringLiteral("60,000 + 10,000 handwritten digits"),
                 State::Here, QStringLiteral("~/data/mnist"), 11'594'722},
                {QStringLiteral("kmnist"), QStringLiteral("KMNIST"),
                 QStringLiteral("60,000 + 10,000 cursive Japanese characters"), State::Offered,
                 QStringLiteral("one mirror is known: codh.rois.ac.jp"), 21'240'842},
                {QStringLiteral("fashion-mnist"),
                 QStringLiteral("Fashion-MNIST"),
                 QStringLiteral("60,000 + 10,000 pieces of clothing"),
                 State::Offered,
                 {},
                 30'878'645},
                {QStringLiteral("other"), QStringLiteral("Other"), QStringLiteral("no checksum"), State::NotOffered,
                 QStringLiteral("not offered: its checksum is not known for certain"), 0}};
    }
    static DownloadState halfway() {
        return {QStringLiteral("kmnist"), 10'620'421, 21'240'842, 3'100'000, 3.4, QStringLiteral("codh.rois.ac.jp")};
    }
    static void show(DownloadPanel& panel) {
        panel.setChoices(choices(), QStringLiteral("~/.local/share/zwei"));
        test::showAt(panel, panel.sizeHint());
    }
    static QWidget* row(const DownloadPanel& panel, const char* id) {
        return panel.findChild<DownloadRow*>(QLatin1String(id));
    }
    template <typename Widget>
    static Widget* shownWith(const QWidget& parent, const QString& text) {
        for (auto* candidate : parent.findChildren<Widget*>())
            if (candidate->isVisible() && candidate->text() == text) return candidate;
        return nullptr;
    }
    static QPushButton* button(const QWidget& parent, const char* text) {
        return shownWith<QPushButton>(parent, QString::fromUtf8(text));
    }
    static QLabel* sentence(const DownloadPanel& panel) {
        return panel.findChild<QLabel*>(QStringLiteral("downloadSentence"));
    }

private Q_SLOTS:
    void initTestCase() { test::applyLook(); }

    void eachSetSaysWhereItStands() {
        DownloadPanel panel;
        show(panel);
        QVERIFY(shownWith<QLabel>(*row(panel, "mnist"), QStringLiteral("On this machine")));
        QVERIFY(!button(*row(panel, "mnist"), "Get"));
        QVERIFY(shownWith<QLabel>(*row(panel, "kmnist"), QStringLiteral("21.2 MB")));
        QVERIFY(button(*row(panel, "kmnist"), "Get"));
        QVERIFY(shownWith<ElidedLabel>(*row(panel, "other"), choices()[3].note));
        QVERIFY(!button(*row(panel, "other"), "Get"));
        QVERIFY(!row(panel, "kmnist")->findChild<QProgressBar*>()->isVisible());
    }

    void aWishIsTold() {
        DownloadPanel panel;
        show(panel);
        QSignalSpy got(&panel, &DownloadPanel::getRequested);
        QSignalSpy embedded(&panel, &DownloadPanel::useEmbeddedRequested);
        QSignalSpy folder(&panel, &DownloadPanel::openFolderRequested);
        button(*row(panel, "kmnist"), "Get")->click();
        button(panel, "Use the built-in digits")->click();
        button(panel, "Open a folder that has the files…")->click();
        QTRY_COMPARE(got.size(), 1);
        QCOMPARE(got[0][0].toString(), QStringLiteral("kmnist"));
        QCOMPARE(embedded.size(), 1);
        QCOMPARE(folder.size(), 1);
    }

    void progressIsShownInItsRow() {
        DownloadPanel panel;
        show(panel);
        panel.setDownload(halfway());
        auto* bar = row(panel, "kmnist")->findChild<QProgressBar*>();
        QVERIFY(bar->isVisible());
        QCOMPARE(bar->value() * 2, bar->maximum());
        QVERIFY(!button(*row(panel, "kmnist"), "Get"));
        QVERIFY(!button(*row(panel, "fashion-mnist"), "Get")->isEnabled());
        bool isTold = false;
        for (const auto* label : panel.findChildren<ElidedLabel*>())
            isTold = isTold || label->fullText() == QStringLiteral(
                                                        "10.6 MB of 21.2 MB  ·  3.1 MB a second  ·  0:03 "
                                                        "left  ·  from codh.rois.ac.jp");
        QVERIFY(isTold);
        QSignalSpy cancelled(&panel, &DownloadPanel::cancelRequested);
        button(*row(panel, "kmnist"), "Cancel")->click();
        QTRY_COMPARE(cancelled.size(), 1);
        panel.setIdle();
        QVERIFY(!bar->isVisible());
        QVERIFY(button(*row(panel, "fashion-mnist"), "Get")->isEnabled());
    }

    void newChoicesKeepTheDownload() {
        DownloadPanel panel;
        show(panel);
        panel.setDownload(halfway());
        panel.setChoices(choices(), QStringLiteral("~"));
        QCoreApplication::processEvents();
        QVERIFY(!button(*row(panel, "fashion-mnist"), "Get")->isEnabled());
        panel.setDownload(halfway());
        QVERIFY(button(*row(panel, "kmnist"), "Cancel"));
    }

    void aFaultIsASentence() {
        DownloadPanel panel;
        show(panel);
        QVERIFY(!sentence(panel)->isVisible());
        panel.setFault(QStringLiteral("This machine seems to be offline."));
        QVERIFY(sentence(panel)->isVisible());
        QCOMPARE(sentence(panel)->property("role").toString(), QStringLiteral("warning"));
        panel.setFault({});
        QVERIFY(!sentence(panel)->isVisible());
    }

    void nothingIsCutOff() {
        DownloadPanel panel;
        show(panel);
        panel.setDownload(halfway());
        panel.setFault(
            QStringLiteral("KMNIST could not be fetched: codh.rois.ac.jp dropped the connection; try again "
                           "later, or open a folder that has the files."));
        QCoreApplication::processEvents();
        panel.adjustSize();
        for (const auto* label : panel.findChildren<QLabel*>())
            if (label->isVisible() && !label->wordWrap())
                QVERIFY2(label->width() >= label->minimumSizeHint().width(), qPrintable(label->text()));
        QVERIFY(panel.height() <= 600);
    }

    /// With ZWEI_PICTURES set, both looks are written there.
    void bothThemes() {
        for (const bool isDark : {true, false}) {
            Theme::setCurrent(isDark ? Theme::darkTheme() : Theme::lightTheme());
            test::applyLook();
            DownloadPanel panel;
            show(panel);
            panel.setDownload(halfway());
            panel.setFault(
                QStringLiteral("MNIST could not be fetched: ossci-datasets.s3.amazonaws.com answered 503; "
                               "storage.googleapis.com sent nothing for 15 s; try again later, or open a "
                               "folder that has the files."));
            QCoreApplication::processEvents();
            panel.adjustSize();
            const auto picture = panel.grab();
            const auto paper = picture.toImage().pixelColor(row(panel, "mnist")->geometry().center().x(),
                                                            row(panel, "mnist")->geometry().bottom() - 3);
            QCOMPARE(paper, Theme::current().card);
            const auto folder = qEnvironmentVariable("ZWEI_PICTURES");
            if (!folder.isEmpty())
                picture.save(
                    QStringLiteral("%1/%2.png").arg(folder, isDark ? QStringLiteral("dark") : QStringLiteral("light")));
        }
        Theme::setCurrent(Theme::darkTheme());
    }
};

}  // namespace zwei

QTEST_MAIN(zwei::DownloadPanelTest)
#include "download_panel_test.moc"
