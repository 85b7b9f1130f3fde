// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/model_files.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QLocale>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>

#include "app/counted.h"
#include "app/dataset_title.h"
#include "app/file_dialogs.h"

namespace zwei {
namespace {

const QString kModelEnding = QStringLiteral("safetensors");
const QString kRecentKey = QStringLiteral("recentModels");
const QString kUnsavedQuestion = QStringLiteral("unsavedQuestion");
const QString kLeftRunQuestion = QStringLiteral("leftRunQuestion");
constexpr int kMostRecent = 8;

QMessageBox* question(QWidget& window, const QString& name, const QString& title, const QString& text) {
    auto* box = new QMessageBox(QMessageBox::NoIcon, title, text, QMessageBox::NoButton, &window);
    box->setObjectName(name);
    box->setAttribute(Qt::WA_DeleteOnClose);
    return box;
}

}  // namespace

ModelFiles::ModelFiles(Session& session, QWidget& window) : QObject(&window), m_session(session), m_window(window) {
    connect(&m_session, &Session::modelChanged, this, &ModelFiles::noteRecent);
    connect(&m_session, &Session::runFound, this, &ModelFiles::offer);
}

void ModelFiles::addTo(QMenu& menu) {
    menu.addAction(tr("Open model…"), QKeySequence::Open, this, &ModelFiles::open);
    m_recent = menu.addMenu(tr("Open recent"));
    connect(m_recent, &QMenu::aboutToShow, this, &ModelFiles::buildRecent);
    menu.addAction(tr("Save model"), QKeySequence::Save, this, &ModelFiles::save);
    menu.addAction(tr("Save model as…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S), this, &ModelFiles::saveAs);
}

void ModelFiles::open() {
    auto* dialog = new QFileDialog(&m_window, tr("Open a model"), {}, tr("Models (*.%1)").arg(kModelEnding));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, &ModelFiles::openModel);
    dialog->open();
}

/// To the file it came from, where there is one.
void ModelFiles::save() {
    const auto file = m_session.model().file;
    if (file.isEmpty())
        saveAs();
    else
        m_session.saveModel(file);
}

void ModelFiles::saveAs() { connect(saveDialog(), &QFileDialog::fileSelected, &m_session, &Session::saveModel); }

QFileDialog* ModelFiles::saveDialog() {
    return askWhereToSave(&m_window, tr("Save the model"), {{tr("Models"), kModelEnding}});
}

/// The files of models that were opened or saved, the last one first.
void ModelFiles::buildRecent() {
    m_recent->clear();
    const auto files = QSettings().value(kRecentKey).toStringList();
    for (const auto& file : files)
        m_recent->addAction(QFileInfo(file).fileName(), this, [this, file] { openModel(file); })->setToolTip(file);
    m_recent->setToolTipsVisible(true);
    m_recent->addSeparator();
    m_recent->addAction(tr("Clear"), this, [] { QSettings().remove(kRecentKey); })->setEnabled(!files.isEmpty());
}

void ModelFiles::noteRecent(const ModelInfo& model) {
    if (model.file.isEmpty()) return;
    QSettings settings;
    auto files = settings.value(kRecentKey).toStringList();
    const auto file = QFileInfo(model.file).absoluteFilePath();
    files.removeAll(file);
    files.prepend(file);
    settings.setValue(kRecentKey, QStringList(files.mid(0, kMostRecent)));
}

bool ModelFiles::mayClose() {
    if (!m_session.hasUnsaved() || m_isSettled) {
        m_session.forgetUnsaved();
        return true;
    }
    ask(tr("Close Zwei"), tr("This model has learnt something that no file holds. Save it before you leave?"),
        tr("Leave without saving"), [this] {
            m_isSettled = true;
            Q_EMIT closeRequested();
        });
    return false;
}

void ModelFiles::openModel(const QString& file) {
    replaceBy([this, file] { m_session.openModel(file); });
}

void ModelFiles::openTrainedModel(const QString& id) {
    replaceBy([this, id] { m_session.openTrainedModel(id); });
}

void ModelFiles::replaceBy(const std::function<void()>& open) {
    if (!m_session.hasUnsaved() || m_session.state() != RunState::Idle) return open();
    ask(tr("Open another model"),
        tr("This model has learnt something that no file holds. Save it before another takes its place?"),
        tr("Open without saving"), open);
}

void ModelFiles::beginAnew(const std::function<void()>& begin) {
    if (!m_session.hasMuchUnsaved()) return begin();
    ask(tr("Begin anew"), tr("This model has learnt something that no file holds. Save it before it is gone?"),
        tr("Begin without saving"), begin);
}

/// One question at a time.
void ModelFiles::ask(const QString& title, const QString& text, const QString& without,
                     const std::function<void()>& go) {
    if (m_window.findChild<QMessageBox*>(kUnsavedQuestion)) return;
    auto* box = question(m_window, kUnsavedQuestion, title, text);
    box->setStandardButtons(QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel);
    box->setDefaultButton(QMessageBox::Save);
    box->button(QMessageBox::Discard)->setText(without);
    connect(box, &QMessageBox::finished, this, [this, go](int answer) {
        if (answer == QMessageBox::Discard) return go();
        if (answer == QMessageBox::Save) saveAndGo(go);
    });
    box->open();
}

/// Where it cannot be saved, or somebody thinks better of it, all stays as it is.
void ModelFiles::saveAndGo(const std::function<void()>& go) {
    const auto saveTo = [this, go](const QString& file) {
        auto* waiting = new QObject(this);
        connect(&m_session, &Session::saveEnded, waiting, [waiting, go, file](const QString& ended, bool isSaved) {
            if (ended != file) return;
            waiting->deleteLater();
            if (isSaved) QMetaObject::invokeMethod(waiting->parent(), go, Qt::QueuedConnection);
        });
        m_session.saveModel(file);
    };
    if (const auto file = m_session.model().file; !file.isEmpty()) return saveTo(file);
    connect(saveDialog(), &QFileDialog::fileSelected, this, saveTo);
}

/// What the process before this one left when it ended too soon.
void ModelFiles::offer(const LeftRun& run) {
    const auto& state = run.model.state;
    const auto isDone = !state || state->epoch >= run.model.recipe.epochs;
    const auto when = QLocale().toString(run.saved, QLocale::ShortFormat);
    const auto what = tr("Zwei ended before this was saved: a model trained on %1, %2, kept on %3.")
                          .arg(datasetTitle(QString::fromStdString(run.model.dataset)),
                               counted(std::ssize(run.model.history), tr("%1 epoch"), tr("%1 epochs")), when);
    auto* box = question(
        m_window, kLeftRunQuestion, tr("Something was left"),
        isDone ? what : what + QLatin1Char(' ') + tr("Its training can go on from there, with the same images."));
    auto* open = box->addButton(tr("Open it"), QMessageBox::AcceptRole);
    auto* discard = box->addButton(tr("Discard it"), QMessageBox::DestructiveRole);
    auto* later = box->addButton(tr("Later"), QMessageBox::RejectRole);
    box->setDefaultButton(qobject_cast<QPushButton*>(open));
    box->setEscapeButton(later);
    connect(box, &QMessageBox::buttonClicked, this, [this, run, open, discard](QAbstractButton* answer) {
        if (answer == open) replaceBy([this, run] { m_session.openLeftRun(run); });
        if (answer == discard) Autosave::discard(run);
    });
    box->open();
}

}  // namespace zwei
