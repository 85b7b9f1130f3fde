// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/card_dock.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

#include "widgets/drawing/theme.h"
#include "widgets/glyphs.h"
#include "widgets/small_widgets.h"

namespace zwei {
namespace {

constexpr int kTool = 20;
constexpr int kPadding = 12;

}  // namespace

CardDock::CardDock(const QString& objectName, const QString& title, QWidget* content, QWidget* parent)
    : QDockWidget(title, parent) {
    setObjectName(objectName);
    setTitleBarWidget(makeTitleBar());
    auto* padded = new QWidget(this);
    auto* layout = new QVBoxLayout(padded);
    layout->setContentsMargins(kPadding, 0, kPadding, kPadding);
    layout->addWidget(content);
    setWidget(padded);
    applyTheme();
    connect(m_expand, &QToolButton::clicked, this, &CardDock::expandRequested);
    connect(m_close, &QToolButton::clicked, this, &QWidget::close);
    connect(this, &QDockWidget::topLevelChanged, m_expand, &QWidget::setHidden);
}

void CardDock::setExplanation(const QString& explanation) { m_explanation->setFullText(explanation); }

void CardDock::addTool(QWidget* tool) {
    tool->setMaximumHeight(kTool);
    m_tools->addWidget(tool);
    tool->show();
}

void CardDock::setExpanded(bool expanded) {
    m_isExpanded = expanded;
    // Alone, there is nowhere to move it to.
    setFeatures(expanded ? DockWidgetClosable : DockWidgetClosable | DockWidgetMovable | DockWidgetFloatable);
    applyTheme();
}

void CardDock::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::current();
    QPainter painter(this);
    if (isFloating()) {
        painter.setPen(theme.line);
        painter.setBrush(theme.card);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(theme.line);
    painter.setBrush(theme.card);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), kCardRadius, kCardRadius);
}

void CardDock::changeEvent(QEvent* event) {
    QDockWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange) applyTheme();
}

QWidget* CardDock::makeTitleBar() {
    auto* bar = new QWidget(this);
    auto* title = new QLabel(windowTitle(), bar);
    title->setFont(Theme::font(12, QFont::DemiBold));
    connect(this, &QWidget::windowTitleChanged, title, &QLabel::setText);
    m_explanation = new ElidedLabel(bar);
    m_explanation->setFont(Theme::font(11));
    m_explanation->setProperty("role", QStringLiteral("muted"));
    m_tools = new QHBoxLayout;
    m_tools->setSpacing(4);
    m_expand = makeTool(tr("Enlarge"), {});
    m_expand->setObjectName(QStringLiteral("expand"));
    m_close = makeTool(tr("Close"), tr("Closes this card; the View menu brings it back."));

    auto* layout = new QHBoxLayout(bar);
    // A dock asks its title for its size hint alone: 36 high.
    layout->setContentsMargins(kPadding, 8, 8, 8);
    layout->setSpacing(8);
    layout->addWidget(title);
    layout->addWidget(m_explanation, 1);
    layout->addLayout(m_tools);
    auto* frameTools = new QHBoxLayout;
    frameTools->setSpacing(0);
    frameTools->addWidget(m_expand);
    frameTools->addWidget(m_close);
    layout->addLayout(frameTools);
    return bar;
}

QToolButton* CardDock::makeTool(const QString& name, const QString& tip) {
    auto* tool = new QToolButton(this);
    tool->setAccessibleName(name);
    tool->setToolTip(tip);
    tool->setIconSize(QSize(10, 10));
    tool->setFixedSize(kTool, kTool);
    tool->setFocusPolicy(Qt::TabFocus);
    return tool;
}

void CardDock::applyTheme() {
    const Theme& theme = Theme::current();
    if (!m_expand || !m_close) return;
    m_expand->setIcon(glyphIcon(m_isExpanded ? Glyph::Collapse : Glyph::Expand, theme.muted));
    m_expand->setToolTip(m_isExpanded ? tr("Brings the other cards back.") : tr("Lets this card fill the window."));
    m_close->setIcon(glyphIcon(Glyph::Close, theme.muted));
    update();
}

}  // namespace zwei
