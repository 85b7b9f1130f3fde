// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/wiring_downloads.h"

#include <QDir>
#include <QFileDialog>
#include <algorithm>

#include "app/file_dialogs.h"
#include "app/session/session.h"
#include "widgets/download_panel.h"
#include "widgets/training_controls.h"

namespace zwei {
namespace {

QString shortPath(const std::filesystem::path& path) {
    auto text = QString::fromStdString(path.string());
    const auto home = QDir::homePath();
    return text.startsWith(home + QLatin1Char('/')) ? QLatin1Char('~') + text.mid(home.size()) : text;
}

DownloadChoice choiceOf(const CatalogueSet& set, const std::vector<DatasetLocation>& found) {
    using State = DownloadChoice::State;
    DownloadChoice choice{set.id, set.title, set.about, State::Offered, {}, set.packedSize()};
    const auto here = std::find_if(found.begin(), found.end(),
                                   [&set](const auto& location) { return location.name == set.id.toStdString(); });
    if (here != found.end() && here->hasTrain) {
        choice.state = State::Here;
        choice.note = shortPath(here->folder);
    } else if (!set.isOffered()) {
        choice.state = State::NotOffered;
        choice.note = Downloads::tr("not offered: its checksum is not known for certain");
    } else if (here != found.end() && !here->hasTest) {
        choice.note = Downloads::tr("a part of it is here, and Get goes on: %1").arg(shortPath(here->folder));
    } else if (here != found.end()) {
        choice.note = Downloads::tr("only its test images are here: %1").arg(shortPath(here->folder));
    } else if (set.mirrors.size() == 1) {
        choice.note = Downloads::tr("one mirror is known: %1").arg(QUrl(set.mirrors.front()).host());
    }
    return choice;
}

}  // namespace

Downloads::Downloads(Session& session, TrainingControls& bar, QWidget& window)
    : QObject(&window), m_session(session), m_bar(bar), m_panel(new DownloadPanel(&window)) {
    connectDownload();
    connectWishes();
    connect(&session, &Session::datasetsFound, this, [this](const std::vector<DatasetLocation>& found) {
        m_found = found;
        if (m_panel->isVisible()) showChoices();
    });
}

void Downloads::connectDownload() {
    connect(&m_download, &DatasetDownload::progressed, this, [this](const DownloadProgress& progress) {
        m_panel->setDownload({m_download.set().id, progress.done, progress.total, progress.bytesPerSecond,
                              progress.secondsLeft, progress.mirror});
    });
    connect(&m_download, &DatasetDownload::replacing, m_panel, &DownloadPanel::setNote);
    connect(&m_download, &DatasetDownload::finished, this, [this](const QString& id) {
        m_panel->setIdle();
        m_panel->setNote(tr("%1 is here, and every file of it is whole.").arg(m_download.set().title));
        m_session.searchDatasets(m_session.state() == RunState::Idle ? id : QString());
    });
    connect(&m_download, &DatasetDownload::failed, this, [this](const QString& sentence) {
        m_panel->setIdle();
        m_panel->setFault(sentence);
        if (!m_panel->isVisible()) Q_EMIT m_session.failed(sentence);
    });
    connect(&m_download, &DatasetDownload::cancelled, this, [this] {
        m_panel->setIdle();
        m_panel->setNote(tr("Cancelled. What has arrived is kept, and Get goes on from there."));
    });
}

void Downloads::connectWishes() {
    connect(m_panel, &DownloadPanel::getRequested, this, &Downloads::get);
    connect(m_panel, &DownloadPanel::cancelRequested, &m_download, &DatasetDownload::cancel);
    connect(m_panel, &DownloadPanel::openFolderRequested, this, [this] {
        if (mayChange()) openFolder();
    });
    connect(m_panel, &DownloadPanel::useEmbeddedRequested, this, [this] {
        if (!mayChange()) return;
        m_session.selectDataset(QString::fromUtf8(kEmbeddedDataset));
        m_panel->close();
    });
    connect(&m_bar, &TrainingControls::moreDatasetsRequested, this, &Downloads::show);
}

/// What a run learns from stays.
bool Downloads::mayChange() {
    if (m_session.state() == RunState::Idle) return true;
    m_panel->setNote(tr("Locked while a run is under way: Reset ends it."));
    return false;
}

void Downloads::show() {
    showChoices();
    m_panel->show();
    m_panel->raise();
    m_panel->activateWindow();
}

void Downloads::get(const QString& id) {
    const auto set = catalogueSet(id);
    if (!set || m_download.isRunning()) return;
    if (m_session.newDatasets().empty())
        return m_panel->setFault(tr("There is no folder for data sets: set ZWEI_DATA_DIR to one."));
    m_panel->setFault({});
    m_panel->setDownload({id, 0, set->packedSize(), 0, -1, {}});
    m_download.start(*set, m_session.newDatasets() / id.toStdString());
}

void Downloads::openFolder() {
    auto* dialog = askForFolder(m_panel, tr("Open a folder that has the files"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& folder) {
        m_panel->close();
        m_session.openDataFolder(folder);
    });
}

void Downloads::showChoices() {
    std::vector<DownloadChoice> choices;
    for (const auto& set : datasetCatalogue()) choices.push_back(choiceOf(set, m_found));
    m_panel->setChoices(choices, shortPath(m_session.newDatasets()));
}

}  // namespace zwei
