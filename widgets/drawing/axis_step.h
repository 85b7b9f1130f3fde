// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace zwei {

/// 1, 2 or 5 times a power of ten, so that `count` such steps or fewer cover `range`; 1 where that is nothing to cover.
double niceStep(double range, int count);

/// As many decimals, 6 at most, as tell `step` from none.
int decimalsFor(double step);

}  // namespace zwei
