// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDockWidget>

class QHBoxLayout;
class QToolButton;

namespace zwei {

class ElidedLabel;

/// A dock that looks like a card: its title with an explanation beside it, its own small tools at the right end, then
/// a way to enlarge and one to close it. Dragging the title moves it as any dock.
class CardDock : public QDockWidget {
    Q_OBJECT

public:
    /// Takes `content`, which needs no margins of its own.
    CardDock(const QString& objectName, const QString& title, QWidget* content, QWidget* parent = nullptr);

    void setExplanation(const QString& explanation);
    /// Takes `tool` to the right of those before it.
    void addTool(QWidget* tool);
    /// What the enlarging tool shows and offers, and whether the card can be moved; emits nothing.
    void setExpanded(bool expanded);

Q_SIGNALS:
    void expandRequested();

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeTitleBar();
    QToolButton* makeTool(const QString& name, const QString& tip);
    void applyTheme();

    QHBoxLayout* m_tools = nullptr;
    ElidedLabel* m_explanation = nullptr;
    QToolButton* m_expand = nullptr;
    QToolButton* m_close = nullptr;
    bool m_isExpanded = false;
};

}  // namespace zwei
