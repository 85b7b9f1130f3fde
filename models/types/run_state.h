// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace zwei {

/// What the training is doing, as a person sees it.
enum class RunState { Idle, Running, Paused };

}  // namespace zwei
