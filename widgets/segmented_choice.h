// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QStringList>

class QButtonGroup;
class QHBoxLayout;

namespace zwei {

/// A few choices side by side, one of which holds. Tab reaches the one that holds, the arrow keys choose another.
class SegmentedChoice : public QFrame {
    Q_OBJECT

public:
    explicit SegmentedChoice(QWidget* parent = nullptr);

    /// One segment a title; `tips` may be shorter. While the choice is disabled its own tooltip stands for theirs.
    void setOptions(const QStringList& titles, const QStringList& tips = {});

    int current() const;
    /// Emits nothing. -1 leaves none chosen.
    void setCurrent(int index);

Q_SIGNALS:
    /// By a person, and another one than before.
    void chosen(int index);

protected:
    bool event(QEvent* event) override;

private:
    void choose(int index);

    QHBoxLayout* m_row;
    QButtonGroup* m_group;
    QStringList m_tips;
    int m_current = -1;
};

}  // namespace zwei
