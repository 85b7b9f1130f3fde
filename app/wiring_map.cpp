// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCoreApplication>
#include <algorithm>
#include <cmath>

#include "app/panels.h"
#include "app/session/session.h"
#include "app/wiring_parts.h"
#include "models/types/quantile.h"
#include "widgets/card_dock.h"
#include "widgets/cluster_view.h"
#include "widgets/decoded_panel.h"
#include "widgets/grid_tools.h"
#include "widgets/latent_grid_view.h"
#include "widgets/latent_sliders.h"

namespace zwei {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("Wiring", text); }

/// The finite ones of the values with `stride` between them, from `first`.
std::vector<float> finiteOf(const std::vector<float>& values, std::size_t first, std::size_t stride) {
    std::vector<float> line;
    for (std::size_t i = first; i < values.size(); i += stride)
        if (std::isfinite(values[i])) line.push_back(values[i]);
    return line;
}

/// The square that holds nearly all codes [n, 2], with a little room around.
LatentRect squareAround(const Codes& flat) {
    constexpr double kOutliers = 0.005;
    constexpr double kRoom = 1.1;
    constexpr double kLeast = 0.5;
    const auto across = finiteOf(flat.mu, 0, 2);
    const auto upwards = finiteOf(flat.mu, 1, 2);
    const double left = quantile(across, kOutliers), right = quantile(across, 1 - kOutliers);
    const double bottom = quantile(upwards, kOutliers), top = quantile(upwards, 1 - kOutliers);
    const double half = std::max(kLeast, kRoom * std::max(right - left, top - bottom) / 2);
    const double x = (left + right) / 2, y = (bottom + top) / 2;
    return {x - half, y - half, x + half, y + half};
}

/// Keeps the map's area around codes that have no prior to stay near, until the person takes another one.
class MapFit {
public:
    MapFit(LatentGridView* grid, GridTools* tools) : m_grid(grid), m_tools(tools) {}

    void setOn(bool on) {
        m_isOn = on;
        m_tools->setFitted(on);
        if (!on) return;
        m_fitted = {};
        if (m_codes) follow(m_codes);
    }
    void forget() { m_codes = nullptr; }

    /// Moves the area only where the codes have left it, or fill too little of it: while a model learns, a map that
    /// trembles shows nothing.
    void follow(const CodesPtr& flat) {
        m_codes = flat;
        if (!m_isOn || flat->count == 0) return;
        const auto wanted = squareAround(*flat);
        constexpr double kSlack = 0.12;
        const double off = std::max({std::abs(wanted.left - m_fitted.left), std::abs(wanted.right - m_fitted.right),
                                     std::abs(wanted.bottom - m_fitted.bottom), std::abs(wanted.top - m_fitted.top)});
        if (m_fitted.width() > 0 && off < kSlack * wanted.width() && m_grid->area() == m_fitted) return;
        m_fitted = wanted;
        m_grid->setArea(wanted);
        m_grid->setSpacing(GridSpacing::Even);
        m_tools->setFitted(true);
    }

    /// The person has zoomed or moved the map.
    void watch(const LatentRect& area) {
        if (m_isOn && m_fitted.width() > 0 && area != m_fitted) setOn(false);
    }

private:
    LatentGridView* m_grid;
    GridTools* m_tools;
    bool m_isOn = false;
    LatentRect m_fitted{};
    CodesPtr m_codes;
};

