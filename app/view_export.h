// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QObject>
#include <QString>

class QFileDialog;
class QMenu;

namespace zwei {

class CardDock;

/// What a card shows as a picture in a file: PNG at a scale of one's choice, or SVG or PDF, in which curves, points and
/// text stay vectors. In the menu that it fills, and in that of each card's title.
class ViewExport : public QObject {
    Q_OBJECT

public:
    /// The docks must outlive this.
    explicit ViewExport(const QList<CardDock*>& docks, QObject* parent = nullptr);

    void fillMenu(QMenu& menu);

    int scale() const { return m_scale; }
    void setScale(int scale);

    /// Asks where to; the picture is taken when the person has answered.
    QFileDialog* saveAs(CardDock& dock);
    /// By the file's ending; ends with `done` or `failed`.
    void save(CardDock& dock, const QString& file);

Q_SIGNALS:
    void done(const QString& sentence);
    void failed(const QString& sentence);

private:
    QList<CardDock*> m_docks;
    int m_scale;  ///< device pixels of a PNG for each of the view's
};

}  // namespace zwei
