// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLabel>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QStatusBar>
#include <memory>

#include "app/main_window.h"
#include "app/remembered_settings.h"
#include "models/io/recipe_json.h"
#include "models/types/presets.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/wait.h"
#include "widgets/card_dock.h"
#include "widgets/grid_tools.h"
#include "widgets/latent_grid_view.h"

namespace zwei {

/// The window over settings that are not as it left them.
class SettingsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<test::TemporaryFolder> m_folder;

    static QString file() { return QSettings().fileName(); }

    static void write(const QByteArray& content) {
        QDir().mkpath(QFileInfo(file()).path());
        QFile settings(file());
        QVERIFY(settings.open(QIODevice::WriteOnly));
        settings.write(content);
    }

    /// A program's start.
    struct Started {
        explicit Started(const test::TemporaryFolder& folder) {
            const bool areWhole = !putDamagedAside(QSettings());
            window = std::make_unique<MainWindow>(std::vector{folder.path()});
            window->begin({}, areWhole);
        }
        /// What the window says of its settings.
        QString sentence() const {
            for (const auto* label : window->statusBar()->findChildren<QLabel*>())
                if (label->property("role") == QStringLiteral("warning")) return label->text();
            return {};
        }
        std::unique_ptr<MainWindow> window;
    };

    /// As a window that has no settings at all, but for one sentence.
    void expectDefaults(const QString& part) {
        const Started started(*m_folder);
        const auto sentence = started.sentence();  // which goes after a while
        QVERIFY2(sentence.contains(part), qPrintable(sentence));
        QCOMPARE(sentence.count(QLatin1Char('\n')), 0);
        WAIT_FOR(started.window->session().dataset() != nullptr);
        QVERIFY(started.window->session().recipe() == Recipe());
        QCOMPARE(started.window->panels().grid->side(), m_side);
        QVERIFY(started.window->close());
    }

    int m_side = 0;

private Q_SLOTS:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("zwei"));
        QCoreApplication::setApplicationName(QStringLiteral("settings_test"));
    }

    void init() {
        m_folder = std::make_unique<test::TemporaryFolder>();
        for (const auto format : {QSettings::NativeFormat, QSettings::IniFormat})
            QSettings::setPath(format, QSettings::UserScope, QString::fromStdString(m_folder->path().string()));
        QVERIFY(file().startsWith(QString::fromStdString(m_folder->path().string())));
        if (m_side == 0) m_side = MainWindow({m_folder->path()}).panels().grid->side();
    }

    void theFirstStartHasNothingToSay() {
        const Started started(*m_folder);
        QCOMPARE(started.sentence(), QString());
    }

    void whatIsRememberedComesBackWithoutASentence() {
        const auto chosen = *presetRecipe("denoise");
        {
            const Started started(*m_folder);
            started.window->session().setRecipe(chosen);
            started.window->panels().grid->setSide(17);
            started.window->panels().gridTools->setLinked(false);
            started.window->close();
        }
        const Started again(*m_folder);
        QCOMPARE(again.sentence(), QString());
        QVERIFY(again.window->session().recipe() == chosen);
        QCOMPARE(again.window->panels().grid->side(), 17);
        QVERIFY(!again.window->panels().gridTools->isLinked());
    }

    void damagedSettings_data() {
        QTest::addColumn<QByteArray>("content");
        QByteArray binary;
        for (int i = 0; i < 5000; ++i) binary += static_cast<char>(i * i * 7 + i / 3);
        QTest::newRow("text") << QByteArray("This is no settings file.\n[[\n%%=;;\n");
        QTest::newRow("binary") << binary;
        QTest::newRow("too large") << QByteArray(10'000'000, '[');
        QTest::newRow("values that Zwei does not write")
            << QByteArray("[General]\ngeometry=\"@Variant(\\0\\0\\0\\t\\xff\\xff\\xff\\xf0)\"\n");
        QTest::newRow("hidden ones") << QByteArray(
            "[General]\ngeometry=@\"V\"\\x61\\162iant(\\0\\0\\0\\t\\0\\0\\0\\0)\n");
        QTest::newRow("cut off") << QByteArray("[General]\nrecipe=\"{\\\"input\\\":\\\"clean\\\",\\\"laten");
        QTest::newRow("wrong types") << QByteArray(
            "[General]\ngeometry=7\ndocks=true\ntheme=@Size(1 2)\nrecipe=@ByteArray(\\0\\x1)\n"
            "linked=maybe\ntiles=many\ndataset=@Rect(1 2 3 4)\nrecentModels=@Invalid()\n");
        QTest::newRow("another version") << QByteArray(
            "[General]\nrecipe={\"system\":\"vae\"}\ndocks=\"@ByteArray(\\0\\0\\0\\xff\\0\\0\\0\\x2)\"\n");
    }

    void damagedSettings() {
        QFETCH(const QByteArray, content);
        write(content);
        expectDefaults(QStringLiteral("damaged"));
        // What was damaged is gone with the first window that closes.
        const Started again(*m_folder);
        QCOMPARE(again.sentence(), QString());
    }

    /// For root as well, whom no permission stops.
    void settingsThatCannotBeWritten() {
        QVERIFY(QDir().mkpath(file()));
        expectDefaults(QStringLiteral("will not be remembered"));
    }

    /// Qt itself crashes on some of these.
    void stateWithAChangedByteIsNotRestored() {
        {
            const Started started(*m_folder);
            started.window->resize(1100, 750);
            started.window->panels().benchDock->hide();
            Q_EMIT started.window->panels().benchDock->topLevelChanged(false);  // the person has arranged the docks
            started.window->close();
        }
        for (const char* key : {"docks", "geometry"}) {
            const auto whole = QSettings().value(QLatin1String(key)).toByteArray();
            QVERIFY(readRemembered(QSettings()).isWhole);
            for (int i = 0; i < whole.size(); i += 11) {
                auto changed = whole;
                changed[i] = static_cast<char>(changed[i] ^ (1 << i % 8));
                QSettings().setValue(QLatin1String(key), changed);
                QVERIFY(!readRemembered(QSettings()).isWhole);
            }
            expectDefaults(QStringLiteral("damaged"));
            QSettings().setValue(QLatin1String(key), whole);
        }
    }
};

}  // namespace zwei

QTEST_MAIN(zwei::SettingsTest)
#include "settings_test.moc"
