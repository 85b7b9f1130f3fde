// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

#include "models/runtime/device.h"

namespace zwei {

/// LibTorch's own word for a resolved device.
inline torch::Device torchDevice(Device device) { return {device == Device::Cuda ? torch::kCUDA : torch::kCPU}; }

}  // namespace zwei
