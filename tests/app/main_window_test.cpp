// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/main_window.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QThread>

#include "app/latency_trace.h"
#include "models/types/presets.h"
#include "tests/support/small_dataset.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/wait.h"
#include "tests/support/window_home.h"
#include "widgets/card_dock.h"
#include "widgets/cluster_view.h"
#include "widgets/decoded_panel.h"
#include "widgets/drawing/theme.h"
#include "widgets/latent_grid_view.h"
#include "widgets/latent_sliders.h"
#include "widgets/loss_view.h"
#include "widgets/reconstruction_view.h"
#include "widgets/settings_panel.h"
#include "widgets/training_controls.h"
#include "widgets/value_slider.h"

namespace zwei {

/// The window as a person uses it, with 2,000 images.
class MainWindowTest : public QObject {
    Q_OBJECT

    test::WindowHome m_folder{QStringLiteral("main-window")};

    /// A window that shows the model it ships with, and has the small data set ready.
    struct Opened {
        explicit Opened(const test::TemporaryFolder& folder)
            : window({folder.path()}),
              codes(&window.session(), &Session::codesReady),
              grids(&window.session(), &Session::gridReady) {
            window.resize(1280, 800);
            window.begin({});
        }
        Session* operator->() { return &window.session(); }
        const Panels& panels() { return window.panels(); }
        MainWindow window;
        QSignalSpy codes;
        QSignalSpy grids;
    };

    static bool hasInk(QWidget* widget) {
        const QImage picture = widget->grab().toImage();
        const QRgb card = Theme::current().card.rgb();
        int inked = 0;
        for (int y = 0; y < picture.height(); y += 2)
            for (int x = 0; x < picture.width(); x += 2) inked += picture.pixel(x, y) != card;
        return inked > picture.width() * picture.height() / 400;
    }

    static void useSmallRecipe(Session& session, int epochs) {
        auto recipe = test::smallRecipe();
        recipe.epochs = epochs;
        session.setRecipe(recipe);
    }

    void awaitReady(Opened& opened) {
        WAIT_FOR(opened->dataset() != nullptr && !opened.codes.isEmpty() && !opened.grids.isEmpty());
    }

private Q_SLOTS:
    void initTestCase() { test::writeDataset(m_folder.path() / "mnist", *test::smallDataset(2000, 300)); }

    void init() {
        QSettings().clear();
        QDir(autosaveFolder()).removeRecursively();
    }

    void theFirstStartShowsATrainedModelAtOnce() {
        Opened opened(m_folder);
        awaitReady(opened);
        QVERIFY(!opened->history().empty());
        QVERIFY(opened->history().back().test.negElbo() < 150);
        QVERIFY(hasInk(opened.panels().grid));
        QVERIFY(hasInk(opened.panels().clusters));
        QVERIFY(hasInk(opened.panels().loss));
    }

    void withNoDataSetOnTheMachineThereIsStillAMap() {
        test::TemporaryFolder empty;
        Opened opened(empty);
        WAIT_FOR(!opened.codes.isEmpty());
        const auto mapped = opened.codes.last()[0].value<MappedCodes>();
        QCOMPARE(mapped.codes->count, 10000);
        QCOMPARE(mapped.labels.size(), std::size_t{10000});
        WAIT_FOR(opened->dataset() != nullptr);
        QCOMPARE(QString::fromStdString(opened->dataset()->name), QStringLiteral("digits"));
    }

    void theTraceTellsHowLongAPersonWaits() {
        const QString file = m_folder.fileFor(QStringLiteral("trace.jsonl"));
        {
            Opened opened(m_folder);
            LatencyTrace trace(opened.window, file);
            QVERIFY(trace.isOpen());
            awaitReady(opened);
            WAIT_FOR(trace.isReady());
            auto* slider = opened.panels().decoded->sliders()->findChild<ValueSlider*>();
            QTest::keyClick(slider, Qt::Key_Right);
            WAIT_FOR(trace.decoded().size() == 1);
            QVERIFY(trace.decoded().front() > 0);
            QThread::msleep(60);  // what the trace is for: the GUI thread is away
            WAIT_FOR(LatencyTrace::summaryOf(trace.away()).most > 50);
        }
        QFile written(file);
        QVERIFY(written.open(QIODevice::ReadOnly));
        QStringList lines;
        while (!written.atEnd()) {
            const auto line = QJsonDocument::fromJson(written.readLine()).object();
            lines += line[QStringLiteral("what")].toString() + line[QStringLiteral("summary")].toString();
        }
        for (const auto* what : {"ready", "decoded", "away"}) QVERIFY(lines.contains(QLatin1String(what)));
        QCOMPARE(lines.mid(lines.size() - 2), QStringList({QStringLiteral("away"), QStringLiteral("decoded")}));
    }

