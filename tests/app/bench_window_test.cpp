// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAction>
#include <QBuffer>
#include <QClipboard>
#include <QDir>
#include <QDropEvent>
#include <QFileDialog>
#include <QImageReader>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QPainter>
#include <QSettings>
#include <QSignalSpy>
#include <fstream>

#include "app/main_window.h"
#include "app/session/own_digits.h"
#include "tests/support/small_dataset.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/wait.h"
#include "tests/support/window_home.h"
#include "widgets/bench_noise.h"
#include "widgets/bench_panel.h"
#include "widgets/card_dock.h"
#include "widgets/cluster_view.h"
#include "widgets/drawing_canvas.h"
#include "widgets/drop_frame.h"
#include "widgets/latent_grid_view.h"
#include "widgets/page_view.h"
#include "widgets/restoration_view.h"
#include "widgets/segmented_choice.h"
#include "widgets/value_slider.h"

namespace zwei {

/// The bench for images in the real window: what is dropped, pasted and drawn.
class BenchWindowTest : public QObject {
    Q_OBJECT

    test::WindowHome m_folder{QStringLiteral("bench-window")};

    struct Opened {
        explicit Opened(const test::TemporaryFolder& folder)
            : window({folder.path()}), codes(&window.session(), &Session::codesReady) {
            window.resize(1280, 800);
            window.begin();
            [this] { WAIT_FOR(window.session().dataset() && !codes.isEmpty()); }();
        }
        BenchPanel* bench() { return window.panels().bench; }
        QString sentence() {
            auto* label = bench()->findChild<QLabel*>(QStringLiteral("benchSentence"));
            return label->isHidden() ? QString() : label->text();
        }
        int digits() { return bench()->restored() ? bench()->restored()->digits.count : -1; }
        MainWindow window;
        QSignalSpy codes;
    };

    static void drop(QWidget& window, QMimeData& data) {
        QDragEnterEvent enter({400, 300}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&window, &enter);
        QVERIFY(enter.isAccepted());
        QVERIFY(window.findChild<DropFrame*>()->isVisible());  // it shows where it will land
        QDropEvent dropped({400, 300}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&window, &dropped);
        QVERIFY(!window.findChild<DropFrame*>()->isVisible());
    }

    static void dropFiles(QWidget& window, const QStringList& files) {
        QMimeData data;
        QList<QUrl> urls;
        for (const auto& file : files) urls += QUrl::fromLocalFile(file);
        data.setUrls(urls);
        drop(window, data);
    }

    /// A one, or several side by side: strokes that nothing can be mistaken in.
    static QImage ones(int count) {
        QImage paper(100 + 120 * count, 240, QImage::Format_RGB32);
        paper.fill(QColor(230, 228, 215));
        QPainter painter(&paper);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(QColor(25, 30, 90), 14, Qt::SolidLine, Qt::RoundCap));
        for (int i = 0; i < count; ++i) painter.drawLine(110 + 120 * i, 60, 95 + 120 * i, 180);
        return paper;
    }

    QString written(const QString& name, const QByteArray& bytes) const {
        QFile file(m_folder.fileFor(name));
        [&] { QVERIFY(file.open(QIODevice::WriteOnly)); }();
        file.write(bytes);
        return file.fileName();
    }

    QString saved(const QString& name, const QImage& image) const {
        [&] { QVERIFY(image.save(m_folder.fileFor(name))); }();
        return m_folder.fileFor(name);
    }

    static QAction* keep(Opened& opened, const QString& text) {
        for (auto* action : opened.bench()->keepMenu()->actions())
            if (action->text() == text) return action;
        return nullptr;
    }

    static void stroke(QWidget* canvas, const QList<QPoint>& points) {
        QTest::mousePress(canvas, Qt::LeftButton, Qt::NoModifier, points.front());
        for (const auto& point : points) QTest::mouseMove(canvas, point);
        QTest::mouseRelease(canvas, Qt::LeftButton, Qt::NoModifier, points.back());
    }

private Q_SLOTS:
    void initTestCase() {
        QDir(autosaveFolder()).removeRecursively();
        test::writeDataset(m_folder.path() / "mnist", *test::smallDataset(300, 300));
    }

    void init() {
        QSettings().clear();
        QDir(ownDigitsFolder()).removeRecursively();
    }

