// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/runtime/fused_kernels.h"

#include <atomic>
#include <cstdlib>
#include <string_view>

namespace zwei {
namespace {

std::atomic<bool>& choice() {
    static std::atomic<bool> fused = [] {
        const char* asked = std::getenv("ZWEI_KERNELS");
        return !asked || std::string_view(asked) != "plain";
    }();
    return fused;
}

}  // namespace

bool usesFusedKernels() { return choice(); }

void setFusedKernels(bool fused) { choice() = fused; }

}  // namespace zwei
