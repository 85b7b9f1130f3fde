// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/download_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

#include "widgets/download_row.h"
#include "widgets/drawing/theme.h"
#include "widgets/small_widgets.h"

namespace zwei {
namespace {

constexpr int kWidth = 560;

}  // namespace

QString sizeText(qint64 bytes) {
    if (bytes < 0) return QStringLiteral("–");
    const QLocale locale;
    if (bytes < 1000) return DownloadPanel::tr("%1 B").arg(bytes);
    if (bytes < 1'000'000) return DownloadPanel::tr("%1 kB").arg((bytes + 500) / 1000);
    const auto megabytes = static_cast<double>(bytes) / 1e6;
    return DownloadPanel::tr("%1 MB").arg(locale.toString(megabytes, 'f', 1));
}

DownloadPanel::DownloadPanel(QWidget* parent)
    : QDialog(parent), m_folder(mutedLabel({}, 11, this)), m_rowColumn(new QVBoxLayout), m_sentence(new QLabel(this)) {
    setWindowTitle(tr("Data sets"));
    setObjectName(QStringLiteral("downloads"));
    m_sentence->setObjectName(QStringLiteral("downloadSentence"));
    m_sentence->setWordWrap(true);
    m_sentence->setTextFormat(Qt::PlainText);
    m_sentence->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_sentence->hide();
    m_rowColumn->setSpacing(2 * kSpace);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(4 * kSpace, 4 * kSpace, 4 * kSpace, 4 * kSpace);
    column->setSpacing(3 * kSpace);
    column->addWidget(makeHeader());
    column->addLayout(m_rowColumn);
    column->addWidget(m_sentence);
    column->addStretch(1);
    column->addWidget(makeAlternatives());
    setMinimumWidth(kWidth);
}

QWidget* DownloadPanel::makeHeader() {
    auto* header = new QWidget(this);
    auto* column = new QVBoxLayout(header);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpace);
    auto* title = new QLabel(tr("Data sets"), header);
    title->setFont(Theme::font(16, QFont::DemiBold));
    column->addWidget(title);
    m_folder->setWordWrap(true);
    column->addWidget(m_folder);
    return header;
}

QWidget* DownloadPanel::makeAlternatives() {
    auto* row = new QWidget(this);
    auto* column = new QVBoxLayout(row);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2 * kSpace);
    column->addWidget(headingLabel(tr("Without a network"), row));
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(2 * kSpace);
    const auto add = [&](const QString& text, const QString& tip, auto wish) {
        auto* button = new QPushButton(text, row);
        button->setToolTip(tip);
        button->setAutoDefault(false);
        connect(button, &QPushButton::clicked, this, wish);
        buttons->addWidget(button);
        m_alternatives.push_back(button);
    };
    add(tr("Use the built-in digits"), tr("70,000 digits that the program draws itself, stroke by stroke."),
        &DownloadPanel::useEmbeddedRequested);
    add(tr("Open a folder that has the files…"), tr("The IDX files of a data set, packed or not, or a folder of such."),
        &DownloadPanel::openFolderRequested);
    buttons->addStretch(1);
    add(tr("Close"), tr("What is being fetched goes on."), &QDialog::close);
    column->addLayout(buttons);
    return row;
}

void DownloadPanel::setChoices(const std::vector<DownloadChoice>& choices, const QString& folder) {
    m_folder->setText(
        tr("Fetched over HTTPS from public mirrors, checked by their SHA-256, and kept in %1.").arg(folder));
    for (auto* row : m_rows) delete row;
    m_rows.clear();
    for (const auto& choice : choices) {
        auto* row = m_rows.emplace_back(new DownloadRow(choice, this));
        row->setIdle(!m_underWay.isEmpty());
        connect(row, &DownloadRow::getRequested, this, &DownloadPanel::getRequested, Qt::QueuedConnection);
        connect(row, &DownloadRow::cancelRequested, this, &DownloadPanel::cancelRequested, Qt::QueuedConnection);
        m_rowColumn->addWidget(row);
    }
    orderFocus();
}

/// From top to bottom, although the rows are newer than what is below them.
void DownloadPanel::orderFocus() {
    std::vector<QWidget*> order(m_rows.begin(), m_rows.end());
    order.insert(order.end(), m_alternatives.begin(), m_alternatives.end());
    for (std::size_t i = 1; i < order.size(); ++i) setTabOrder(order[i - 1], order[i]);
}

void DownloadPanel::setDownload(const DownloadState& download) {
    const bool isNew = m_underWay != download.id;
    m_underWay = download.id;
    for (auto* row : m_rows) {
        if (row->id() == download.id)
            row->setDownload(download);
        else if (isNew)
            row->setIdle(true);
    }
}

void DownloadPanel::setIdle() {
    m_underWay.clear();
    for (auto* row : m_rows) row->setIdle(false);
}

void DownloadPanel::setFault(const QString& sentence) { say(sentence, QStringLiteral("warning")); }

void DownloadPanel::setNote(const QString& sentence) { say(sentence, QStringLiteral("muted")); }

void DownloadPanel::say(const QString& sentence, const QString& role) {
    setStyleProperty(*m_sentence, "role", role);
    m_sentence->setText(sentence);
    m_sentence->setVisible(!sentence.isEmpty());
}

}  // namespace zwei
