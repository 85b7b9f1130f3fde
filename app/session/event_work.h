// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include "models/types/shared_processors.h"

namespace zwei {

/// Counts the GUI thread as working from the first event that it handles to the last of those, painting included, that
/// this one led to. (QAbstractEventDispatcher's `awake` comes when they have been handled, where the loop is GLib's.)
class EventWork final : public QObject {
public:
    explicit EventWork(std::shared_ptr<SharedProcessors> processors);

    bool eventFilter(QObject* watched, QEvent* event) override;

protected:
    void customEvent(QEvent* event) override;

private:
    ProcessorUse m_use;
    bool m_works = false;
};

}  // namespace zwei
