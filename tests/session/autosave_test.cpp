// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/autosave.h"

#include <QDir>
#include <QSignalSpy>
#include <QTest>

#include "models/train/trainer.h"
#include "tests/support/small_dataset.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/wait.h"

namespace zwei {

class AutosaveTest : public QObject {
    Q_OBJECT

    static Model modelOf(const std::string& dataset) {
        Model model;
        model.recipe = test::smallRecipe();
        model.weights = *initialWeights(model.recipe, *test::smallDataset(20, 5));
        model.dataset = dataset;
        return model;
    }

    static QString pathOf(const test::TemporaryFolder& folder) {
        return QString::fromStdString(folder.path().string());
    }
    static QStringList files(const test::TemporaryFolder& folder) {
        return QDir(pathOf(folder)).entryList(QDir::Files);
    }
    static QStringList models(const test::TemporaryFolder& folder) {
        return files(folder).filter(QRegularExpression(QStringLiteral("safetensors$")));
    }

    /// What somebody who ended too soon has left.
    static void leave(const test::TemporaryFolder& folder, const std::string& dataset) {
        Autosave autosave(pathOf(folder));
        QSignalSpy kept(&autosave, &Autosave::kept);
        autosave.keep(modelOf(dataset));
        WAIT_FOR(kept.count() == 1);
    }

    /// The data set of the run that is found, or nothing.
    static std::optional<LeftRun> found(const test::TemporaryFolder& folder) {
        Autosave autosave(pathOf(folder));
        QSignalSpy runs(&autosave, &Autosave::found);
        QSignalSpy searched(&autosave, &Autosave::searched);
        autosave.search();
        if (!searched.wait(20000) || runs.isEmpty()) return std::nullopt;
        return runs[0][0].value<LeftRun>();
    }

private Q_SLOTS:
    void whatIsLeftIsFoundOnce() {
        const test::TemporaryFolder folder;
        leave(folder, "first");
        const auto run = found(folder);
        QVERIFY(run);
        QCOMPARE(run->model.dataset, std::string("first"));
        QVERIFY(!found(folder));  // as long as somebody has it
        Autosave::discard(*run);
        QVERIFY(files(folder).isEmpty());
    }

    void whatSomebodyWhoLivesKeepsIsTheirs() {
        const test::TemporaryFolder folder;
        Autosave one(pathOf(folder));
        QSignalSpy kept(&one, &Autosave::kept);
        one.keep(modelOf("one"));
        WAIT_FOR(kept.count() == 1);
        QVERIFY(!found(folder));
        leave(folder, "other");
        QCOMPARE(models(folder).size(), 2);
        QCOMPARE(found(folder)->model.dataset, std::string("other"));
        one.keep(modelOf("one, later"));
        WAIT_FOR(kept.count() == 2);
        QCOMPARE(models(folder).size(), 2);
    }

    void theLatestWins() {
        const test::TemporaryFolder folder;
        {
            Autosave autosave(pathOf(folder));
            QSignalSpy kept(&autosave, &Autosave::kept);
            for (const char* name : {"a", "b", "c", "d"}) autosave.keep(modelOf(name));
            WAIT_FOR(kept.count() == 1);
        }
        QCOMPARE(models(folder).size(), 1);
        QCOMPARE(found(folder)->model.dataset, std::string("d"));
    }

    void whatIsForgottenIsGone() {
        const test::TemporaryFolder folder;
        {
            Autosave autosave(pathOf(folder));
            autosave.keep(modelOf("a"));
            autosave.forget();
        }
        QVERIFY(files(folder).isEmpty());
    }

    void anAdoptedRunGoesOnInItsFile() {
        const test::TemporaryFolder folder;
        leave(folder, "left");
        {
            Autosave autosave(pathOf(folder));
            QSignalSpy kept(&autosave, &Autosave::kept);
            autosave.adopt(*found(folder));
            autosave.keep(modelOf("more"));
            WAIT_FOR(kept.count() == 1);
            QCOMPARE(models(folder).size(), 1);
            QVERIFY(!found(folder));
        }
        QCOMPARE(found(folder)->model.dataset, std::string("more"));
    }

    void halfAFileIsPassedOverAndSweptAway() {
        const test::TemporaryFolder folder;
        leave(folder, "whole");
        const auto whole = models(folder).front().toStdString();
        test::writeBytes(folder.path() / "run-broken.safetensors", {1, 2, 3});
        test::writeBytes(folder.path() / (whole + ".999-0.part"), {1, 2, 3});
        QCOMPARE(found(folder)->model.dataset, std::string("whole"));
        QVERIFY(files(folder).filter(QStringLiteral("part")).isEmpty());
    }

    void aFolderThatCannotBeWrittenIsToldOnce() {
        const test::TemporaryFolder folder;
        test::writeBytes(folder.path() / "file", {1});
        Autosave autosave(pathOf(folder) + QStringLiteral("/file/in the way"));
        QSignalSpy failed(&autosave, &Autosave::failed);
        autosave.keep(modelOf("a"));
        WAIT_FOR(failed.count() == 1);
        QVERIFY(failed[0][0].toString().contains(QStringLiteral("cannot be")));
        autosave.keep(modelOf("b"));
        QVERIFY(!failed.wait(200));
    }
};

}  // namespace zwei

QTEST_GUILESS_MAIN(zwei::AutosaveTest)
#include "autosave_test.moc"
