// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/grid_tools.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QToolButton>
#include <cmath>

#include "widgets/drawing/latent_plane.h"
#include "widgets/drawing/numerals.h"
#include "widgets/drawing/theme.h"

namespace zwei {
namespace {

QString rangeText(double range) { return QStringLiteral("±%1").arg(range, 0, 'g', 2); }

QString opening(const QString& text) { return text + QStringLiteral(" ▾"); }

/// As wide as its text: the style leaves room for an arrow of its own, and a title has none to spare.
class MenuButton final : public QToolButton {
public:
    explicit MenuButton(QWidget* parent) : QToolButton(parent) {
        setPopupMode(QToolButton::InstantPopup);
        setMenu(new QMenu(this));
    }

    QSize sizeHint() const override {
        constexpr int kPadding = 5;  // of the style sheet, with the border
        const int text = QFontMetrics(Theme::font(11)).horizontalAdvance(this->text());
        return {text + 2 * kPadding, QToolButton::sizeHint().height()};
    }
};

/// A person who gives one direction the other's dimension wants the two exchanged.
MapAxes withDimension(MapAxes axes, int MapAxes::*axis, int dimension) {
    int MapAxes::*const other = axis == &MapAxes::x ? &MapAxes::y : &MapAxes::x;
    if (axes.*other == dimension) axes.*other = axes.*axis;
    axes.*axis = dimension;
    axes.isPrincipal = false;
    return axes;
}

}  // namespace

GridTools::GridTools(QWidget* parent)
    : QWidget(parent),
      m_range(makeMenuButton(tr("Range"), tr("How much of the plane is shown."))),
      m_side(makeMenuButton(tr("Tiles"), tr("How many images are decoded along each side."))),
      m_link(new QToolButton(this)),
      m_label(makeMenuButton(tr("Digit"), tr("Which digit the model draws; or each of them, a row a digit."))),
      m_axesButton(makeMenuButton(tr("Axes"), tr("Which directions of the latent space the map shows."))) {
    fillRanges(*m_range->menu());
    fillSides(*m_side->menu());
    fillLabels(*m_label->menu());
    connect(m_axesButton->menu(), &QMenu::aboutToShow, this, [this] { fillAxes(*m_axesButton->menu()); });
    m_link->setText(tr("link"));
    m_link->setCheckable(true);
    m_link->setChecked(true);
    m_link->setToolTip(tr("While linked, grid and clusters always show the same part of the plane."));
    connect(m_link, &QToolButton::toggled, this, &GridTools::linkToggled);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    for (auto* button : {m_label, m_axesButton, m_range, m_side, m_link}) row->addWidget(button);
    showRange();
    setConditional(false);
    setLabel(0);
    setDimensions(2);
    setAxes({});
}

QToolButton* GridTools::makeMenuButton(const QString& name, const QString& tip) {
    auto* button = new MenuButton(this);
    button->setAccessibleName(name);
    button->setToolTip(tip);
    return button;
}

void GridTools::fillRanges(QMenu& menu) {
    for (int range = 1; range <= 6; ++range)
        menu.addAction(rangeText(range), this, [this, range] { Q_EMIT rangeChosen(range); });
    menu.addSeparator();
    menu.addAction(tr("fit"), this, &GridTools::fitChosen)->setToolTip(tr("The range that holds the codes."));
    menu.addAction(tr("Gaussian quantiles"), this, &GridTools::quantilesChosen);
    menu.setToolTipsVisible(true);
}

void GridTools::fillSides(QMenu& menu) {
    for (const int side : {10, 15, 20, 24, 30, 40})
        menu.addAction(tr("%1 × %1").arg(side), this, [this, side] { Q_EMIT sideChosen(side); });
}

void GridTools::fillLabels(QMenu& menu) {
    for (int label = 0; label < kClasses; ++label) {
        auto* action = menu.addAction(QString::number(label), this, [this, label] {
            setLabel(label);
            Q_EMIT labelChosen(label);
        });
        action->setCheckable(true);
    }
    menu.addSeparator();
    m_rowALabel = menu.addAction(tr("a row a digit"));
    m_rowALabel->setCheckable(true);
    connect(m_rowALabel, &QAction::triggered, this, &GridTools::rowALabelToggled);
}

/// Anew each time it opens: there may be hundreds of dimensions, and seldom does anybody look.
void GridTools::fillAxes(QMenu& menu) {
    qDeleteAll(menu.findChildren<QMenu*>(Qt::FindDirectChildrenOnly));
    menu.clear();
    auto* principal = menu.addAction(tr("principal components"), this, [this] {
        MapAxes axes = m_axes;
        axes.isPrincipal = true;
        choose(axes);
    });
    principal->setCheckable(true);
    principal->setChecked(m_axes.isPrincipal);
    menu.addSeparator();
    fillDimensions(*menu.addMenu(tr("to the right")), &MapAxes::x);
    fillDimensions(*menu.addMenu(tr("upwards")), &MapAxes::y);
}

void GridTools::fillDimensions(QMenu& menu, int MapAxes::*axis) {
    for (int dimension = 0; dimension < m_dimensions; ++dimension) {
        auto* action = menu.addAction(subscripted(QStringLiteral("z"), dimension + 1), this,
                                      [this, axis, dimension] { choose(withDimension(m_axes, axis, dimension)); });
        action->setCheckable(true);
        action->setChecked(!m_axes.isPrincipal && m_axes.*axis == dimension);
    }
}

void GridTools::choose(const MapAxes& axes) {
    setAxes(axes);
    Q_EMIT axesChosen(axes);
}

void GridTools::setSide(int side) { m_side->setText(opening(QString::number(side))); }

void GridTools::setArea(const LatentRect& area) {
    m_area = area;
    showRange();
}

void GridTools::setSpacing(GridSpacing spacing) {
    m_spacing = spacing;
    showRange();
}

void GridTools::setFitted(bool fitted) {
    m_isFitted = fitted;
    showRange();
}

void GridTools::showRange() {
    const bool isCentred = std::abs(m_area.left + m_area.right) < 1e-9 && std::abs(m_area.bottom + m_area.top) < 1e-9;
    const QString range = m_spacing == GridSpacing::GaussianQuantiles ? tr("quantiles")
                          : m_isFitted                                ? tr("fit")
                          : isCentred                                 ? rangeText(m_area.right)
                                                                      : tr("zoomed");
    m_range->setText(opening(range));
}

void GridTools::setConditional(bool conditional) { m_label->setVisible(conditional); }

void GridTools::setLabel(int label) {
    m_label->setText(opening(tr("digit %1").arg(label)));
    const auto actions = m_label->menu()->actions();
    for (int i = 0; i < kClasses; ++i) actions[i]->setChecked(i == label);
}

void GridTools::setRowALabel(bool hasRowALabel) { m_rowALabel->setChecked(hasRowALabel); }

void GridTools::setDimensions(int dimensions) {
    m_dimensions = dimensions;
    m_axesButton->setVisible(dimensions > 2);
}

void GridTools::setAxes(const MapAxes& axes) {
    m_axes = axes;
    const AxisNames names = axisNames(axes);
    m_axesButton->setText(opening(QStringLiteral("%1, %2").arg(names.x, names.y)));
}

void GridTools::setLinked(bool linked) {
    const QSignalBlocker blocker(m_link);
    m_link->setChecked(linked);
}

bool GridTools::isLinked() const { return m_link->isChecked(); }

}  // namespace zwei