    void aDrawnDigitMovesTheCursorToItsCode() {
        Opened opened(m_folder);
        opened.window.panels().benchDock->raise();
        auto* canvas = opened.bench()->findChild<DrawingCanvas*>();
        WAIT_FOR(canvas->isVisible() && canvas->width() > 60);
        const QPoint middle = canvas->rect().center();
        auto& cursor = opened.window.session().cursor();
        stroke(canvas, {middle + QPoint(4, -30), middle + QPoint(0, 0), middle + QPoint(-4, 30)});
        WAIT_FOR(cursor.position() != (std::vector<double>{0, 0}));
        WAIT_FOR(!opened.window.panels().clusters->trail().isEmpty());
        const auto code = opened.window.panels().clusters->trail().steps.front();
        QVERIFY(std::abs(code.x() - cursor.position()[0]) < 1e-6);
        QVERIFY(std::abs(code.y() - cursor.position()[1]) < 1e-6);
        // The model that ships puts a one far at the left: what it decodes there is upright as well.
        QVERIFY(cursor.position()[0] < -0.5);
        const auto first = cursor.position();
        stroke(canvas, {middle + QPoint(-30, -30), middle + QPoint(30, -30), middle + QPoint(30, 30)});
        WAIT_FOR(cursor.position() != first);
        // It stays where somebody else puts it, until the drawing changes again.
        cursor.moveTo({1, 1});
        QCoreApplication::processEvents();
        QCOMPARE(cursor.position(), (std::vector<double>{1, 1}));
        canvas->undoStack().undo();
        WAIT_FOR(cursor.position() == first);
    }

    void aDroppedPhotographIsReadDigitByDigit() {
        Opened opened(m_folder);
        dropFiles(opened.window, {saved(QStringLiteral("drei Ziffern 'ä'\n.png"), ones(3))});
        WAIT_FOR(opened.digits() == 3);
        QCOMPARE(opened.bench()->source(), BenchPanel::Source::Page);
        auto* page = opened.bench()->findChildren<PageView*>().first();
        QCOMPARE(page->boxes().size(), std::size_t{3});
        QVERIFY(opened.window.panels().bench->isVisible());
        QCOMPARE(opened.sentence(), QString());
        // The second digit is chosen on the page, and is the current one of all views.
        Q_EMIT page->currentChanged(2);
        QCOMPARE(opened.bench()->findChild<RestorationView*>()->current(), 2);
        QCOMPARE(opened.bench()->current(), 2);
    }

    void aFolderAndBadFilesAmongGoodOnes() {
        Opened opened(m_folder);
        QDir().mkpath(m_folder.fileFor(QStringLiteral("mixed")));
        written(QStringLiteral("mixed/1 broken.png"), "\x89PNG\r\n\x1a\nrubbish");
        saved(QStringLiteral("mixed/2.png"), ones(2));
        written(QStringLiteral("mixed/3 empty.png"), {});
        saved(QStringLiteral("mixed/10.png"), ones(1));
        dropFiles(opened.window, {m_folder.fileFor(QStringLiteral("mixed"))});
        WAIT_FOR(opened.digits() == 2);
        WAIT_FOR(opened.sentence().startsWith(QStringLiteral("1 broken.png: ")));
        Q_EMIT opened.bench()->goRequested(1);
        WAIT_FOR(opened.digits() == 1);
        QVERIFY(opened.sentence().startsWith(QStringLiteral("3 empty.png: ")));
        Q_EMIT opened.bench()->goRequested(1);  // there is none
        QCoreApplication::processEvents();
        QCOMPARE(opened.digits(), 1);
        QCOMPARE(opened.window.intake().index(), 3);
    }

