// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/runtime/device.h"

#include <torch/torch.h>

namespace zwei {

std::optional<Device> deviceNamed(std::string_view name) {
    if (name == "auto") return Device::Auto;
    if (name == "cpu") return Device::Cpu;
    if (name == "cuda") return Device::Cuda;
    return std::nullopt;
}

Result<Device> resolveDevice(Device wanted) {
    const bool hasCuda = torch::cuda::is_available();
    if (wanted == Device::Cuda && !hasCuda) return failure("There is no CUDA device that this LibTorch can use.");
    if (wanted == Device::Auto) return hasCuda ? Device::Cuda : Device::Cpu;
    return wanted;
}

std::string deviceName(Device device) { return device == Device::Cuda ? "CUDA" : "CPU"; }

}  // namespace zwei
