// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace zwei {

/// While it lives, a number too small for a normal float counts as 0 in this thread and in those that share its loops.
/// Adam's moments and gradients get that small at pixels that are seldom inked, and then some processors, Intel's among
/// them, take some hundred cycles for each sum with them: without this, the third epoch of MNIST takes half as long
/// again as the first.
class FlushedDenormals {
public:
    FlushedDenormals();
    ~FlushedDenormals();
    FlushedDenormals(const FlushedDenormals&) = delete;
    FlushedDenormals& operator=(const FlushedDenormals&) = delete;
};

}  // namespace zwei
