// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/io/safetensors.h"
#include "tests/fuzz/reader.h"

/// What was read comes back the same from a file of its own.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace zwei;
    const auto bytes = fuzz::bytesOf(data, size);
    fuzz::readWithin(64, 1 << 14, size, [&] {
        const auto content = parseSafetensors(bytes);
        if (!content) return;
        const auto again = parseSafetensors(serialiseSafetensors(*content));
        fuzz::require(again.has_value(), "A file of what was read can't be read.");
        fuzz::require(again->metadata == content->metadata, "The metadata comes back otherwise.");
        for (const auto& [name, tensor] : content->tensors) {
            const auto found = again->tensors.find(name);
            fuzz::require(found != again->tensors.end() && found->second.shape == tensor.shape &&
                              found->second.bytes == tensor.bytes,
                          "A tensor comes back otherwise.");
            if (const auto values = floatsOf(tensor))
                fuzz::require(values->size() * (tensor.type == "F32" ? 4 : 2) == tensor.bytes.size(),
                              "Values are lost.");
        }
    });
    return 0;
}
