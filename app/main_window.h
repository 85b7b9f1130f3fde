// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMainWindow>
#include <filesystem>
#include <vector>

#include "app/bench_keeping.h"
#include "app/card_expansion.h"
#include "app/film_keeping.h"
#include "app/model_files.h"
#include "app/panels.h"
#include "app/session/image_bench.h"
#include "app/session/image_intake.h"
#include "app/session/session.h"
#include "app/theme.h"
#include "app/view_export.h"

class QLabel;
class QMenu;

namespace zwei {

class DropFrame;

/// The window: it owns the session and the panels, has the menu, the status bar and the shortcuts, and remembers how
/// the person left it.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    explicit MainWindow(std::vector<std::filesystem::path> dataFolders, QWidget* parent = nullptr);
    ~MainWindow() override;

    /// Restores the last state, shows the window, and has the session begin. `files`, a model or images, are
    /// opened. Where settings were put aside, they were not whole: the window says so.
    void begin(const QStringList& files = {}, bool areSettingsWhole = true);

    Session& session() { return m_session; }
    const Panels& panels() const { return m_panels; }
    ImageIntake& intake() { return m_intake; }
    ImageBench& imageBench() { return m_bench; }
    ViewExport& views() { return m_views; }
    FilmKeeping& film() { return m_film; }
    /// All cards where they are at the first start.
    void layOutAnew();

protected:
    void closeEvent(QCloseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void buildMenu();
    void buildFileMenu(QMenu& menu);
    void buildRunMenu(QMenu& menu);
    void buildViewMenu(QMenu& menu);
    void buildThemeMenu(QMenu& menu);
    void buildStatusBar();
    void pressSpace();
    void pressStep();
    bool mayStartByKey();
    void zoom(double factor);
    void openFolder();
    void paste();
    void buildBench();
    void showFolder(const ImageFolder& folder);
    void dream();
    void showAbout();
    void showModel(const ModelInfo& model);
    void showFault(const QString& sentence);
    void showSentence(const QString& sentence, const QString& role = {});
    void arrange();
    void restore(bool areSettingsWhole);
    void remember();

    Session m_session;
    ModelFiles m_files;
    Panels m_panels;
    ImageBench m_bench{m_session.processors()};
    ImageIntake m_intake;
    BenchKeeping m_keeping;
    ViewExport m_views;
    FilmKeeping m_film;
    CardExpansion m_expansion;
    DropFrame* m_dropFrame;
    ThemeChoice m_theme = ThemeChoice::System;
    QString m_preferredDataset;

    QAction* m_fullScreen = nullptr;
    QAction* m_stopReading = nullptr;
    QLabel* m_modelLabel = nullptr;
    QLabel* m_dataLabel = nullptr;
    QLabel* m_machineLabel = nullptr;
    QLabel* m_cursorLabel = nullptr;
    QLabel* m_sentenceLabel = nullptr;
    bool m_isArranged = false;  ///< the person has moved docks or their borders: they stay as they are
};

}  // namespace zwei
