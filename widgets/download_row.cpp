// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/download_row.h"

#include <QGridLayout>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <algorithm>

#include "widgets/drawing/numerals.h"
#include "widgets/drawing/theme.h"
#include "widgets/small_widgets.h"

namespace zwei {
namespace {

constexpr int kSteps = 10000;
constexpr int kButtonWidth = 80;

QString progressText(const DownloadState& download) {
    const QString separator = QStringLiteral("  ·  ");
    QString text = DownloadRow::tr("%1 of %2").arg(sizeText(download.done), sizeText(download.total));
    if (download.bytesPerSecond > 0)
        text += separator + DownloadRow::tr("%1 a second").arg(sizeText(static_cast<qint64>(download.bytesPerSecond)));
    if (download.secondsLeft >= 0)
        text += separator + DownloadRow::tr("%1 left").arg(durationText(download.secondsLeft));
    if (!download.mirror.isEmpty()) text += separator + DownloadRow::tr("from %1").arg(download.mirror);
    return text;
}

}  // namespace

DownloadRow::DownloadRow(const DownloadChoice& choice, QWidget* parent)
    : QWidget(parent),
      m_choice(choice),
      m_note(new ElidedLabel(this)),
      m_size(mutedLabel(sizeText(choice.bytes), 11, this)),
      m_here(mutedLabel(tr("On this machine"), 11, this)),
      m_button(new QPushButton(this)),
      m_progress(new QWidget(this)),
      m_bar(new QProgressBar(m_progress)),
      m_figures(new ElidedLabel(m_progress)) {
    setObjectName(choice.id);
    m_note->setFullText(choice.note);
    for (auto* label : {m_note, m_figures}) {
        label->setFont(Theme::font(11));
        setStyleProperty(*label, "role", QStringLiteral("muted"));
    }
    m_bar->setRange(0, kSteps);
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(kSpace);
    m_bar->setAccessibleName(tr("How much of %1 has arrived").arg(choice.title));
    m_button->setFixedWidth(kButtonWidth);
    m_button->setAutoDefault(false);
    setFocusProxy(m_button);
    connect(m_button, &QPushButton::clicked, this, [this] {
        if (m_isUnderWay) return Q_EMIT cancelRequested();
        Q_EMIT getRequested(m_choice.id);
    });
    lay();
    applyState();
}

void DownloadRow::lay() {
    auto* title = new QLabel(m_choice.title, this);
    title->setFont(Theme::font(12, QFont::DemiBold));
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(3 * kSpace, 2 * kSpace + 2, 3 * kSpace, 2 * kSpace + 2);
    grid->setHorizontalSpacing(3 * kSpace);
    grid->setVerticalSpacing(kSpace / 2);
    grid->addWidget(title, 0, 0);
    grid->addWidget(mutedLabel(m_choice.about, 11, this), 1, 0);
    grid->addWidget(m_note, 2, 0, 1, 2);
    auto* right = new QHBoxLayout;
    right->setSpacing(3 * kSpace);
    for (auto* widget : std::initializer_list<QWidget*>{m_size, m_here, m_button}) right->addWidget(widget);
    grid->addLayout(right, 0, 1, 2, 1, Qt::AlignRight | Qt::AlignVCenter);
    auto* column = new QVBoxLayout(m_progress);
    column->setContentsMargins(0, kSpace, 0, 0);
    column->setSpacing(kSpace);
    column->addWidget(m_bar);
    column->addWidget(m_figures);
    grid->addWidget(m_progress, 3, 0, 1, 2);
    grid->setColumnStretch(0, 1);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void DownloadRow::setDownload(const DownloadState& download) {
    m_isUnderWay = true;
    const auto share =
        download.total > 0 ? static_cast<double>(download.done) / static_cast<double>(download.total) : 0;
    m_bar->setValue(static_cast<int>(std::clamp(share, 0.0, 1.0) * kSteps));
    m_figures->setFullText(progressText(download));
    applyState();
}

void DownloadRow::setIdle(bool isLocked) {
    m_isUnderWay = false;
    m_isLocked = isLocked;
    applyState();
}

void DownloadRow::applyState() {
    using State = DownloadChoice::State;
    const bool isOffered = m_choice.state == State::Offered;
    m_button->setText(m_isUnderWay ? tr("Cancel") : tr("Get"));
    m_button->setAccessibleName(m_isUnderWay ? tr("Cancel %1").arg(m_choice.title) : tr("Get %1").arg(m_choice.title));
    m_button->setToolTip(m_isUnderWay ? tr("What has arrived is kept for the next time.") : QString());
    m_button->setVisible(isOffered || m_isUnderWay);
    m_button->setEnabled(m_isUnderWay || !m_isLocked);
    m_size->setVisible(isOffered && !m_isUnderWay);
    m_here->setVisible(m_choice.state == State::Here && !m_isUnderWay);
    m_note->setVisible(!m_choice.note.isEmpty() && !m_isUnderWay);
    m_progress->setVisible(m_isUnderWay);
}

void DownloadRow::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::current();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(theme.line);
    painter.setBrush(theme.card);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), kCardRadius, kCardRadius);
}

}  // namespace zwei