    void twoEpochsFillEveryView() {
        Opened opened(m_folder);
        awaitReady(opened);
        useSmallRecipe(opened.window.session(), 2);
        QSignalSpy ended(&opened.window.session(), &Session::runEnded);
        QSignalSpy reconstructions(&opened.window.session(), &Session::reconstructionsReady);
        QSignalSpy codes(&opened.window.session(), &Session::codesReady);
        QTest::mouseClick(opened.panels().bar->findChild<QPushButton*>(), Qt::LeftButton);
        QCOMPARE(opened->state(), RunState::Running);
        WAIT_FOR(ended.count() == 1);
        QCOMPARE(opened->state(), RunState::Idle);
        QCOMPARE(opened->history().size(), std::size_t{2});
        WAIT_FOR(!reconstructions.isEmpty() && !codes.isEmpty() &&
                 codes.last()[0].value<MappedCodes>().codes->count == 300);
        for (QWidget* view :
             {static_cast<QWidget*>(opened.panels().grid), static_cast<QWidget*>(opened.panels().clusters),
              static_cast<QWidget*>(opened.panels().decoded), static_cast<QWidget*>(opened.panels().reconstructions),
              static_cast<QWidget*>(opened.panels().loss)})
            QVERIFY(hasInk(view));
    }

    void aPausedRunCanBeReset() {
        Opened opened(m_folder);
        awaitReady(opened);
        useSmallRecipe(opened.window.session(), 5000);
        opened->train();
        opened->pause();
        WAIT_FOR(opened->state() == RunState::Paused);
        opened->reset();
        QCOMPARE(opened->state(), RunState::Idle);
        QVERIFY(opened->history().empty());
    }

    void theWindowClosesWhileItTrains() {
        Opened opened(m_folder);
        awaitReady(opened);
        useSmallRecipe(opened.window.session(), 5000);
        QSignalSpy progressed(&opened.window.session(), &Session::progressed);
        opened->train();
        WAIT_FOR(progressed.count() > 1);
        WAIT_FOR(opened->hasUnsaved());
        QVERIFY(!opened.window.close());
        QTest::mouseClick(opened.window.findChild<QMessageBox*>()->button(QMessageBox::Discard), Qt::LeftButton);
        WAIT_FOR(!opened.window.isVisible());
    }

    void aResetGivesTheSameFirstLosses() {
        Opened opened(m_folder);
        awaitReady(opened);
        useSmallRecipe(opened.window.session(), 5000);
        QSignalSpy progressed(&opened.window.session(), &Session::progressed);
        const auto firstLosses = [&] {
            std::vector<double> losses;
            for (int step = 1; step <= 3; ++step) {
                opened->step();
                awaitStep(progressed, step);
                losses.push_back(progressed.last()[0].value<TrainingProgress>().batchTerms.negElbo());
                if (opened->state() != RunState::Paused) awaitPause(opened);
            }
            opened->reset();
            progressed.clear();
            return losses;
        };
        const auto first = firstLosses();
        QCOMPARE(first.size(), std::size_t{3});
        QCOMPARE(firstLosses(), first);
    }

