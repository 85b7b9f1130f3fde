// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/eval/comparison.h"

#include <cstdlib>
#include <utility>

#include "models/eval/image_quality.h"

namespace zwei {

ReconstructionSnapshot compareImages(ImageBatch clean, ImageBatch outputs, std::vector<int> indices) {
    ReconstructionSnapshot compared;
    compared.differences = clean;
    for (std::size_t i = 0; i < clean.pixels.size(); ++i)
        compared.differences.pixels[i] = static_cast<std::uint8_t>(std::abs(clean.pixels[i] - outputs.pixels[i]));
    if (clean.count > 0) compared.psnr = meanPsnr(outputs, clean);
    compared.inputs = std::move(clean);
    compared.outputs = std::move(outputs);
    compared.indices = std::move(indices);
    return compared;
}

ReconstructionSnapshot compareRestored(ImageBatch clean, ImageBatch inputs, ImageBatch outputs,
                                       std::vector<int> indices) {
    auto compared = compareImages(std::move(clean), std::move(outputs), std::move(indices));
    compared.originals = std::exchange(compared.inputs, std::move(inputs));
    if (compared.inputs.count > 0) compared.inputPsnr = meanPsnr(compared.inputs, compared.originals);
    return compared;
}

}  // namespace zwei
