// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "models/types/result.h"

namespace zwei {

/// Where tensors live. `Auto` is CUDA where this LibTorch has it, else the processor.
enum class Device { Auto, Cpu, Cuda };

/// `auto`, `cpu` or `cuda`.
std::optional<Device> deviceNamed(std::string_view name);

/// `Cpu` or `Cuda`, never `Auto`; fails where CUDA is asked for and this LibTorch or this machine has none.
[[nodiscard]] Result<Device> resolveDevice(Device wanted);

/// What a resolved device is called on screen.
std::string deviceName(Device device);

}  // namespace zwei