    void badInput_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("sentence");
        QByteArray whole;
        QBuffer buffer(&whole);
        ones(2).save(&buffer, "PNG");
        QTest::newRow("no image") << "a.txt" << QByteArray("hello") << "not an image";
        QTest::newRow("cut off") << "b.png" << whole.left(whole.size() / 2) << "damaged";
        QTest::newRow("empty") << "c.png" << QByteArray() << "empty";
        QTest::newRow("not there") << "gone.png" << QByteArray("-") << "cannot be opened";
    }
    void badInput() {
        QFETCH(QString, name);
        QFETCH(QByteArray, bytes);
        QFETCH(QString, sentence);
        Opened opened(m_folder);
        dropFiles(opened.window, {saved(QStringLiteral("good.png"), ones(2))});
        WAIT_FOR(opened.digits() == 2);
        const auto file = bytes == "-" ? m_folder.fileFor(name) : written(name, bytes);
        dropFiles(opened.window, {file});
        WAIT_FOR(opened.sentence().contains(sentence));
        QVERIFY2(opened.sentence().startsWith(name), qPrintable(opened.sentence()));
        QCOMPARE(opened.digits(), 2);  // what was there stays
        QCOMPARE(opened.bench()->pageName(), QStringLiteral("good.png"));
    }

    void anImageTooLargeIsRefusedBeforeItIsDecoded() {
        Opened opened(m_folder);
        QImage bits(30000, 30000, QImage::Format_Mono);
        bits.fill(1);
        dropFiles(opened.window, {saved(QStringLiteral("huge.png"), bits)});
        WAIT_FOR(opened.sentence().contains(QStringLiteral("too large")));
    }

    void aWrongEndingAnimatedAndTinyImages() {
        Opened opened(m_folder);
        saved(QStringLiteral("really.png"), ones(2));
        QVERIFY(QFile::rename(m_folder.fileFor(QStringLiteral("really.png")),
                              m_folder.fileFor(QStringLiteral("really.jpg"))));
        dropFiles(opened.window, {m_folder.fileFor(QStringLiteral("really.jpg"))});
        WAIT_FOR(opened.digits() == 2);
        // Two frames of 1 x 1.
        const char gif[] =
            "GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff!\xff\x0bNETSCAPE2.0\3\1\0\0\0"
            "!\xf9\4\0\xa\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0!\xf9\4\0\xa\0\0\0,\0\0\0\0\1\0\1\0\0\2\2L\1\0;";
        dropFiles(opened.window, {written(QStringLiteral("two.gif"), QByteArray(gif, sizeof gif - 1))});
        WAIT_FOR(opened.sentence().contains(QStringLiteral("2 pictures")));
        WAIT_FOR(opened.digits() == 0);
    }

    void aPageOfNothingSaysWhatToDo() {
        Opened opened(m_folder);
        QImage bare(400, 300, QImage::Format_RGB32);
        bare.fill(Qt::white);
        dropFiles(opened.window, {saved(QStringLiteral("bare.png"), bare)});
        WAIT_FOR(opened.digits() == 0);
        QVERIFY(opened.bench()->findChild<RestorationView*>()->accessibleDescription().contains(
            QStringLiteral("No digit was found")));
    }

    void whatIsNoFile() {
        Opened opened(m_folder);
        QMimeData web;
        web.setUrls({QUrl(QStringLiteral("https://example.org/digit.png"))});
        drop(opened.window, web);
        QVERIFY(opened.sentence().contains(QStringLiteral("address on the web")));
        QMimeData text;
        text.setText(QStringLiteral("seven"));
        drop(opened.window, text);
        QVERIFY(opened.sentence().contains(QStringLiteral("text")));
        QMimeData picture;  // as browsers offer it, beside the address
        picture.setUrls({QUrl(QStringLiteral("https://example.org/digit.png"))});
        picture.setImageData(ones(4));
        drop(opened.window, picture);
        WAIT_FOR(opened.digits() == 4);
    }

    void tenThousandFilesAreNoTrouble() {
        Opened opened(m_folder);
        QDir().mkpath(m_folder.fileFor(QStringLiteral("many")));
        for (int i = 1; i < 10000; ++i) {
            std::ofstream(m_folder.path() / "many" / (std::to_string(i) + ".txt")) << i;
        }
        saved(QStringLiteral("many/10000.png"), ones(2));
        dropFiles(opened.window, {m_folder.fileFor(QStringLiteral("many"))});
        WAIT_FOR(opened.digits() == 2);
        QVERIFY(opened.sentence().contains(QStringLiteral("9998 more")));
        QCOMPARE(opened.window.intake().count(), 10000);
    }

    void aPictureIsPasted() {
        Opened opened(m_folder);
        QGuiApplication::clipboard()->setImage(ones(2));
        QTest::keyClick(&opened.window, Qt::Key_V, Qt::ControlModifier);
        WAIT_FOR(opened.digits() == 2);
    }

    void aModelFileOpensAsAModel() {
        Opened opened(m_folder);
        QFile::copy(QStringLiteral(":/models/ae.safetensors"), m_folder.fileFor(QStringLiteral("mine.safetensors")));
        dropFiles(opened.window, {m_folder.fileFor(QStringLiteral("mine.safetensors"))});
        WAIT_FOR(opened.window.session().model().name == QStringLiteral("mine.safetensors"));
    }

    void noiseSlidersChangeWhatIsShown() {
        Opened opened(m_folder);
        dropFiles(opened.window, {saved(QStringLiteral("noise.png"), ones(2))});
        WAIT_FOR(opened.digits() == 2);
        Q_EMIT opened.window.panels().benchNoise->findChild<ValueSlider*>()->valueEdited(0.4);
        WAIT_FOR(opened.bench()->restored()->noisy.count == 2);
        WAIT_FOR(opened.bench()->restored()->restored.size() == 4);  // once the data set's components are there
        const auto& restored = *opened.bench()->restored();
        QVERIFY(restored.restored.front().quality->psnr > restored.noisyQuality->psnr);
    }

    void resultsAreSavedCopiedAndUsed() {
        Opened opened(m_folder);
        dropFiles(opened.window, {saved(QStringLiteral("keep.png"), ones(2))});
        WAIT_FOR(opened.digits() == 2);
        keep(opened, QStringLiteral("Copy this image"))->trigger();
        QCOMPARE(QGuiApplication::clipboard()->image().size(), QSize(kImageSide, kImageSide));

        keep(opened, QStringLiteral("Save a contact sheet…"))->trigger();
        auto* dialog = opened.bench()->findChild<QFileDialog*>();
        QVERIFY(dialog);
        Q_EMIT dialog->fileSelected(m_folder.fileFor(QStringLiteral("sheet.png")));
        dialog->close();
        WAIT_FOR(QImage(m_folder.fileFor(QStringLiteral("sheet.png"))).width() > 200);

        auto* labels = keep(opened, QStringLiteral("Add to My digits as"))->menu();
        labels->actions().at(1)->trigger();
        labels->actions().at(1)->trigger();
        QCOMPARE(QDir(ownDigitsFolder() + QStringLiteral("/1")).entryList({QStringLiteral("*.png")}).size(), 2);
        const QImage digit(ownDigitsFolder() + QStringLiteral("/1/") +
                           QDir(ownDigitsFolder() + QStringLiteral("/1")).entryList({QStringLiteral("*.png")}).front());
        QCOMPARE(digit.size(), QSize(kImageSide, kImageSide));

        QSignalSpy reconstructions(&opened.window.session(), &Session::reconstructionsReady);
        keep(opened, QStringLiteral("Show among the reconstructions"))->trigger();
        WAIT_FOR(!reconstructions.isEmpty());
        const auto shown = reconstructions.last()[0].value<std::shared_ptr<const ReconstructionSnapshot>>();
        QCOMPARE(shown->indices.front(), 300);  // behind the 300 test images
        QVERIFY(std::ranges::equal(shown->inputs.image(0), opened.bench()->currentDigit().pixels));
    }

    void onesOwnDigitsAreADataSet() {
        Opened opened(m_folder);
        keep(opened, QStringLiteral("Take My digits as the data set"))->trigger();
        QVERIFY(opened.sentence().contains(QStringLiteral("nothing in My digits")));
        const auto digits = test::smallDataset(40, 10)->train;
        for (int i = 0; i < 40; ++i) {
            const auto pixels = digits.images.image(i);
            QVERIFY(addOwnDigit({1, kImageSide, kImageSide, {pixels.begin(), pixels.end()}}, i % 2));
        }
        keep(opened, QStringLiteral("Take My digits as the data set"))->trigger();
        WAIT_FOR(opened.window.session().dataset()->train.images.count < 40);
        QCOMPARE(opened.window.session().dataset()->name, std::string("My digits (folder)"));
    }

    void aDropWhileAModelTrainsIsAnswered() {
        Opened opened(m_folder);
        auto recipe = test::smallRecipe();
        recipe.epochs = 2000;
        opened.window.session().setRecipe(recipe);
        opened.window.session().train();
        WAIT_FOR(opened.window.session().state() == RunState::Running);
        dropFiles(opened.window, {saved(QStringLiteral("training.png"), ones(2))});
        WAIT_FOR(opened.digits() == 2);
        WAIT_FOR(!opened.window.panels().grid->trail().isEmpty());
        QCOMPARE(opened.window.session().state(), RunState::Running);
        opened.window.session().reset();
    }
};

}  // namespace zwei

QTEST_MAIN(zwei::BenchWindowTest)
#include "bench_window_test.moc"
