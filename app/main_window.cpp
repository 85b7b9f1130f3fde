// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/main_window.h"

#include <QAbstractButton>
#include <QActionGroup>
#include <QApplication>
#include <QClipboard>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QMouseEvent>
#include <QPainter>
#include <QSettings>
#include <QStatusBar>
#include <QTimer>
#include <QToolButton>

#include "app/counted.h"
#include "app/dataset_title.h"
#include "app/file_dialogs.h"
#include "app/reference_blas.h"
#include "app/remembered_settings.h"
#include "app/version.h"
#include "app/wiring.h"
#include "app/wiring_bench.h"
#include "app/wiring_downloads.h"
#include "models/io/recipe_json.h"
#include "models/runtime/environment.h"
#include "widgets/bench_panel.h"
#include "widgets/card_dock.h"
#include "widgets/cluster_view.h"
#include "widgets/drawing/latent_plane.h"
#include "widgets/drawing/theme.h"
#include "widgets/drop_frame.h"
#include "widgets/grid_tools.h"
#include "widgets/latent_grid_view.h"
#include "widgets/reconstruction_view.h"
#include "widgets/settings_panel.h"
#include "widgets/small_widgets.h"
#include "widgets/training_controls.h"

namespace zwei {
namespace {

constexpr int kStateVersion = 3;  // of the docks: another arrangement needs another number
constexpr int kSentenceMilliseconds = 12000;
constexpr double kZoomStep = 1.25;

}  // namespace

MainWindow::MainWindow(std::vector<std::filesystem::path> dataFolders, QWidget* parent)
    : QMainWindow(parent),
      m_session(std::move(dataFolders), autosaveFolder()),
      m_files(m_session, *this),
      m_panels(*this),
      m_keeping(m_session, *m_panels.bench),
      m_views(m_panels.docks),
      m_film(m_session, *this),
      m_expansion(*this, m_panels.docks),
      m_dropFrame(new DropFrame(this)) {
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(tr("Zwei"));
    setDockNestingEnabled(true);
    setMinimumSize(960, 600);
    resize(1280, 800);
    setContentsMargins(2 * kSpace, 0, 2 * kSpace, 0);
    m_panels.layOut(*this);
    buildStatusBar();
    buildMenu();
    connectPanels(m_session, m_files, m_panels);
    buildBench();
    for (auto* dock : m_panels.docks) {
        connect(dock, &QDockWidget::topLevelChanged, this, [this] { m_isArranged = true; });
        connect(dock->toggleViewAction(), &QAction::triggered, this, [this] { m_isArranged = true; });
        dock->installEventFilter(this);
    }
    connect(&m_expansion, &CardExpansion::ended, this, &MainWindow::arrange);
    connect(&m_session, &Session::modelChanged, this, &MainWindow::showModel);
    connect(&m_files, &ModelFiles::closeRequested, this, &QWidget::close);
    connect(&m_session, &Session::failed, this, &MainWindow::showFault);
    connect(&m_session, &Session::folderRead, this, &MainWindow::showFolder);
    connect(&m_session, &Session::folderProgressed, this,
            [this](int done, int total) { m_stopReading->setEnabled(done < total); });
    connect(&m_session, &Session::datasetChanged, this, [this] { m_stopReading->setEnabled(false); });
    connect(&m_views, &ViewExport::failed, this, &MainWindow::showFault);
    connect(&m_views, &ViewExport::done, this, [this](const QString& sentence) { showSentence(sentence); });
    connect(&m_film, &FilmKeeping::failed, this, &MainWindow::showFault);
    connect(&m_film, &FilmKeeping::done, this, [this](const QString& sentence) { showSentence(sentence); });
    connect(&m_session, &Session::saved, this, [this](const QString& file) { showSentence(tr("Saved %1").arg(file)); });
}

MainWindow::~MainWindow() = default;

void MainWindow::begin(const QStringList& files, bool areSettingsWhole) {
    restore(areSettingsWhole);
    show();
    if (usesReferenceBlas()) showFault(QApplication::translate("zwei", kReferenceBlas));
    m_session.begin(m_preferredDataset);
    if (!files.isEmpty()) m_intake.open(files);
}

void MainWindow::buildBench() {
    setAcceptDrops(true);
    connectBench(m_session, m_bench, m_intake, m_panels);
    connect(&m_intake, &ImageIntake::modelFound, &m_files, &ModelFiles::openModel);
    connect(m_panels.bar, &TrainingControls::trainedModelChosen, &m_files, &ModelFiles::openTrainedModel);
    connect(&m_keeping, &BenchKeeping::done, this, [this](const QString& sentence) { showSentence(sentence); });
    addAction(m_keeping.copyAction());
    connect(m_panels.benchDock, &QDockWidget::topLevelChanged, m_panels.benchDock, &QWidget::setAcceptDrops);
}

// ---- Menu and status bar ----

void MainWindow::buildMenu() {
    auto* menu = new QMenu(this);
    buildFileMenu(*menu->addMenu(tr("File")));
    buildRunMenu(*menu->addMenu(tr("Training")));
    buildViewMenu(*menu->addMenu(tr("View")));
    menu->addSeparator();
    menu->addAction(tr("About Zwei"), this, &MainWindow::showAbout);
    menu->addAction(tr("Quit"), QKeySequence::Quit, this, &QWidget::close);
    m_panels.bar->menuButton()->setMenu(menu);
    m_panels.bar->menuButton()->setPopupMode(QToolButton::InstantPopup);
    // Shortcuts work although the menu is not open.
    for (auto* sub : menu->findChildren<QMenu*>()) addActions(sub->actions());
    addActions(menu->actions());
}

void MainWindow::buildFileMenu(QMenu& menu) {
    m_files.addTo(menu);
    menu.addSeparator();
    menu.addAction(tr("Open a folder of images…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O), this,
                   &MainWindow::openFolder);
    m_stopReading = menu.addAction(tr("Stop reading the folder"), &m_session, &Session::cancelFolder);
    m_stopReading->setEnabled(false);
    menu.addAction(tr("Data sets…"), new Downloads(m_session, *m_panels.bar, *this), &Downloads::show);
    menu.addSeparator();
    menu.addAction(tr("Open images…"), this, [this] { Q_EMIT m_panels.bench->openRequested(); });
    menu.addAction(tr("Paste an image"), QKeySequence::Paste, this, &MainWindow::paste);
    menu.addSeparator();
    m_views.fillMenu(*menu.addMenu(tr("Save a view")));
    menu.addAction(m_film.saveAction());
}

void MainWindow::buildRunMenu(QMenu& menu) {
    menu.addAction(tr("Train or pause"), QKeySequence(Qt::Key_Space), this, &MainWindow::pressSpace)
        ->setAutoRepeat(false);
    menu.addAction(tr("One batch"), QKeySequence(Qt::Key_F10), this, &MainWindow::pressStep);
    menu.addAction(tr("Reset to the initial weights"), QKeySequence(Qt::CTRL | Qt::Key_R), m_panels.bar,
                   &TrainingControls::resetRequested);
    menu.addSeparator();
    menu.addAction(tr("Other images"), QKeySequence(Qt::CTRL | Qt::Key_I), &m_session, &Session::drawOtherImages);
    menu.addAction(tr("Dream"), QKeySequence(Qt::Key_D), this, &MainWindow::dream);
}

void MainWindow::buildViewMenu(QMenu& menu) {
    for (auto* dock : m_panels.docks) menu.addAction(dock->toggleViewAction());
    menu.addAction(tr("Restore the layout"), this, &MainWindow::layOutAnew);
    menu.addSeparator();
    menu.addAction(tr("Zoom in"), QKeySequence::ZoomIn, this, [this] { zoom(1 / kZoomStep); });
    menu.addAction(tr("Zoom out"), QKeySequence::ZoomOut, this, [this] { zoom(kZoomStep); });
    menu.addAction(tr("Whole plane"), QKeySequence(Qt::CTRL | Qt::Key_0), this, [this] { m_panels.grid->setArea({}); });
    menu.addSeparator();
    buildThemeMenu(*menu.addMenu(tr("Theme")));
    m_fullScreen = menu.addAction(tr("Full screen"), QKeySequence(Qt::Key_F11), this,
                                  [this](bool on) { setWindowState(windowState().setFlag(Qt::WindowFullScreen, on)); });
    m_fullScreen->setCheckable(true);
}

void MainWindow::buildThemeMenu(QMenu& menu) {
    m_theme = themeNamed(QSettings().value(QStringLiteral("theme")).toString());
    auto* group = new QActionGroup(&menu);
    for (const auto& [choice, title] :
         {std::pair{ThemeChoice::System, tr("As the system")}, std::pair{ThemeChoice::Light, tr("Light")},
          std::pair{ThemeChoice::Dark, tr("Dark")}}) {
        auto* action = menu.addAction(title, this, [this, chosen = choice] {
            m_theme = chosen;
            applyTheme(chosen);
        });
        action->setCheckable(true);
        action->setChecked(choice == m_theme);
        group->addAction(action);
    }
}

void MainWindow::buildStatusBar() {
    for (auto** label : {&m_modelLabel, &m_dataLabel, &m_machineLabel, &m_sentenceLabel}) {
        *label = new QLabel(this);
        (*label)->setTextFormat(Qt::PlainText);  // a stranger's file may be called <b>
        statusBar()->addWidget(*label);
    }
    m_cursorLabel = new QLabel(this);
    statusBar()->addPermanentWidget(m_cursorLabel);
    statusBar()->setSizeGripEnabled(false);
    statusBar()->setContentsMargins(0, 2 * kSpace, 0, 0);
    statusBar()->setFixedHeight(34);
    m_machineLabel->setText(defaultThreads() == 1 ? tr("1 thread") : tr("%1 threads").arg(defaultThreads()));
    const auto showCursor = [this](const std::vector<double>& z) {
        const auto at = m_session.plane().project(z);
        m_cursorLabel->setText(tr("cursor  ") + latentPointText({at[0], at[1]}, axisNames(m_session.axes())));
    };
    connect(&m_session.cursor(), &LatentCursor::moved, this, showCursor);
    connect(&m_session, &Session::planeChanged, this,
            [this, showCursor] { showCursor(m_session.cursor().position()); });
    showCursor(m_session.cursor().position());
    connect(&m_session, &Session::dataFolderOpened, this, [](const QString& folder) {
        QSettings settings;
        rememberDataFolder(settings, folder);
    });
    connect(&m_session, &Session::datasetChanged, this, [this](const DatasetPtr& dataset) {
        const QLocale locale;
        m_dataLabel->setText(tr("%1, %2 + %3")
                                 .arg(datasetTitle(QString::fromStdString(dataset->name)),
                                      locale.toString(dataset->train.images.count),
                                      locale.toString(dataset->test.images.count)));
    });
}

void MainWindow::showModel(const ModelInfo& model) {
    m_modelLabel->setText(model.name + (model.isModified ? QStringLiteral(" ●") : QString()));
    m_modelLabel->setToolTip(plainToolTip(tr("Trained on %1.").arg(datasetTitle(model.dataset))));
    setWindowTitle(tr("%1[*] – Zwei").arg(model.name));
    setWindowModified(model.isModified);
    m_cursorLabel->setVisible(hasCode(model.recipe));
}

void MainWindow::showFault(const QString& sentence) { showSentence(sentence, QStringLiteral("warning")); }

void MainWindow::showSentence(const QString& sentence, const QString& role) {
    setStyleProperty(*m_sentenceLabel, "role", role);
    m_sentenceLabel->setText(sentence);
    m_sentenceLabel->setToolTip(plainToolTip(sentence));
    QTimer::singleShot(kSentenceMilliseconds, m_sentenceLabel, [this, sentence] {
        if (m_sentenceLabel->text() == sentence) m_sentenceLabel->clear();
    });
}

// ---- What the menu does ----

/// A button that has the keyboard's focus takes Space for itself, as everywhere; and a key that was meant to pause must
/// not throw a model away.
void MainWindow::pressSpace() {
    if (auto* button = qobject_cast<QAbstractButton*>(QApplication::focusWidget())) return button->click();
    if (m_session.state() == RunState::Running) return m_session.pause();
    if (mayStartByKey()) Q_EMIT m_panels.bar->trainRequested();
}

void MainWindow::pressStep() {
    if (mayStartByKey()) Q_EMIT m_panels.bar->stepRequested();
}

bool MainWindow::mayStartByKey() {
    const bool isOver = m_session.state() == RunState::Idle && m_session.hasUnsaved() && !m_session.canContinue();
    if (isOver) showSentence(tr("The training is over; press Train to start anew, or save the model first."));
    return !isOver;
}

void MainWindow::zoom(double factor) {
    auto* grid = m_panels.grid;
    grid->setArea(zoomedArea(grid->area(), grid->latentCursor(), factor));
}

void MainWindow::layOutAnew() {
    m_expansion.end();
    m_panels.layOut(*this);
    m_isArranged = false;
    arrange();
}

void MainWindow::openFolder() {
    connect(askForFolder(this, tr("Open a folder of images")), &QFileDialog::fileSelected, &m_session,
            &Session::openFolder);
}

void MainWindow::paste() {
    if (const auto* held = QGuiApplication::clipboard()->mimeData()) m_intake.take(*held);
}

/// What was read, and the list of what could not be.
void MainWindow::showFolder(const ImageFolder& folder) {
    const auto read = folder.dataset->train.images.count + folder.dataset->test.images.count;
    QString text = counted(read, tr("%1 image read."), tr("%1 images read."));
    if (!folder.note.isEmpty()) text += QLatin1Char(' ') + folder.note;
    if (folder.unreadable.empty()) return showSentence(text);
    QStringList lines;
    for (const auto& [file, why] : folder.unreadable) lines += file + QStringLiteral(": ") + why;
    auto* box = new QMessageBox(QMessageBox::NoIcon, tr("Images that could not be read"),
                                text + QLatin1Char(' ') + tr("%n could not be read.", nullptr, int(lines.size())),
                                QMessageBox::Close, this);
    box->setDetailedText(lines.join(QLatin1Char('\n')));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

/// A fresh row of digits from the prior.
void MainWindow::dream() {
    if (!hasCode(m_session.model().recipe))
        return showSentence(tr("This network has no code, and so there are no points to dream of."));
    m_panels.reconstructionsDock->show();
    if (m_panels.reconstructions->mode() == ReconstructionView::Mode::Dream)
        return m_session.dream(m_panels.reconstructions->dreamCapacity());
    m_panels.reconstructions->setMode(ReconstructionView::Mode::Dream);
}

void MainWindow::showAbout() {
    auto* box = new QMessageBox(
        QMessageBox::NoIcon, tr("About Zwei"),
        tr("<h3>Zwei %1</h3><p>Watch a latent space learn.</p>"
           "<p>LibTorch %2 · Qt %3 · QCustomPlot</p>"
           "<p>Free software under the GNU General Public License, version 3 or later; Qt under the "
           "LGPL, LibTorch under a BSD licence, QCustomPlot under the GPL.</p>")
            .arg(QLatin1String(kVersion), QString::fromStdString(libtorchVersion()), QLatin1String(qVersion())),
        QMessageBox::Close, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

// ---- Events ----

void MainWindow::keyPressEvent(QKeyEvent* event) {
    constexpr double kStep = 0.1;
    const double step = event->modifiers() & Qt::ShiftModifier ? 10 * kStep : kStep;
    auto at = m_session.plane().project(m_session.cursor().position());
    const auto move = [&at, step](std::size_t axis, double sign) { at[axis] += sign * step; };
    switch (event->key()) {
        case Qt::Key_Left:
            move(0, -1);
            break;
        case Qt::Key_Right:
            move(0, 1);
            break;
        case Qt::Key_Down:
            move(1, -1);
            break;
        case Qt::Key_Up:
            move(1, 1);
            break;
        default:
            return QMainWindow::keyPressEvent(event);
    }
    m_session.moveOnMap(at[0], at[1]);
}

/// QMainWindow itself takes a press on a border between docks, where there is no child.
bool MainWindow::event(QEvent* event) {
    if (event->type() == QEvent::MouseButtonPress && !childAt(static_cast<QMouseEvent*>(event)->position().toPoint()))
        m_isArranged = true;
    return QMainWindow::event(event);
}

/// Of the docks: one that is closed stays closed; the bench, where it is a window of its own, takes what is dropped.
bool MainWindow::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Close) m_isArranged = true;
    if (watched == m_panels.benchDock && event->type() == QEvent::DragEnter) {
        static_cast<QDragEnterEvent*>(event)->acceptProposedAction();
        return true;
    }
    if (watched == m_panels.benchDock && event->type() == QEvent::Drop) {
        dropEvent(static_cast<QDropEvent*>(event));
        return true;
    }
    return QMainWindow::eventFilter(watched, event);
}

void MainWindow::changeEvent(QEvent* event) {
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::WindowStateChange && m_fullScreen) m_fullScreen->setChecked(isFullScreen());
}

void MainWindow::paintEvent(QPaintEvent* event) {
    QMainWindow::paintEvent(event);
    QPainter painter(this);
    painter.setPen(Theme::current().line);
    for (const int y : {menuWidget()->geometry().bottom() - 2 * kSpace, statusBar()->y() + 2 * kSpace})
        painter.drawLine(0, y, width(), y);
}

void MainWindow::resizeEvent(QResizeEvent* event) {
    QMainWindow::resizeEvent(event);
    // The docks have their new places only after this event.
    QTimer::singleShot(0, this, &MainWindow::arrange);
}

/// Of anything: what is no image is told so.
void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (event->source()) return;  // a result that is dragged out, and crosses the window
    event->acceptProposedAction();
    m_panels.benchDock->show();
    m_panels.benchDock->raise();
    const auto urls = event->mimeData()->urls();
    const bool isModel = !urls.isEmpty() && urls.front().path().endsWith(QLatin1String(".safetensors"));
    if (isModel) return m_dropFrame->showOver(rect().adjusted(8, 8, -8, -8), tr("Drop here to open the model"));
    const auto* dock = m_panels.benchDock;
    const QRect over = dock->isFloating() ? rect() : QRect(dock->mapTo(this, QPoint()), dock->size());
    m_dropFrame->showOver(over, urls.size() > 1 ? tr("Drop anywhere: %n images land here", nullptr, int(urls.size()))
                                                : tr("Drop anywhere: the image lands here"));
}

void MainWindow::dragLeaveEvent(QDragLeaveEvent*) { m_dropFrame->hide(); }

void MainWindow::dropEvent(QDropEvent* event) {
    m_dropFrame->hide();
    event->acceptProposedAction();
    m_intake.take(*event->mimeData());
}

/// Until the person arranges the docks, they follow the window's size.
void MainWindow::arrange() {
    if (!m_isArranged && !m_expansion.isOn()) m_panels.resize(*this);
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (!m_files.mayClose()) return event->ignore();
    remember();
    QMainWindow::closeEvent(event);
}

// ---- What is remembered ----

/// Qt takes no geometry and no arrangement that it did not write itself.
void MainWindow::restore(bool areSettingsWhole) {
    const QSettings settings;
    const auto remembered = readRemembered(settings);
    areSettingsWhole &= remembered.isWhole;
    if (!remembered.geometry.isEmpty()) areSettingsWhole &= restoreGeometry(remembered.geometry);
    m_isArranged = restoreState(remembered.docks, kStateVersion);
    areSettingsWhole &= m_isArranged || remembered.docks.isEmpty();
    m_preferredDataset = remembered.dataset;
    m_session.openDataFoldersAgain(remembered.dataFolders);
    if (remembered.recipe) m_session.setRecipe(*remembered.recipe);
    m_panels.gridTools->setLinked(remembered.isGridLinked);
    m_panels.grid->setSide(remembered.tiles.value_or(m_panels.grid->side()));
    if (const auto fault = settingsFault(settings, areSettingsWhole); !fault.isEmpty()) showFault(fault);
}

void MainWindow::remember() {
    QSettings settings;
    m_expansion.end();
    settings.setValue(QStringLiteral("geometry"), sealed(saveGeometry()));
    if (m_isArranged)
        settings.setValue(QStringLiteral("docks"), sealed(saveState(kStateVersion)));
    else
        settings.remove(QStringLiteral("docks"));
    settings.setValue(QStringLiteral("theme"), themeName(m_theme));
    settings.setValue(QStringLiteral("recipe"), QString::fromStdString(recipeToJson(m_session.recipe())));
    settings.setValue(QStringLiteral("linked"), m_panels.gridTools->isLinked());
    settings.setValue(QStringLiteral("tiles"), m_panels.grid->side());
    if (m_session.dataset())
        settings.setValue(QStringLiteral("dataset"), QString::fromStdString(m_session.dataset()->name));
}

}  // namespace zwei
