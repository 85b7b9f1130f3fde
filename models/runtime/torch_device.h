// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

#include "models/runtime/device.h"
#include "models/runtime/fused_kernels.h"

namespace zwei {

/// LibTorch's own word for a resolved device.
inline torch::Device torchDevice(Device device) { return {device == Device::Cuda ? torch::kCUDA : torch::kCPU}; }

/// Can our own kernels work on this tensor, and should they?
inline bool fuses(const torch::Tensor& tensor) {
    return usesFusedKernels() && tensor.is_cpu() && tensor.scalar_type() == torch::kFloat32;
}

/// For the backward pass of a fused operation, whose gradient is no function of what it was computed from.
inline void refuseSecondDerivative() {
    TORCH_CHECK(!torch::GradMode::is_enabled(), "A fused operation cannot be differentiated twice.");
}

}  // namespace zwei
