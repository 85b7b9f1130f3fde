// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/data/dataset.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <system_error>

#include "models/data/idx.h"
#include "models/data/procedural_digits.h"

namespace zwei {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kEmbeddedSeed = 2;

bool isFile(const fs::path& path) {
    std::error_code error;
    return fs::is_regular_file(path, error);
}

/// `part` is `train` or `t10k`, `kind` is `images-idx3` or `labels-idx1`.
std::optional<fs::path> findIdx(const fs::path& folder, const std::string& part, const std::string& kind) {
    // Both spellings are about: train-images-idx3-ubyte and, unpacked by some tools, train-images.idx3-ubyte.
    auto dotted = kind;
    std::replace(dotted.begin(), dotted.end(), '-', '.');
    for (const auto& stem : {part + "-" + kind + "-ubyte", part + "-" + dotted + "-ubyte"})
        for (const auto* ending : {"", ".gz"})
            if (auto path = folder / (stem + ending); isFile(path)) return path;
    return std::nullopt;
}

/// Labels alone count too: a set whose images are missing is found, and says so when it is loaded.
bool hasPart(const fs::path& folder, const std::string& part) {
    return findIdx(folder, part, "images-idx3") || findIdx(folder, part, "labels-idx1");
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

/// Images and, where there is a label file, labels of one part.
Result<LabelledImages> loadPart(const fs::path& folder, const std::string& part) {
    const auto imageFile = findIdx(folder, part, "images-idx3");
    if (!imageFile) return failure((folder / (part + "-images-idx3-ubyte.gz")).string() + ": there is no such file.");
    auto images = readIdxImages(*imageFile);
    if (!images) return failure(images.error());
    if (images->height != kImageSide || images->width != kImageSide)
        return failure(imageFile->string() + ": the images are " + std::to_string(images->height) + " x " +
                       std::to_string(images->width) + " pixels, and Zwei works with 28 x 28.");

    LabelledImages loaded{std::move(*images), {}};
    if (const auto labelFile = findIdx(folder, part, "labels-idx1")) {
        auto labels = readIdxLabels(*labelFile);
        if (!labels) return failure(labels.error());
        if (labels->size() != static_cast<std::size_t>(loaded.images.count))
            return failure(labelFile->string() + ": there are " + std::to_string(labels->size()) + " labels for " +
                           std::to_string(loaded.images.count) + " images.");
        loaded.labels = std::move(*labels);
    }
    return loaded;
}

Result<DatasetPtr> loadFrom(const std::string& name, const fs::path& folder) {
    auto loaded = std::make_shared<Dataset>();
    loaded->name = name;
    if (hasPart(folder, "train")) {
        auto train = loadPart(folder, "train");
        if (!train) return failure(train.error());
        loaded->train = std::move(*train);
    }
    auto test = loadPart(folder, "t10k");
    if (!test) return failure(test.error());
    loaded->test = std::move(*test);
    return loaded;
}

DatasetPtr makeEmbedded() {
    auto all = proceduralDigits(kTrainImages + kTestImages, kEmbeddedSeed);
    auto made = std::make_shared<Dataset>();
    made->name = kEmbeddedDataset;
    const auto cut = [&all](LabelledImages& part, int first, int count) {
        const auto size = static_cast<std::ptrdiff_t>(all.images.imageSize());
        const auto pixels = all.images.pixels.begin() + first * size;
        part.images.count = count;
        part.images.pixels.assign(pixels, pixels + count * size);
        part.labels.assign(all.labels.begin() + first, all.labels.begin() + first + count);
    };
    cut(made->train, 0, kTrainImages);
    cut(made->test, kTrainImages, kTestImages);
    return made;
}

/// The folders below `folder` that may hold one data set: its children, and their `raw` as torchvision lays them out.
std::vector<std::pair<std::string, fs::path>> candidates(const fs::path& folder) {
    std::vector<std::pair<std::string, fs::path>> found;
    std::error_code error;
    for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::directory_iterator();
         entry.increment(error)) {
        const auto name = lower(entry->path().filename().string());
        found.emplace_back(name, entry->path());
        found.emplace_back(name, entry->path() / "raw");
    }
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace

std::uint32_t fingerprintOf(const Dataset& dataset) {
    uLong sum = ::crc32(0, nullptr, 0);
    const auto add = [&sum](const std::vector<std::uint8_t>& bytes) {
        const std::array<std::size_t, 1> size{bytes.size()};
        sum = ::crc32_z(sum, reinterpret_cast<const Bytef*>(size.data()), sizeof size);
        if (!bytes.empty()) sum = ::crc32_z(sum, bytes.data(), bytes.size());  // of none, zlib starts anew
    };
    for (const auto* part : {&dataset.train, &dataset.test}) {
        add(part->images.pixels);
        add(part->labels);
    }
    return static_cast<std::uint32_t>(sum);
}

std::vector<fs::path> dataFolders(const std::optional<fs::path>& dataDir) {
    std::vector<fs::path> folders;
    if (dataDir) folders.push_back(*dataDir);
    if (const char* named = std::getenv("ZWEI_DATA_DIR"); named && *named) folders.emplace_back(named);
    if (const char* xdg = std::getenv("XDG_DATA_HOME"); xdg && *xdg)
        folders.push_back(fs::path(xdg) / "zwei");
    else if (const char* home = std::getenv("HOME"); home && *home)
        folders.push_back(fs::path(home) / ".local" / "share" / "zwei");
    return folders;
}

fs::path folderForNewDatasets(const std::vector<fs::path>& folders) {
    if (folders.empty()) return {};
    const char* named = std::getenv("ZWEI_DATA_DIR");
    const bool isGiven = folders.size() > 1 && named && folders[1] == named;  // by --data-dir, which may be the same
    return named && folders.front() == named && !isGiven ? folders.back() : folders.front();
}

std::vector<DatasetLocation> findDatasets(const std::vector<fs::path>& folders) {
    std::vector<DatasetLocation> found;
    for (const auto& folder : folders)
        for (const auto& [name, path] : candidates(folder)) {
            if (name == kEmbeddedDataset || !(hasPart(path, "t10k") || hasPart(path, "train"))) continue;
            const bool hasTest = findIdx(path, "t10k", "images-idx3").has_value();
            const DatasetLocation here{name, path, hasTest && findIdx(path, "train", "images-idx3"), hasTest};
            const auto known = std::find_if(found.begin(), found.end(),
                                            [&here](const auto& location) { return location.name == here.name; });
            if (known == found.end())
                found.push_back(here);
            else if (here.hasTrain > known->hasTrain || here.hasTest > known->hasTest)
                *known = here;
        }
    found.push_back({std::string(kEmbeddedDataset), {}});
    return found;
}

Result<DatasetPtr> loadDataset(const std::string& name, const std::vector<fs::path>& folders) {
    if (name == kEmbeddedDataset) return makeEmbedded();
    for (const auto& location : findDatasets(folders))
        if (location.name == lower(name)) return loadFrom(location.name, location.folder);

    std::string searched;
    for (const auto& folder : folders) searched += (searched.empty() ? "" : ", ") + folder.string();
    return failure("There is no data set called " + name + " in " + (searched.empty() ? "any folder" : searched) +
                   "; put its IDX files into a folder of that name there, or use " + std::string(kEmbeddedDataset) +
                   ", which needs none.");
}

}  // namespace zwei