void connectArea(Session& session, Panels& panels) {
    auto* tools = panels.gridTools;
    auto* grid = panels.grid;
    const auto fit = std::make_shared<MapFit>(grid, tools);
    const auto showArea = [panels, fit] {
        fit->watch(panels.grid->area());
        panels.gridTools->setArea(panels.grid->area());
        panels.gridTools->setSide(panels.grid->side());
        panels.gridTools->setSpacing(panels.grid->spacing());
        if (panels.gridTools->isLinked()) panels.clusters->setArea(panels.grid->area());
    };
    const auto explain = [&session, panels] {
        const bool isMapped = hasCode(session.model().recipe);
        const auto request = panels.grid->request();
        panels.gridTools->setVisible(isMapped);
        panels.gridDock->setExplanation(isMapped ? tr("%1 × %2 decoded").arg(request.rows()).arg(request.side)
                                                 : QString());
    };
    QObject::connect(&session, &Session::modelReplaced, tools, explain);
    QObject::connect(grid, &LatentGridView::requestChanged, tools, explain);
    QObject::connect(grid, &LatentGridView::requestChanged, &session, &Session::setGrid);
    QObject::connect(grid, &LatentGridView::requestChanged, tools, showArea);
    QObject::connect(panels.clusters, &ClusterView::areaChanged, tools, [tools, grid](const LatentRect& area) {
        if (tools->isLinked()) grid->setArea(area);
    });
    QObject::connect(tools, &GridTools::sideChosen, grid, &LatentGridView::setSide);
    QObject::connect(tools, &GridTools::rangeChosen, grid, [grid, fit](double range) {
        fit->setOn(false);
        grid->setSpacing(GridSpacing::Even);
        grid->setArea({-range, -range, range, range});
    });
    QObject::connect(tools, &GridTools::fitChosen, grid, [fit] { fit->setOn(true); });
    QObject::connect(tools, &GridTools::quantilesChosen, grid, [grid, fit] {
        fit->setOn(false);
        grid->setSpacing(GridSpacing::GaussianQuantiles);
    });
    QObject::connect(tools, &GridTools::linkToggled, grid, showArea);
    QObject::connect(&session, &Session::modelReplaced, grid, [&session, grid, fit, wasFitted = false]() mutable {
        fit->forget();
        const bool isFitted = !hasPrior(session.model().recipe);
        fit->setOn(isFitted);
        if (wasFitted && !isFitted) grid->setArea({});
        wasFitted = isFitted;
    });
    QObject::connect(&session, &Session::codesReady, grid, [panels, fit](const MappedCodes& codes) {
        constexpr double kLeastLimit = 4;
        fit->follow(codes.flat);
        const auto mu = finiteOf(codes.codes->mu, 0, 1);
        const double far = std::max(-quantile(mu, 0.001), quantile(mu, 0.999));
        panels.decoded->sliders()->setRange(std::max(kLeastLimit, std::ceil(far)));
    });
    session.setGrid(grid->request());
    showArea();
    explain();
}

void connectAxes(Session& session, Panels& panels) {
    const auto show = [&session, panels] {
        const auto names = axisNames(session.axes());
        panels.gridTools->setAxes(session.axes());
        panels.grid->setAxisNames(names.x, names.y);
        panels.clusters->setAxisNames(names.x, names.y);
        const auto at = session.plane().project(session.cursor().position());
        panels.grid->setLatentCursor({at[0], at[1]});
        panels.clusters->setLatentCursor({at[0], at[1]});
    };
    QObject::connect(&session, &Session::planeChanged, panels.grid, show);
    QObject::connect(&session, &Session::modelReplaced, panels.gridTools, [&session, panels, show] {
        panels.gridTools->setDimensions(session.model().recipe.latentSize);
        show();
    });
    QObject::connect(panels.gridTools, &GridTools::axesChosen, &session, [&session, show](const MapAxes& axes) {
        session.setAxes(axes);
        show();
    });
}

}  // namespace

void connectMap(Session& session, Panels& panels) {
    auto& cursor = session.cursor();
    const auto show = [&session, panels](const std::vector<double>& z) {
        const auto at = session.plane().project(z);
        panels.grid->setLatentCursor({at[0], at[1]});
        panels.clusters->setLatentCursor({at[0], at[1]});
        panels.decoded->sliders()->setValues(z);
    };
    QObject::connect(&cursor, &LatentCursor::moved, panels.grid, show);
    show(cursor.position());
    QObject::connect(panels.decoded->sliders(), &LatentSliders::valuesEdited, &cursor, &LatentCursor::moveTo);
    const auto moveTo = [&session](QPointF at) { session.moveOnMap(at.x(), at.y()); };
    QObject::connect(panels.grid, &LatentGridView::cursorPicked, &cursor, moveTo);
    QObject::connect(panels.clusters, &ClusterView::cursorPicked, &cursor, moveTo);
    connectArea(session, panels);
    connectAxes(session, panels);
}

void connectLabels(Session& session, Panels& panels) {
    auto* tools = panels.gridTools;
    auto* grid = panels.grid;
    QObject::connect(tools, &GridTools::labelChosen, grid, [&session](int label) { session.setLabel(label); });
    QObject::connect(grid, &LatentGridView::labelPicked, grid, [&session](int label) { session.setLabel(label); });
    QObject::connect(&session, &Session::labelChanged, grid, [grid, tools](int label) {
        grid->setLabel(label);
        tools->setLabel(label);
    });
    QObject::connect(tools, &GridTools::rowALabelToggled, grid, &LatentGridView::setRowALabel);
    QObject::connect(&session, &Session::modelReplaced, grid, [&session, grid, tools] {
        const bool isConditional = takesLabels(session.model().recipe);
        grid->setConditional(isConditional);
        tools->setConditional(isConditional);
    });
}

}  // namespace zwei
