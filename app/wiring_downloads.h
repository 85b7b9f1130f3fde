// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <vector>

#include "app/session/dataset_download.h"
#include "models/data/dataset.h"

class QWidget;

namespace zwei {

class DownloadPanel;
class Session;
class TrainingControls;

/// Connects the download of data sets, the session and the panel for it. Lives as long as the window: a download goes
/// on while the panel is closed.
class Downloads : public QObject {
    Q_OBJECT

public:
    Downloads(Session& session, TrainingControls& bar, QWidget& window);

    void show();
    DownloadPanel& panel() { return *m_panel; }
    DatasetDownload& download() { return m_download; }

private:
    void connectDownload();
    void connectWishes();
    bool mayChange();
    void get(const QString& id);
    void openFolder();
    void showChoices();

    Session& m_session;
    TrainingControls& m_bar;
    DownloadPanel* m_panel;
    DatasetDownload m_download;
    std::vector<DatasetLocation> m_found;
};

}  // namespace zwei
