// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QObject>
#include <QSize>

class QMainWindow;

namespace zwei {

class CardDock;

/// One card alone in the window, for a projector, and back to where all were. A card that floats has a window of its
/// own already.
class CardExpansion : public QObject {
    Q_OBJECT

public:
    /// The docks belong to `window`, which must outlive this.
    CardExpansion(QMainWindow& window, const QList<CardDock*>& docks);

    bool isOn() const { return m_card; }
    void toggle(CardDock& card);
    /// Brings the other cards back; what was shown meanwhile stays.
    void end();

Q_SIGNALS:
    void ended();

protected:
    /// A card that is closed while it is alone would leave an empty window.
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void begin(CardDock& card);

    struct Place {
        CardDock* card;
        QSize size;
        bool isInFront;  ///< of the cards that share its place
    };

    QMainWindow& m_window;
    QList<CardDock*> m_docks;
    CardDock* m_card = nullptr;
    QList<Place> m_places;  ///< of the cards that were not closed
};

}  // namespace zwei
