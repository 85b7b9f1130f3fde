// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/view_export.h"

#include <QFile>
#include <QFileDialog>
#include <QMenu>
#include <QSettings>
#include <QSignalSpy>
#include <QXmlStreamReader>

#include "app/film_keeping.h"
#include "app/main_window.h"
#include "tests/support/small_dataset.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/wait.h"
#include "tests/support/window_home.h"
#include "widgets/card_dock.h"
#include "widgets/drawing/theme.h"
#include "widgets/loss_view.h"

namespace zwei {
namespace {

/// How many elements of each name an SVG has; empty where it is not XML.
QMap<QString, int> elementsOf(const QByteArray& svg) {
    QMap<QString, int> counts;
    QXmlStreamReader xml(svg);
    while (!xml.atEnd())
        if (xml.readNext() == QXmlStreamReader::StartElement) ++counts[xml.name().toString()];
    return xml.hasError() ? QMap<QString, int>() : counts;
}

bool isBlank(const QImage& image) {
    const QRgb first = image.pixel(0, 0);
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            if (image.pixel(x, y) != first) return false;
    return true;
}

}  // namespace

/// Every card as a picture, and a run as a film, from a window that shows the model it ships with.
class ViewExportTest : public QObject {
    Q_OBJECT

    test::WindowHome m_folder{QStringLiteral("view-export")};
    std::unique_ptr<MainWindow> m_window;

    QByteArray saved(CardDock& dock, const QString& ending) {
        auto& views = m_window->views();
        QSignalSpy done(&views, &ViewExport::done);
        const auto file = m_folder.fileFor(dock.objectName() + ending);
        views.save(dock, file);
        QFile read(file);
        return done.size() == 1 && read.open(QIODevice::ReadOnly) ? read.readAll() : QByteArray();
    }

private Q_SLOTS:
    void initTestCase() {
        test::writeDataset(m_folder.path() / "mnist", *test::smallDataset(2000, 500));
        m_window = std::make_unique<MainWindow>(std::vector{m_folder.path()});
        QSignalSpy codes(&m_window->session(), &Session::codesReady);
        QSignalSpy grids(&m_window->session(), &Session::gridReady);
        m_window->resize(1280, 800);
        m_window->begin({});
        WAIT_FOR(m_window->session().dataset() != nullptr && !codes.isEmpty() && !grids.isEmpty());
    }

    void cleanupTestCase() { m_window.reset(); }

    void everyCardAsPixels() {
        m_window->views().setScale(2);
        for (auto* dock : m_window->panels().docks) {
            const auto image = QImage::fromData(saved(*dock, QStringLiteral(".png")));
            QCOMPARE(image.size(), 2 * dock->widget()->size());
            QVERIFY2(!isBlank(image), qPrintable(dock->windowTitle()));
        }
    }

    void everyCardAsVectors() {
        for (auto* dock : m_window->panels().docks) {
            const auto elements = elementsOf(saved(*dock, QStringLiteral(".svg")));
            QVERIFY2(elements.value(QStringLiteral("svg")) == 1, qPrintable(dock->windowTitle()));
        }
    }

    void everyCardAsAPage() {
        for (auto* dock : m_window->panels().docks) {
            const auto pdf = saved(*dock, QStringLiteral(".pdf"));
            QVERIFY2(pdf.startsWith("%PDF") && pdf.size() > 1024, qPrintable(dock->windowTitle()));
        }
    }

    void curvesArePathsAndPointsAreDiscs() {
        const auto& panels = m_window->panels();
        const auto loss = elementsOf(saved(*panels.lossDock, QStringLiteral(".svg")));
        QVERIFY(loss.value(QStringLiteral("polyline")) + loss.value(QStringLiteral("path")) > 2);
        QCOMPARE(loss.value(QStringLiteral("image")), 0);
        const auto clusters = elementsOf(saved(*panels.clustersDock, QStringLiteral(".svg")));
        QVERIFY(clusters.value(QStringLiteral("circle")) + clusters.value(QStringLiteral("ellipse")) > 300);
        QVERIFY(clusters.value(QStringLiteral("text")) > 10);
    }

    void aPlaceThatCannotBeWrittenIsToldInOneSentence() {
        auto& views = m_window->views();
        QSignalSpy failed(&views, &ViewExport::failed);
        views.save(*m_window->panels().gridDock, m_folder.fileFor(QStringLiteral("no/such/folder/x.png")));
        QCOMPARE(failed.size(), 1);
        QVERIFY(failed.front().front().toString().contains(QStringLiteral("cannot be written")));
    }

    void theDialogKnowsTheEndings() {
        auto* dialog = m_window->views().saveAs(*m_window->panels().gridDock);
        QCOMPARE(dialog->nameFilters().size(), 3);
        QSignalSpy selected(dialog, &QFileDialog::fileSelected);
        dialog->setDirectory(m_folder.fileFor(QString()));
        dialog->selectNameFilter(dialog->nameFilters().at(1));
        dialog->selectFile(QStringLiteral("map 0.5"));
        static_cast<QDialog*>(dialog)->accept();
        QCOMPARE(selected.size(), 1);
        QCOMPARE(QFileInfo(selected[0][0].toString()).fileName(), QStringLiteral("map 0.5.svg"));
        QVERIFY(QFile::exists(m_folder.fileFor(QStringLiteral("map 0.5.svg"))));
    }

    void aRunIsAFilm() {
        auto& session = m_window->session();
        auto& film = m_window->film();
        QVERIFY(!film.saveAction()->isEnabled());
        session.setRecipe(test::smallRecipe());
        QSignalSpy ended(&session, &Session::runEnded);
        session.train();
        WAIT_FOR(!film.film().frames().empty());
        WAIT_FOR(!ended.isEmpty());
        QVERIFY(film.saveAction()->isEnabled());
        const auto frames = film.film().frames().size();
        WAIT_FOR(film.film().frames().size() > frames || frames > 1);  // the last weights' picture comes after the end
        QSignalSpy done(&film, &FilmKeeping::done);
        const auto file = m_folder.fileFor(QStringLiteral("run.gif"));
        film.save(file);
        WAIT_FOR(!done.isEmpty());
        QFile read(file);
        QVERIFY(read.open(QIODevice::ReadOnly));
        QVERIFY(read.read(6) == "GIF89a");
        QVERIFY(frames <= RunFilm::kMostFrames);
        session.openTrainedModel(QStringLiteral("ae"));
        WAIT_FOR(film.film().frames().empty());
        QVERIFY(!film.saveAction()->isEnabled());
    }
};

}  // namespace zwei

QTEST_MAIN(zwei::ViewExportTest)
#include "view_export_test.moc"
