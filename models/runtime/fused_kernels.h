// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace zwei {

/// Are dense layers, activations, the cross-entropy and Adam computed by our own kernels, which take each step in one
/// pass over the memory, rather than by LibTorch's? Only ever on a CPU. Yes, unless the environment has
/// ZWEI_KERNELS=plain. (For its other values see `kernels::instructionSet`.)
bool usesFusedKernels();

/// For tests and measurements; from the next call on, in all threads.
void setFusedKernels(bool fused);

}  // namespace zwei
