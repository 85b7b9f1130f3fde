// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/model_files.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QLocale>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>

#include "app/dataset_title.h"

namespace zwei {
namespace {

const QString kModelFilter = QStringLiteral("*.safetensors");
const QString kRecentKey = QStringLiteral("recentModels");
const QString kCloseQuestion = QStringLiteral("closeQuestion");
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
    auto* dialog = new QFileDialog(&m_window, tr("Open a model"), {}, tr("Models (%1)").arg(kModelFilter));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, &m_session, &Session::openModel);
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

QFileDialog* ModelFiles::saveAs() {
    auto* dialog = new QFileDialog(&m_window, tr("Save the model"), {}, tr("Models (%1)").arg(kModelFilter));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("safetensors"));
    connect(dialog, &QFileDialog::fileSelected, &m_session, &Session::saveModel);
    dialog->open();
    return dialog;
}

/// The files of models that were opened or saved, the last one first.
void ModelFiles::buildRecent() {
    m_recent->clear();
    const auto files = QSettings().value(kRecentKey).toStringList();
    for (const auto& file : files)
        m_recent->addAction(QFileInfo(file).fileName(), this, [this, file] { m_session.openModel(file); })
            ->setToolTip(file);
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
    if (m_window.findChild<QMessageBox*>(kCloseQuestion)) return false;
    auto* box = question(m_window, kCloseQuestion, tr("Close Zwei"),
                         tr("This model has learnt something that no file holds. Save it before you leave?"));
    box->setStandardButtons(QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel);
    box->setDefaultButton(QMessageBox::Save);
    box->button(QMessageBox::Discard)->setText(tr("Leave without saving"));
    connect(box, &QMessageBox::finished, this, [this](int answer) {
        if (answer == QMessageBox::Discard) return close();
        if (answer == QMessageBox::Save) saveAndClose();
    });
    box->open();
    return false;
}

/// Where it cannot be saved, or somebody thinks better of it, the window stays.
void ModelFiles::saveAndClose() {
    auto* waiting = new QObject(this);
    connect(&m_session, &Session::saved, waiting, [this] { close(); });
    connect(&m_session, &Session::failed, waiting, &QObject::deleteLater);
    if (const auto file = m_session.model().file; !file.isEmpty()) return m_session.saveModel(file);
    connect(saveAs(), &QDialog::rejected, waiting, &QObject::deleteLater);
}

void ModelFiles::close() {
    m_isSettled = true;
    Q_EMIT closeRequested();
}

/// What the process before this one left when it ended too soon.
void ModelFiles::offer(const LeftRun& run) {
    const auto& state = run.model.state;
    const auto epochs = static_cast<int>(run.model.history.size());
    const auto isDone = !state || state->epoch >= run.model.recipe.epochs;
    const auto when = QLocale().toString(run.saved, QLocale::ShortFormat);
    const auto what =
        tr("Zwei ended before this was saved: a model trained on %1, %n epochs, kept on %2.", nullptr, epochs)
            .arg(datasetTitle(QString::fromStdString(run.model.dataset)), when);
    auto* box = question(m_window, kLeftRunQuestion, tr("Something was left"),
                         isDone ? what : what + QLatin1Char(' ') + tr("Its training can go on from there."));
    auto* open = box->addButton(tr("Open it"), QMessageBox::AcceptRole);
    auto* discard = box->addButton(tr("Discard it"), QMessageBox::DestructiveRole);
    auto* later = box->addButton(tr("Later"), QMessageBox::RejectRole);
    box->setDefaultButton(qobject_cast<QPushButton*>(open));
    box->setEscapeButton(later);
    connect(box, &QMessageBox::buttonClicked, this, [this, run, open, discard](QAbstractButton* answer) {
        if (answer == open) m_session.openLeftRun(run);
        if (answer == discard) Autosave::discard(run);
    });
    box->open();
}

}  // namespace zwei