    void sliderGridAndClustersMoveTheOneCursor() {
        Opened opened(m_folder);
        awaitReady(opened);
        const auto& panels = opened.panels();
        auto& cursor = opened->cursor();
        const auto isShownEverywhere = [&] {
            const QPointF at(cursor.position()[0], cursor.position()[1]);
            return panels.grid->latentCursor() == at && panels.clusters->latentCursor() == at &&
                   panels.decoded->sliders()->values() == cursor.position();
        };

        Q_EMIT panels.decoded->sliders()->valuesEdited({0.5, -1});
        QCOMPARE(cursor.position(), (std::vector<double>{0.5, -1}));
        QVERIFY(isShownEverywhere());

        const auto place = [](const LatentPlaneView* view, QPointF z) { return view->plane().toPixel(z).toPoint(); };
        QTest::mouseClick(panels.grid, Qt::LeftButton, {}, place(panels.grid, {1.5, 2}));
        QVERIFY(std::abs(cursor.position()[0] - 1.5) < 0.03 && std::abs(cursor.position()[1] - 2) < 0.03);
        QVERIFY(isShownEverywhere());

        QTest::mouseClick(panels.clusters, Qt::LeftButton, {}, place(panels.clusters, {-2, -2.5}));
        QVERIFY(std::abs(cursor.position()[0] + 2) < 0.2 && std::abs(cursor.position()[1] + 2.5) < 0.2);
        QVERIFY(isShownEverywhere());

        QTest::keyClick(&opened.window, Qt::Key_Right);
        QVERIFY(isShownEverywhere());
    }

    void theDecodedImageFollowsTheCursor() {
        Opened opened(m_folder);
        awaitReady(opened);
        QSignalSpy points(&opened.window.session(), &Session::pointReady);
        opened->cursor().moveTo({-1.25, 0.75});
        WAIT_FOR(!points.isEmpty() && points.last()[0].value<std::shared_ptr<const PointSnapshot>>()->z ==
                                          (std::vector<double>{-1.25, 0.75}));
    }

    void everyTrainedModelIsThatOfItsPreset() {
        Opened opened(m_folder);
        awaitReady(opened);
        for (const auto& preset : presets()) {
            if (preset.recipe.backbone == Backbone::Linear) continue;  // is fitted in a second, and does not ship
            QSignalSpy changed(&opened.window.session(), &Session::modelChanged);
            QSignalSpy pictures(&opened.window.session(), &Session::reconstructionsReady);
            opened->openTrainedModel(QString::fromUtf8(preset.id.data(), static_cast<qsizetype>(preset.id.size())));
            WAIT_FOR(changed.count() == 1 && !pictures.isEmpty());
            QVERIFY2(opened->recipe() == preset.recipe, preset.id.data());
        }
    }

    void aModelThatTakesLabelsMeetsImagesThatHaveNone() {
        test::TemporaryFolder folder;
        auto unlabelled = *test::smallDataset(200, 50, "unlabelled");
        test::writeDataset(folder.path() / "mnist", *test::smallDataset(200, 50));
        test::writeDataset(folder.path() / "unlabelled", unlabelled);
        for (const char* part : {"train", "t10k"})
            std::filesystem::remove(folder.path() / "unlabelled" / (std::string(part) + "-labels-idx1-ubyte"));
        Opened opened(folder);
        awaitReady(opened);
        auto recipe = test::smallRecipe();
        recipe.bottleneck = Bottleneck::Conditional;
        recipe.epochs = 1;
        opened->setRecipe(recipe);
        QSignalSpy ended(&opened.window.session(), &Session::runEnded);
        opened->train();
        WAIT_FOR(ended.count() == 1);
        QSignalSpy failed(&opened.window.session(), &Session::failed);
        QSignalSpy grids(&opened.window.session(), &Session::gridReady);
        opened->selectDataset(QStringLiteral("unlabelled"));
        WAIT_FOR(failed.count() == 1);
        WAIT_FOR(!grids.isEmpty());
        opened->train();
        WAIT_FOR(failed.count() == 2);
        QCOMPARE(opened->state(), RunState::Idle);
    }

    void zoomedMapsStayLinkedAndAreDecodedAnew() {
        Opened opened(m_folder);
        awaitReady(opened);
        QSignalSpy grids(&opened.window.session(), &Session::gridReady);
        opened.panels().grid->setArea({0, 0, 1, 1});
        WAIT_FOR(!grids.isEmpty() && grids.last()[0].value<std::shared_ptr<const GridSnapshot>>()->request.area ==
                                         (LatentRect{0, 0, 1, 1}));
        QCOMPARE(opened.panels().clusters->area(), (LatentRect{0, 0, 1, 1}));
    }

