// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace zwei {

/// One tensor of a network inside the flat buffer of `Weights`.
struct TensorEntry {
    std::string name;                 ///< the module's name, such as `encoder.0.weight`
    std::vector<std::int64_t> shape;  ///< row-major
    std::size_t offset = 0;           ///< of its first value in `Weights::values`

    std::size_t size() const {
        std::size_t n = 1;
        for (const auto extent : shape) n *= static_cast<std::size_t>(extent);
        return n;
    }

    bool operator==(const TensorEntry&) const = default;
};

/// All parameters of a network at one step: immutable once shared, so that it crosses threads freely.
struct Weights {
    std::vector<TensorEntry> tensors;
    std::vector<float> values;
    std::int64_t step = 0;  ///< batches trained so far
};

using WeightsPtr = std::shared_ptr<const Weights>;

}  // namespace zwei
