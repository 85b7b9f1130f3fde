// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

#include "models/types/image.h"

namespace zwei {

/// Images as a network learns from them or is measured on them.
struct Examples {
    torch::Tensor images;  ///< [N, 784] uint8
    torch::Tensor labels;  ///< [N] int64, undefined where they are of no use

    std::int64_t size() const { return images.size(0); }

    Examples slice(std::int64_t first, std::int64_t end) const {
        return {images.slice(0, first, end), labels.defined() ? labels.slice(0, first, end) : labels};
    }
    Examples select(const torch::Tensor& indices) const {
        return {images.index_select(0, indices), labels.defined() ? labels.index_select(0, indices) : labels};
    }
    Examples to(const torch::Device& device) const {
        return {images.to(device), labels.defined() ? labels.to(device) : labels};
    }

    /// [N, 784] in [0, 1]
    torch::Tensor pixels() const { return images.to(torch::kFloat32).div_(255); }
};

/// The labels come along where they are asked for; the tensors look into `images`, which must live on.
Examples examplesOf(const LabelledImages& images, bool withLabels);

}  // namespace zwei