    void betaChangesDuringARunAndTheRestIsLocked() {
        Opened opened(m_folder);
        awaitReady(opened);
        useSmallRecipe(opened.window.session(), 5000);
        QSignalSpy progressed(&opened.window.session(), &Session::progressed);
        opened->train();
        WAIT_FOR(progressed.count() > 1);
        Q_EMIT opened.panels().bar->betaChanged(4);
        QCOMPARE(opened->recipe().beta, 4.0);
        const auto before = opened->recipe();
        opened->setRecipe(Recipe{});
        QCOMPARE(opened->recipe(), before);
    }

    void editingASettingKeepsBeta() {
        Opened opened(m_folder);
        awaitReady(opened);
        Q_EMIT opened.panels().bar->betaChanged(4);
        auto edited = opened.panels().settings->recipe();
        edited.epochs = 3;
        Q_EMIT opened.panels().settings->recipeEdited(edited);
        QCOMPARE(opened->recipe().epochs, 3);
        QCOMPARE(opened->recipe().beta, 4.0);
    }

    void aRunThatIsAskedForWhileDataLoadsTakesThatData() {
        test::TemporaryFolder folder;
        test::writeDataset(folder.path() / "mnist", *test::smallDataset(200, 50));
        test::writeDataset(folder.path() / "other", *test::smallDataset(300, 60));
        Opened opened(folder);
        awaitReady(opened);
        useSmallRecipe(opened.window.session(), 1);
        QSignalSpy ended(&opened.window.session(), &Session::runEnded);
        opened->selectDataset(QStringLiteral("other"));
        opened->train();
        WAIT_FOR(ended.count() == 1);
        QCOMPARE(opened->model().dataset, QStringLiteral("other"));
        WAIT_FOR(opened.codes.last()[0].value<MappedCodes>().codes->count == 60);
    }

    void aStartThatFailsLeavesTheModelAndItsCurve() {
        test::TemporaryFolder folder;
        auto testOnly = *test::smallDataset(1, 50);
        test::writeDataset(folder.path() / "mnist", *test::smallDataset(200, 50));
        test::writeDataset(folder.path() / "half", testOnly);
        std::filesystem::remove(folder.path() / "half" / "train-images-idx3-ubyte");
        std::filesystem::remove(folder.path() / "half" / "train-labels-idx1-ubyte");
        Opened opened(folder);
        awaitReady(opened);
        QSignalSpy changed(&opened.window.session(), &Session::datasetChanged);
        opened->selectDataset(QStringLiteral("half"));
        WAIT_FOR(changed.count() == 1);
        const auto epochs = opened->history().size();
        QSignalSpy failed(&opened.window.session(), &Session::failed);
        opened->train();
        WAIT_FOR(failed.count() == 1);
        QCOMPARE(opened->state(), RunState::Idle);
        QCOMPARE(opened->history().size(), epochs);
    }

    void aDamagedDataSetLeavesTheEmbeddedOne() {
        test::TemporaryFolder folder;
        test::writeDataset(folder.path() / "mnist", *test::smallDataset(20, 10));
        test::writeBytes(folder.path() / "mnist" / "train-images-idx3-ubyte", {0, 0, 8, 3});
        Opened opened(folder);
        QSignalSpy failed(&opened.window.session(), &Session::failed);
        WAIT_FOR(opened->dataset() != nullptr);
        QCOMPARE(opened->dataset()->name, std::string(kEmbeddedDataset));
        QCOMPARE(failed.count(), 1);
    }

