// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace zwei {

class ModelFiles;
struct Panels;
class Session;

/// Connects the session's signals to the views and the views' wishes to the session: neither knows the other. Both
/// must outlive the connections, as they do where one window owns them.
void connectPanels(Session& session, ModelFiles& files, Panels& panels);

}  // namespace zwei
