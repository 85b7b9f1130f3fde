// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "models/io/model_file.h"
#include "models/nn/recipe_check.h"
#include "tests/fuzz/reader.h"

/// A model that is read can be built and shown: its recipe has no fault, its weights fill their places and are finite.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace zwei;
    const auto bytes = fuzz::bytesOf(data, size);
    fuzz::readWithin(64, 1 << 15, size, [&] {
        const auto model = parseModel(bytes, "file");
        if (!model) return fuzz::require(model.error().find('\n') == std::string::npos, "A sentence has two lines.");
        fuzz::require(!recipeFault(model->recipe), "A recipe with a fault was read.");
        std::size_t end = 0;
        for (const auto& entry : model->weights->tensors) {
            fuzz::require(entry.offset == end, "The weights have holes.");
            end += entry.size();
        }
        fuzz::require(end == model->weights->values.size(), "The weights are not as many as their shapes say.");
        for (const float value : model->weights->values) fuzz::require(std::isfinite(value), "A weight is not finite.");
        for (const char c : model->dataset)
            fuzz::require(static_cast<unsigned char>(c) >= 0x20, "A name holds what would break a line.");
        if (!model->testCodes) return;
        const auto& codes = *model->testCodes;
        fuzz::require(codes.mu.size() == std::size_t(codes.count) * std::size_t(codes.dimensions),
                      "Codes are missing.");
        for (const float value : codes.mu) fuzz::require(std::isfinite(value), "A code is not finite.");
        fuzz::require(model->testLabels.empty() || model->testLabels.size() == std::size_t(codes.count),
                      "Labels are missing.");
    });
    return 0;
}