    void aSavedModelThatTrainsOnIsModifiedAgain() {
        Opened opened(m_folder);
        awaitReady(opened);
        useSmallRecipe(opened.window.session(), 5000);
        opened->step();
        awaitPause(opened);
        QSignalSpy saved(&opened.window.session(), &Session::saved);
        const auto file = m_folder.fileFor(QStringLiteral("paused.safetensors"));
        // The weights of the pause may still be on their way: then what was saved is one batch older, and says so.
        for (int tries = 1; tries < 50 && opened->model().isModified; ++tries) {
            opened->saveModel(file);
            WAIT_FOR(saved.count() == tries);
        }
        QVERIFY(!opened->model().isModified);
        opened->train();
        WAIT_FOR(opened->model().isModified);
    }

    void closedDocksStayClosed() {
        {
            Opened opened(m_folder);
            opened.panels().lossDock->close();
            opened.window.close();
        }
        Opened again(m_folder);
        QVERIFY(!again.panels().lossDock->isVisible());
        QVERIFY(again.panels().gridDock->isVisible());
    }

    void aDivergedRunSaysSoAndGoesOnWorking() {
        Opened opened(m_folder);
        awaitReady(opened);
        auto recipe = test::smallRecipe();
        recipe.learningRate = 1e6;
        recipe.schedule = Schedule::Constant;
        opened->setRecipe(recipe);
        QSignalSpy failed(&opened.window.session(), &Session::failed);
        opened->train();
        WAIT_FOR(failed.count() == 1);
        QCOMPARE(opened->state(), RunState::Idle);
    }

    void modelsAreSavedAndOpened() {
        Opened opened(m_folder);
        awaitReady(opened);
        const auto file = m_folder.fileFor(QStringLiteral("saved.safetensors"));
        QSignalSpy saved(&opened.window.session(), &Session::saved);
        opened->saveModel(file);
        WAIT_FOR(saved.count() == 1);
        QSignalSpy changed(&opened.window.session(), &Session::modelChanged);
        opened->openModel(file);
        WAIT_FOR(changed.count() == 1);
        QCOMPARE(opened->model().name, QStringLiteral("saved.safetensors"));
        QSignalSpy failed(&opened.window.session(), &Session::failed);
        opened->openModel(QStringLiteral("/no/such/file"));
        WAIT_FOR(failed.count() == 1);
        QCOMPARE(opened->model().name, QStringLiteral("saved.safetensors"));
    }

    void closingAsksOnceWhereSomethingWouldBeLost() {
        Opened opened(m_folder);
        awaitReady(opened);
        useSmallRecipe(opened.window.session(), 1);
        QSignalSpy ended(&opened.window.session(), &Session::runEnded);
        opened->train();
        WAIT_FOR(ended.count() == 1 && opened->state() == RunState::Idle);
        const auto questions = [&] { return opened.window.findChildren<QMessageBox*>(); };
        QVERIFY(!opened.window.close());
        QVERIFY(!opened.window.close());
        QCOMPARE(questions().size(), 1);
        QTest::mouseClick(questions().front()->button(QMessageBox::Cancel), Qt::LeftButton);
        WAIT_FOR(questions().isEmpty());
        QVERIFY(opened.window.isVisible());

        // Saved under a name that somebody gives, it is gone for good.
        QVERIFY(!opened.window.close());
        QTest::mouseClick(questions().front()->button(QMessageBox::Save), Qt::LeftButton);
        auto* dialog = opened.window.findChild<QFileDialog*>();
        QVERIFY(dialog);
        const auto file = m_folder.fileFor(QStringLiteral("closed.safetensors"));
        Q_EMIT dialog->fileSelected(file);
        WAIT_FOR(!opened.window.isVisible());
        QVERIFY(QFileInfo::exists(file));
    }

