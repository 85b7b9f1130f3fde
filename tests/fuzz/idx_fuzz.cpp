// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/data/idx.h"
#include "tests/fuzz/in_memory_file.h"
#include "tests/fuzz/reader.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace zwei;
    const fuzz::InMemoryFile file(data, size);
    // What is compressed may grow a hundredfold, or to 4 MiB; a vector that grows is there twice.
    fuzz::readWithin(300, 16 << 20, size, [&] {
        if (const auto images = readIdxImages(file.path()))
            fuzz::require(
                images->count > 0 && images->pixels.size() == images->imageSize() * std::size_t(images->count),
                "Pixels are missing.");
        if (const auto labels = readIdxLabels(file.path()))
            for (const auto label : *labels) fuzz::require(label < kClasses, "A label is out of range.");
    });
    return 0;
}
