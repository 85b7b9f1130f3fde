// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "models/data/dataset.h"
#include "models/io/model_file.h"
#include "models/io/named_bytes.h"
#include "models/types/result.h"
#include "models/types/snapshot.h"

namespace zwei {

/// A folder for Python: the model file, and the program `model.py`, which rebuilds its network in PyTorch.
std::vector<NamedBytes> torchFolder(const std::vector<std::uint8_t>& modelFile);

/// All weights by their names as an .npz, and the codes of test images as `test_mu`, `test_log_var` (of distributions)
/// and `test_labels` (where there are any); `codes` may be null.
[[nodiscard]] Result<std::vector<std::uint8_t>> npzOf(const Weights& weights, const Codes* codes,
                                                      const std::vector<std::uint8_t>& labels);

/// More thumbnails do not fit into a sprite of 8192 x 8192 pixels, the most that a browser's graphics take everywhere.
inline constexpr int kMostProjected = (8192 / kImageSide) * (8192 / kImageSide);

/// What the Embedding Projector of TensorBoard opens
/// (https://www.tensorflow.org/tensorboard/tensorboard_projector_plugin): the means of the first `kMostProjected` codes
/// at most, labels (by the names of the classes, where they have any) and numbers of their images, and the images
/// themselves in one square sprite, row by row. `title` names the tensor.
std::vector<NamedBytes> projectorFolder(const std::string& title, const Codes& codes, const LabelledImages& images,
                                        const std::vector<std::string>& classNames);

}  // namespace zwei