    void aRunThatWasLeftIsOfferedAndGoesOnBitForBit() {
        std::vector<EpochStatistics> whole;
        {
            Opened opened(m_folder);
            awaitReady(opened);
            useSmallRecipe(opened.window.session(), 60);
            QSignalSpy ended(&opened.window.session(), &Session::runEnded);
            opened->train();
            WAIT_FOR(ended.count() == 1);
            whole = opened->history();
            opened->forgetUnsaved();
        }
        WAIT_FOR(QDir(autosaveFolder()).entryList(QDir::Files).isEmpty());
        {
            Opened opened(m_folder);
            awaitReady(opened);
            useSmallRecipe(opened.window.session(), 60);
            opened->train();
            WAIT_FOR(opened->hasUnsaved() && opened->history().size() >= 2);
            opened->pause();
            WAIT_FOR(QDir(autosaveFolder()).entryList({QStringLiteral("*.safetensors")}).size() == 1);
        }
        Opened again(m_folder);
        awaitReady(again);
        WAIT_FOR(again.window.findChild<QMessageBox*>());
        auto* box = again.window.findChild<QMessageBox*>();
        QVERIFY(box->text().contains(QStringLiteral("MNIST")));
        QTest::mouseClick(box->buttons().front(), Qt::LeftButton);
        WAIT_FOR(again->canContinue());
        QVERIFY(again->hasUnsaved());
        QVERIFY(again->history().size() < whole.size());
        auto* primary = again.panels().bar->findChild<QPushButton*>();
        WAIT_FOR(primary->text() == QStringLiteral("Continue"));
        QSignalSpy ended(&again.window.session(), &Session::runEnded);
        QTest::mouseClick(primary, Qt::LeftButton);
        WAIT_FOR(ended.count() == 1);
        QCOMPARE(again->history().size(), whole.size());
        for (std::size_t i = 0; i < whole.size(); ++i) {
            QVERIFY(again->history()[i].train.negElbo() == whole[i].train.negElbo());  // QCOMPARE is not that strict
            QVERIFY(again->history()[i].test.negElbo() == whole[i].test.negElbo());
        }
        QCOMPARE(primary->text(), QStringLiteral("Train"));
    }

    void whatIsSavedWhileItTrainsCanGoOn() {
        const auto file = m_folder.fileFor(QStringLiteral("under way.safetensors"));
        {
            Opened opened(m_folder);
            awaitReady(opened);
            useSmallRecipe(opened.window.session(), 5000);
            opened->train();
            WAIT_FOR(opened->hasUnsaved() && !opened->history().empty());
            QSignalSpy saved(&opened.window.session(), &Session::saved);
            opened->saveModel(file);
            WAIT_FOR(saved.count() == 1);
            QCOMPARE(opened->state(), RunState::Running);
            // One more, and a reset on its heels: what was asked for first is done.
            opened->saveModel(file);
            opened->reset();
            WAIT_FOR(saved.count() == 2);
        }
        Opened opened(m_folder);
        awaitReady(opened);
        opened->openModel(file);
        WAIT_FOR(opened->canContinue());
        const auto epochs = opened->history().size();
        QVERIFY(epochs >= 1);
        auto recipe = opened->recipe();
        recipe.hidden = {8};
        opened->setRecipe(recipe);
        QVERIFY(!opened->canContinue());
        recipe = opened->model().recipe;
        recipe.epochs = static_cast<int>(epochs) + 2;
        opened->setRecipe(recipe);
        QVERIFY(opened->canContinue());
        QSignalSpy ended(&opened.window.session(), &Session::runEnded);
        opened->train();
        WAIT_FOR(ended.count() == 1);
        QCOMPARE(opened->history().size(), epochs + 2);
        QVERIFY(opened->model().isModified);
        QCOMPARE(opened->model().file, file);
    }

    void aSaveThatFailsKeepsTheWindow() {
        Opened opened(m_folder);
        awaitReady(opened);
        useSmallRecipe(opened.window.session(), 1);
        opened->train();
        WAIT_FOR(opened->hasUnsaved() && opened->state() == RunState::Idle);
        QVERIFY(!opened.window.close());
        QSignalSpy failed(&opened.window.session(), &Session::failed);
        QTest::mouseClick(opened.window.findChild<QMessageBox*>()->button(QMessageBox::Save), Qt::LeftButton);
        auto* dialog = opened.window.findChild<QFileDialog*>();
        Q_EMIT dialog->fileSelected(QStringLiteral("/no/such/folder/model.safetensors"));
        WAIT_FOR(failed.count() == 1);
        QVERIFY(opened.window.isVisible());
        // What is saved later has nothing to do with that.
        QSignalSpy saved(&opened.window.session(), &Session::saved);
        opened->saveModel(m_folder.fileFor(QStringLiteral("later.safetensors")));
        WAIT_FOR(saved.count() == 1);
        QVERIFY(opened.window.isVisible());
        QVERIFY(opened.window.close());  // nothing would be lost any more
    }

