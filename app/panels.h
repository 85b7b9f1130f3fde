// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>

class QMainWindow;

namespace zwei {

class BenchNoise;
class BenchPanel;
class CardDock;
class ClusterView;
class DecodedPanel;
class FiguresPanel;
class GridTools;
class LatentGridView;
class LossView;
class PropertiesPanel;
class ReconstructionTools;
class ReconstructionView;
class SettingsPanel;
class TrainingControls;

/// All that a person sees in the window, and the docks it is in. The widgets belong to the window.
struct Panels {
    explicit Panels(QMainWindow& window);

    /// The layout of the first start.
    void layOut(QMainWindow& window) const;

    /// Shares out the window's size among the docks of that layout: the sides keep theirs, the maps take what there is.
    void resize(QMainWindow& window) const;

    TrainingControls* bar;
    SettingsPanel* settings;
    LatentGridView* grid;
    GridTools* gridTools;
    ClusterView* clusters;
    DecodedPanel* decoded;
    ReconstructionView* reconstructions;
    ReconstructionTools* reconstructionTools;
    BenchPanel* bench;
    BenchNoise* benchNoise;
    LossView* loss;
    FiguresPanel* figures;
    PropertiesPanel* properties;

    CardDock* settingsDock;
    CardDock* gridDock;
    CardDock* clustersDock;
    CardDock* decodedDock;
    CardDock* reconstructionsDock;
    CardDock* benchDock;
    CardDock* lossDock;
    CardDock* figuresDock;
    CardDock* propertiesDock;
    QList<CardDock*> docks;
};

}  // namespace zwei
