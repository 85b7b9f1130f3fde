// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/grid_tools.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QToolButton>
#include <cmath>

#include "widgets/drawing/theme.h"

namespace zwei {
namespace {

QString rangeText(double range) { return QStringLiteral("±%1").arg(range, 0, 'g', 2); }

}  // namespace

GridTools::GridTools(QWidget* parent)
    : QWidget(parent),
      m_range(makeMenuButton(tr("Range"), tr("How much of the plane is shown."))),
      m_side(makeMenuButton(tr("Tiles"), tr("How many images are decoded along each side."))),
      m_link(new QToolButton(this)) {
    fillRanges(*m_range->menu());
    fillSides(*m_side->menu());
    m_link->setText(tr("link"));
    m_link->setCheckable(true);
    m_link->setChecked(true);
    m_link->setToolTip(tr("While linked, grid and clusters always show the same part of the plane."));
    connect(m_link, &QToolButton::toggled, this, &GridTools::linkToggled);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpace);
    for (auto* button : {m_range, m_side, m_link}) row->addWidget(button);
}

QToolButton* GridTools::makeMenuButton(const QString& name, const QString& tip) {
    auto* button = new QToolButton(this);
    button->setAccessibleName(name);
    button->setToolTip(tip);
    button->setPopupMode(QToolButton::InstantPopup);
    button->setMenu(new QMenu(button));
    return button;
}

void GridTools::fillRanges(QMenu& menu) {
    for (int range = 1; range <= 6; ++range)
        menu.addAction(rangeText(range), this, [this, range] { Q_EMIT rangeChosen(range); });
    menu.addSeparator();
    menu.addAction(tr("Gaussian quantiles"), this, &GridTools::quantilesChosen);
}

void GridTools::fillSides(QMenu& menu) {
    for (const int side : {10, 15, 20, 24, 30, 40})
        menu.addAction(tr("%1 × %1").arg(side), this, [this, side] { Q_EMIT sideChosen(side); });
}

void GridTools::setSide(int side) { m_side->setText(QStringLiteral("%1 ▾").arg(side)); }

void GridTools::setArea(const LatentRect& area) {
    const bool isCentred = std::abs(area.left + area.right) < 1e-9 && std::abs(area.bottom + area.top) < 1e-9;
    m_range->setText((isCentred ? rangeText(area.right) : tr("zoomed")) + QStringLiteral(" ▾"));
}

void GridTools::setSpacing(GridSpacing spacing) {
    if (spacing == GridSpacing::GaussianQuantiles) m_range->setText(tr("quantiles") + QStringLiteral(" ▾"));
}

void GridTools::setLinked(bool linked) {
    const QSignalBlocker blocker(m_link);
    m_link->setChecked(linked);
}

bool GridTools::isLinked() const { return m_link->isChecked(); }

}  // namespace zwei
