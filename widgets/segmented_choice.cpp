// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/segmented_choice.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QHelpEvent>
#include <QPushButton>
#include <QToolTip>

namespace zwei {

SegmentedChoice::SegmentedChoice(QWidget* parent)
    : QFrame(parent), m_row(new QHBoxLayout(this)), m_group(new QButtonGroup(this)) {
    m_row->setContentsMargins(1, 1, 1, 1);
    m_row->setSpacing(0);
    setFixedHeight(28);
    connect(m_group, &QButtonGroup::idToggled, this, [this](int id, bool checked) {
        if (checked) choose(id);
    });
}

void SegmentedChoice::setOptions(const QStringList& titles, const QStringList& tips) {
    qDeleteAll(m_group->buttons());
    m_tips = tips;
    m_current = -1;
    for (int i = 0; i < titles.size(); ++i) {
        auto* segment = new QPushButton(titles[i], this);
        segment->setCheckable(true);
        segment->setAutoDefault(false);
        segment->setFocusPolicy(Qt::TabFocus);
        segment->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Expanding);
        segment->setAccessibleDescription(tips.value(i));
        m_group->addButton(segment, i);
        m_row->addWidget(segment, 1);
    }
}

int SegmentedChoice::current() const { return m_current; }

void SegmentedChoice::setCurrent(int index) {
    m_current = index;
    m_group->setExclusive(false);
    for (QAbstractButton* segment : m_group->buttons()) segment->setChecked(m_group->id(segment) == index);
    m_group->setExclusive(true);
}

bool SegmentedChoice::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip || !isEnabled()) return QFrame::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    for (QAbstractButton* segment : m_group->buttons())
        if (segment->geometry().contains(help->pos()))
            QToolTip::showText(help->globalPos(), m_tips.value(m_group->id(segment)), this, segment->geometry());
    return true;
}

void SegmentedChoice::choose(int index) {
    if (index == m_current) return;
    m_current = index;
    Q_EMIT chosen(index);
}

}  // namespace zwei
