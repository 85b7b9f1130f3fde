// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/card_expansion.h"

#include <QEvent>
#include <QLayout>
#include <QMainWindow>
#include <utility>

#include "widgets/card_dock.h"

namespace zwei {

CardExpansion::CardExpansion(QMainWindow& window, const QList<CardDock*>& docks) : m_window(window), m_docks(docks) {
    for (auto* dock : docks) {
        connect(dock, &CardDock::expandRequested, this, [this, dock] { toggle(*dock); });
        dock->installEventFilter(this);
    }
}

void CardExpansion::toggle(CardDock& card) {
    if (m_card) return end();
    if (!card.isFloating()) begin(card);
}

void CardExpansion::begin(CardDock& card) {
    m_places.clear();
    for (auto* dock : m_docks)
        if (!dock->isHidden()) m_places.append({dock, dock->size(), !dock->visibleRegion().isEmpty()});
    m_card = &card;
    card.setExpanded(true);
    for (auto* dock : m_docks) dock->setVisible(dock == &card);
}

/// Not by QMainWindow::restoreState: in a window that is shown it walks through the set of its tab bars while showing
/// them may change that set, and crashes now and then (Qt 6.4).
void CardExpansion::end() {
    if (!m_card) return;
    std::exchange(m_card, nullptr)->setExpanded(false);
    for (const auto& place : m_places) place.card->show();
    m_window.layout()->activate();  // the tabs are there from here on
    QList<QDockWidget*> docks;
    QList<int> widths, heights;
    for (const auto& [card, size, isInFront] : m_places) {
        if (!isInFront || card->isFloating()) continue;
        card->raise();
        docks += card;
        widths += size.width();
        heights += size.height();
    }
    m_window.resizeDocks(docks, widths, Qt::Horizontal);
    m_window.resizeDocks(docks, heights, Qt::Vertical);
    Q_EMIT ended();
}

bool CardExpansion::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Close && watched == m_card) end();
    return QObject::eventFilter(watched, event);
}

}  // namespace zwei
