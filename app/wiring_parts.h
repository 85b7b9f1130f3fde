// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace zwei {

struct Panels;
class Session;

// What `connectPanels` is made of.

/// The cursor, and what of the latent space the maps show.
void connectMap(Session& session, Panels& panels);
/// The class that a conditional model draws.
void connectLabels(Session& session, Panels& panels);
/// Grid, clusters, decoded point, reconstructions and dreams, and picking an image in one of them.
void connectViews(Session& session, Panels& panels);
/// Figures and properties: what is measured when somebody asks.
void connectMeasuring(Session& session, Panels& panels);

}  // namespace zwei
