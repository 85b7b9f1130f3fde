// SPDX-License-Identifier: GPL-3.0-or-later
//
// How fast the procedural digits are drawn, and how much of MNIST they explain: the accuracy on its test set of a
// 5-nearest-neighbour classifier on pixels that has seen procedural digits only.
//
//   ZWEI_DATA_DIR=<folder that holds mnist/> digits_benchmark

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <span>
#include <thread>
#include <vector>

#include "app/launcher/program.h"
#include "models/data/idx.h"
#include "models/data/procedural_digits.h"

namespace {

using namespace zwei;

constexpr int kDrawn = 70000;  // as many as MNIST has
constexpr int kSeen = 20000;   // by the classifier
constexpr int kNeighbours = 5;
constexpr std::uint64_t kSeed = 1;

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Wide enough for differences, and what processors multiply and add eight at a time.
std::vector<std::int16_t> widened(const ImageBatch& images) { return {images.pixels.begin(), images.pixels.end()}; }

/// Squared Euclidean distance of two images; at most 784 * 255^2, which an int holds.
int squaredDistance(const std::int16_t* a, const std::int16_t* b) {
    int sum = 0;
    for (int i = 0; i < kImagePixels; ++i) {
        const auto difference = static_cast<std::int16_t>(a[i] - b[i]);
        sum += difference * difference;
    }
    return sum;
}

struct Neighbour {
    int distance = std::numeric_limits<int>::max();
    std::uint8_t label = 0;
};

using Neighbours = std::array<Neighbour, kNeighbours>;  // nearest first

void offer(Neighbours& nearest, Neighbour candidate) {
    for (auto& held : nearest) {
        if (candidate.distance < held.distance) std::swap(candidate, held);
    }
}

/// The class that most neighbours have; of equals, the one with the nearest neighbour.
int vote(const Neighbours& nearest) {
    std::array<int, kClasses> votes{};
    for (const auto& neighbour : nearest) ++votes[neighbour.label];
    const int most = *std::max_element(votes.begin(), votes.end());
    const auto winner = std::find_if(nearest.begin(), nearest.end(),
                                     [&](const Neighbour& neighbour) { return votes[neighbour.label] == most; });
    return winner->label;
}

/// Labels images [begin, end) of `images` by their neighbours in `seen`.
void classify(std::span<const std::int16_t> seen, std::span<const std::uint8_t> seenLabels,
              std::span<const std::int16_t> images, int begin, int end, std::span<int> answers) {
    constexpr int kBlock = 16;  // images of int16 that stay in the first-level cache while `seen` streams past
    for (int first = begin; first < end; first += kBlock) {
        const int block = std::min(kBlock, end - first);
        std::array<Neighbours, kBlock> nearest{};
        for (std::size_t s = 0; s < seenLabels.size(); ++s) {
            for (int i = 0; i < block; ++i) {
                const auto offset = static_cast<std::size_t>(first + i) * kImagePixels;
                const int distance = squaredDistance(&images[offset], &seen[s * kImagePixels]);
                auto& held = nearest[static_cast<std::size_t>(i)];
                if (distance < held.back().distance) offer(held, {distance, seenLabels[s]});
            }
        }
        for (int i = 0; i < block; ++i) {
            answers[static_cast<std::size_t>(first + i)] = vote(nearest[static_cast<std::size_t>(i)]);
        }
    }
}

std::vector<int> classifyAll(const LabelledImages& seen, const ImageBatch& images) {
    const auto seenPixels = widened(seen.images);
    const auto pixels = widened(images);
    std::vector<int> answers(static_cast<std::size_t>(images.count));
    const int threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    std::vector<std::jthread> workers;
    for (int part = 0; part < threads; ++part) {
        const auto bound = [&](std::int64_t p) { return static_cast<int>(images.count * p / threads); };
        workers.emplace_back([&, begin = bound(part), end = bound(part + 1)] {
            classify(seenPixels, seen.labels, pixels, begin, end, answers);
        });
    }
    workers.clear();  // waits
    return answers;
}

void printAccuracy(std::span<const int> answers, std::span<const std::uint8_t> labels) {
    std::array<int, kClasses> right{};
    std::array<int, kClasses> all{};
    for (std::size_t i = 0; i < labels.size(); ++i) {
        ++all[labels[i]];
        if (answers[i] == labels[i]) ++right[labels[i]];
    }
    int total = 0;
    for (std::size_t label = 0; label < kClasses; ++label) {
        total += right[label];
        std::printf("  %zu  %.2f %%\n", label, 100.0 * right[label] / std::max(1, all[label]));
    }
    std::printf("accuracy %.2f %% of %zu MNIST test images (%d nearest of %d procedural digits)\n",
                100.0 * total / static_cast<double>(labels.size()), labels.size(), kNeighbours, kSeen);
}

int fail(const Sentence& sentence) {
    std::fprintf(stderr, "%s\n", sentence.c_str());
    return EXIT_FAILURE;
}

int measureOnMnist(const std::filesystem::path& folder) {
    const auto images = readIdxImages(folder / "t10k-images-idx3-ubyte.gz");
    if (!images) return fail(images.error());
    const auto labels = readIdxLabels(folder / "t10k-labels-idx1-ubyte.gz");
    if (!labels) return fail(labels.error());
    if (images->imageSize() != kImagePixels || labels->size() != static_cast<std::size_t>(images->count)) {
        return fail("The images and the labels in " + folder.string() + " are not MNIST's test set.");
    }
    const auto start = Clock::now();
    const auto answers = classifyAll(proceduralDigits(kSeen, kSeed), *images);
    printAccuracy(answers, *labels);
    std::printf("classified in %.1f s\n", secondsSince(start));
    return EXIT_SUCCESS;
}

}  // namespace

int zweiMain(int, char**) {
    const auto start = Clock::now();
    const auto digits = proceduralDigits(kDrawn, kSeed);
    std::printf("drew %d digits in %.2f s\n", digits.images.count, secondsSince(start));

    const char* dataFolder = std::getenv("ZWEI_DATA_DIR");
    const auto folder = std::filesystem::path(dataFolder ? dataFolder : "") / "mnist";
    if (!dataFolder || !std::filesystem::exists(folder)) {
        std::printf(
            "MNIST is not here (set ZWEI_DATA_DIR to the folder that holds mnist/), so no accuracy is measured.\n");
        return EXIT_SUCCESS;
    }
    return measureOnMnist(folder);
}