    /// A model that came from a file may have learnt for hours.
    void aResetAsksWhereMuchWouldBeLost() {
        const auto file = m_folder.fileFor(QStringLiteral("reset.safetensors"));
        Opened opened(m_folder);
        awaitReady(opened);
        useSmallRecipe(opened.window.session(), 2);
        QSignalSpy ended(&opened.window.session(), &Session::runEnded);
        opened->train();
        WAIT_FOR(ended.count() == 1);
        QVERIFY(!opened->hasMuchUnsaved());  // it took no minute
        QSignalSpy saved(&opened.window.session(), &Session::saved);
        opened->saveModel(file);
        WAIT_FOR(saved.count() == 1);
        QSignalSpy changed(&opened.window.session(), &Session::modelChanged);
        opened->openModel(file);
        WAIT_FOR(changed.count() == 1);
        useSmallRecipe(opened.window.session(), 3);
        opened->train();
        WAIT_FOR(ended.count() == 2);
        QVERIFY(opened->hasMuchUnsaved());
        const auto question = [&] { return opened.window.findChild<QMessageBox*>(); };
        for (const auto& ask : {&TrainingControls::resetRequested, &TrainingControls::trainRequested}) {
            Q_EMIT(opened.panels().bar->*ask)();
            QVERIFY(question());
            QTest::mouseClick(question()->button(QMessageBox::Cancel), Qt::LeftButton);
            WAIT_FOR(!question());
            QCOMPARE(opened->history().size(), std::size_t{3});
            QCOMPARE(opened->state(), RunState::Idle);
        }
        Q_EMIT opened.panels().bar->resetRequested();
        QTest::mouseClick(question()->button(QMessageBox::Discard), Qt::LeftButton);
        WAIT_FOR(opened->history().empty());
    }

    void filesOfModelsAreRemembered() {
        const auto file = m_folder.fileFor(QStringLiteral("recent.safetensors"));
        {
            Opened opened(m_folder);
            awaitReady(opened);
            opened->saveModel(file);
            WAIT_FOR(opened->model().file == file);
        }
        Opened again(m_folder);
        awaitReady(again);
        QMenu* recent = nullptr;
        for (auto* menu : again.window.findChildren<QMenu*>())
            if (menu->title() == QStringLiteral("Open recent")) recent = menu;
        QVERIFY(recent);
        Q_EMIT recent->aboutToShow();
        QCOMPARE(recent->actions().front()->text(), QStringLiteral("recent.safetensors"));
        recent->actions().front()->trigger();
        WAIT_FOR(again->model().file == file);
        recent->actions().back()->trigger();
        Q_EMIT recent->aboutToShow();
        QVERIFY(!recent->actions().back()->isEnabled());
    }

    void settingsAreRemembered() {
        {
            Opened opened(m_folder);
            auto recipe = opened->recipe();
            recipe.seed = 77;
            opened->setRecipe(recipe);
            opened.window.close();
        }
        Opened again(m_folder);
        awaitReady(again);
        QCOMPARE(again->recipe().seed, std::uint64_t{77});
    }

    void damagedSettingsAreIgnored() {
        QSettings().setValue(QStringLiteral("recipe"), QStringLiteral("{\"batch\": -1}"));
        QSettings().setValue(QStringLiteral("docks"), QByteArray("nonsense"));
        QSettings().setValue(QStringLiteral("tiles"), QStringLiteral("many"));
        Opened opened(m_folder);
        QCOMPARE(opened->recipe(), Recipe{});
    }

private:
    void awaitStep(QSignalSpy& progressed, int step) {
        WAIT_FOR(!progressed.isEmpty() && progressed.last()[0].value<TrainingProgress>().step == step);
    }
    void awaitPause(Opened& opened) { WAIT_FOR(opened->state() == RunState::Paused); }
};

}  // namespace zwei

QTEST_MAIN(zwei::MainWindowTest)
#include "main_window_test.moc"
