// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace zwei {

class ImageBench;
class ImageIntake;
struct Panels;
class Session;

/// Connects the bench for images to its panel, to what comes in from outside, and to the model, data and cursor of the
/// session. All of them must outlive the connections.
void connectBench(Session& session, ImageBench& bench, ImageIntake& intake, Panels& panels);

}  // namespace zwei
