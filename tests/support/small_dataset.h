// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "models/data/dataset.h"
#include "models/data/procedural_digits.h"
#include "models/types/recipe.h"

namespace zwei::test {

/// Procedural digits as a data set of any size.
inline DatasetPtr smallDataset(int train, int test, const std::string& name = "small") {
    auto made = std::make_shared<Dataset>();
    made->name = name;
    made->train = proceduralDigits(train, 11);
    made->test = proceduralDigits(test, 12);
    return made;
}

inline void writeBytes(const std::filesystem::path& file, const std::vector<std::uint8_t>& bytes) {
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

inline void appendWord(std::vector<std::uint8_t>& bytes, std::uint32_t word) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(word >> shift));
}

/// The bytes of an IDX file of images, whose header may promise what is not there.
inline std::vector<std::uint8_t> idxImages(const ImageBatch& images, std::uint32_t promised) {
    std::vector<std::uint8_t> bytes;
    for (const std::uint32_t word :
         {0x803u, promised, static_cast<std::uint32_t>(images.height), static_cast<std::uint32_t>(images.width)})
        appendWord(bytes, word);
    bytes.insert(bytes.end(), images.pixels.begin(), images.pixels.end());
    return bytes;
}

inline std::vector<std::uint8_t> idxLabels(const std::vector<std::uint8_t>& labels) {
    std::vector<std::uint8_t> bytes;
    appendWord(bytes, 0x801);
    appendWord(bytes, static_cast<std::uint32_t>(labels.size()));
    bytes.insert(bytes.end(), labels.begin(), labels.end());
    return bytes;
}

/// Writes a data set as four IDX files into `folder`, which is made.
inline void writeDataset(const std::filesystem::path& folder, const Dataset& data) {
    std::filesystem::create_directories(folder);
    const auto write = [&folder](const std::string& part, const LabelledImages& set) {
        writeBytes(folder / (part + "-images-idx3-ubyte"),
                   idxImages(set.images, static_cast<std::uint32_t>(set.images.count)));
        writeBytes(folder / (part + "-labels-idx1-ubyte"), idxLabels(set.labels));
    };
    write("train", data.train);
    write("t10k", data.test);
}

/// A small network that learns fast.
inline Recipe smallRecipe() {
    Recipe recipe;
    recipe.hidden = {64, 32};
    recipe.batch = 100;
    recipe.epochs = 2;
    return recipe;
}

}  // namespace zwei::test
