// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/event_work.h"

#include <QCoreApplication>
#include <QEvent>
#include <utility>

namespace zwei {
namespace {

constexpr int kAfterPainting = Qt::LowEventPriority - 1;

}  // namespace

EventWork::EventWork(std::shared_ptr<SharedProcessors> processors)
    : m_use(std::move(processors), ProcessorUse::By::Other) {
    if (auto* application = QCoreApplication::instance()) application->installEventFilter(this);
}

bool EventWork::eventFilter(QObject* watched, QEvent* event) {
    if (watched != this && !std::exchange(m_works, true)) {
        m_use.setWorking(true);
        QCoreApplication::postEvent(this, new QEvent(QEvent::User), kAfterPainting);
    }
    return QObject::eventFilter(watched, event);
}

void EventWork::customEvent(QEvent*) {
    m_works = false;
    m_use.setWorking(false);
}

}  // namespace zwei
