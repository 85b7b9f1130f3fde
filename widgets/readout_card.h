// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>
#include <vector>

namespace zwei {

/// A small table over a plot: a title, column heads, and rows of a name and right-aligned values. It never takes the
/// mouse.
class ReadoutCard : public QWidget {
    Q_OBJECT

public:
    explicit ReadoutCard(QWidget* parent);

    /// Each row is a name and one value a column; `heads` names the columns.
    void setTable(const QString& title, const QStringList& heads, const std::vector<QStringList>& rows);

    /// Shows itself beside `x`, on the side that has room in the parent.
    void showBeside(int x);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_title;
    QStringList m_heads;
    std::vector<QStringList> m_rows;
    int m_nameWidth = 0;
    int m_valueWidth = 0;
};

}  // namespace zwei
