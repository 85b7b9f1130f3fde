// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/data/procedural_digits.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "models/data/chance.h"
#include "models/data/digit_writing.h"

namespace zwei {

namespace {

constexpr int kBoxSide = 20;  // pixels, as in MNIST: what the ink fits into

// The pen. Radii are in pixels of the box, as scanning and scaling leave them; the figures give the ink and the grey
// levels of MNIST's training images as a whole.
constexpr float kPenMean = 1.23f;
constexpr float kPenSpread = 0.36f;
constexpr float kPenThinnest = 0.65f;
constexpr float kPenThickest = 2.3f;
constexpr float kEdge = 1.3f;        // width of the grey edge in pixels
constexpr float kRoughness = 0.12f;  // standard deviation of the edge's place from pixel to pixel

struct Bounds {
    float left = std::numeric_limits<float>::max();
    float top = left;
    float right = -left;
    float bottom = -left;

    float longerSide() const { return std::max(right - left, bottom - top); }
};

/// Where the ink lies once the trace is `scale` times as large and the pen has a radius of `radius` pixels.
Bounds inkBounds(const Trace& trace, float scale, float radius) {
    Bounds ink;
    for (const auto& sample : trace) {
        ink.left = std::min(ink.left, scale * sample.x - radius * sample.width);
        ink.top = std::min(ink.top, scale * sample.y - radius * sample.width);
        ink.right = std::max(ink.right, scale * sample.x + radius * sample.width);
        ink.bottom = std::max(ink.bottom, scale * sample.y + radius * sample.width);
    }
    return ink;
}

/// Scales and moves the trace so that its ink fills the longer side of the box. The pen keeps its size, so the scale
/// that an even pen would ask for is set right once.
void fitIntoBox(Trace& trace, float radius) {
    const float length = inkBounds(trace, 1, 0).longerSide();
    float scale = (kBoxSide - 2 * radius) / length;
    scale += (kBoxSide - inkBounds(trace, scale, radius).longerSide()) / length;
    const Bounds ink = inkBounds(trace, scale, radius);
    for (auto& sample : trace) {
        sample.x = scale * sample.x + 0.5f * (kBoxSide - ink.left - ink.right);
        sample.y = scale * sample.y + 0.5f * (kBoxSide - ink.top - ink.bottom);
    }
}

using Box = std::array<float, kBoxSide * kBoxSide>;  // row by row

/// Raises each pixel's depth, how many pixels its middle lies inside the ink, to what the line `a` to `b` makes it.
void inkLine(const Sample& a, const Sample& b, float radius, Box& box) {
    const float reach = radius * std::max(a.width, b.width) + 0.5f * kEdge;
    const auto first = [](float place) { return std::clamp(static_cast<int>(std::floor(place)), 0, kBoxSide); };
    const int left = first(std::min(a.x, b.x) - reach);
    const int right = first(std::max(a.x, b.x) + reach + 1);
    const int top = first(std::min(a.y, b.y) - reach);
    const int bottom = first(std::max(a.y, b.y) + reach + 1);
    const float dx = b.x - a.x;
    const float dy = b.y - a.y;
    const float perLength = 1 / std::max(dx * dx + dy * dy, 1e-6f);
    for (int row = top; row < bottom; ++row) {
        for (int column = left; column < right; ++column) {
            const float px = static_cast<float>(column) + 0.5f - a.x;
            const float py = static_cast<float>(row) + 0.5f - a.y;
            const float t = std::clamp((px * dx + py * dy) * perLength, 0.0f, 1.0f);
            const float away = std::sqrt((px - t * dx) * (px - t * dx) + (py - t * dy) * (py - t * dy));
            const float edge = radius * (a.width + t * (b.width - a.width));
            auto& depth = box[static_cast<std::size_t>(row * kBoxSide + column)];
            depth = std::max(depth, edge - away);
        }
    }
}

/// Turns depths into ink from 0 to 1. The grey of an edge grows with the depth, as averaging over a pixel makes it, and
/// paper, pen and scanner make the edge rough.
void toInk(Box& depths, Chance& chance) {
    for (auto& pixel : depths) {
        const float depth = pixel + kRoughness * chance.normal();
        const float share = std::clamp(0.5f + depth / kEdge, 0.0f, 1.0f);
        pixel = share * share * (3 - 2 * share);
    }
}

/// By how many pixels the box moves into the image along one axis, for the centre of mass to come nearest to pixel 14.
int shiftToCentre(float weightedSum, float mass) {
    const float centre = weightedSum / mass;
    return std::clamp(static_cast<int>(std::floor(0.5f * kImageSide - centre + 0.5f)), 0, kImageSide - kBoxSide);
}

void placeByMass(const Box& box, std::span<std::uint8_t> image) {
    float mass = 0;
    float sumX = 0;
    float sumY = 0;
    for (int row = 0; row < kBoxSide; ++row) {
        for (int column = 0; column < kBoxSide; ++column) {
            const float ink = box[static_cast<std::size_t>(row * kBoxSide + column)];
            mass += ink;
            sumX += ink * static_cast<float>(column);
            sumY += ink * static_cast<float>(row);
        }
    }
    const int left = shiftToCentre(sumX, mass);
    const int top = shiftToCentre(sumY, mass);
    for (int row = 0; row < kBoxSide; ++row) {
        for (int column = 0; column < kBoxSide; ++column) {
            image[static_cast<std::size_t>((top + row) * kImageSide + left + column)] =
                static_cast<std::uint8_t>(255 * box[static_cast<std::size_t>(row * kBoxSide + column)] + 0.5f);
        }
    }
}

void drawDigit(int digit, Chance& chance, std::span<std::uint8_t> image) {
    Trace trace = writeDigit(digit, chance);
    const float radius = std::clamp(kPenMean + kPenSpread * chance.normal(), kPenThinnest, kPenThickest);
    fitIntoBox(trace, radius);
    Box box;
    box.fill(-kBoxSide);
    for (std::size_t i = 1; i < trace.size(); ++i) {
        if (trace[i].penDown) inkLine(trace[i - 1], trace[i], radius, box);
    }
    toInk(box, chance);
    placeByMass(box, image);
}

/// The class of image `index`: its place in a shuffle of all ten that only the seed and the ten it is in decide.
std::uint8_t pickLabel(std::uint64_t seed, int index) {
    constexpr std::uint64_t kLabelStreams = std::uint64_t{1} << 63;  // apart from the images' own
    std::array<std::uint8_t, kClasses> order{};
    std::iota(order.begin(), order.end(), std::uint8_t{0});
    Chance chance(seed, kLabelStreams + static_cast<std::uint64_t>(index / kClasses));
    for (int last = kClasses - 1; last > 0; --last) {
        std::swap(order[static_cast<std::size_t>(last)], order[static_cast<std::size_t>(chance.below(last + 1))]);
    }
    return order[static_cast<std::size_t>(index % kClasses)];
}

void drawRange(LabelledImages& digits, std::uint64_t seed, int begin, int end) {
    const auto size = digits.images.imageSize();
    for (int i = begin; i < end; ++i) {
        const auto at = static_cast<std::size_t>(i);
        digits.labels[at] = pickLabel(seed, i);
        Chance chance(seed, at);
        drawDigit(digits.labels[at], chance, std::span(digits.images.pixels).subspan(at * size, size));
    }
}

}  // namespace

LabelledImages proceduralDigits(int count, std::uint64_t seed) {
    assert(count >= 0);
    LabelledImages digits;
    digits.images.count = count;
    digits.images.pixels.resize(static_cast<std::size_t>(count) * digits.images.imageSize());
    digits.labels.resize(static_cast<std::size_t>(count));
    constexpr int kWorthAThread = 256;  // images: a few milliseconds
    const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    const std::int64_t threads = std::clamp(count / kWorthAThread, 1, cores);
    const auto bound = [&](std::int64_t part) { return static_cast<int>(count * part / threads); };
    std::vector<std::jthread> workers;
    for (std::int64_t part = 0; part < threads; ++part) {
        workers.emplace_back(
            [&digits, seed, begin = bound(part), end = bound(part + 1)] { drawRange(digits, seed, begin, end); });
    }
    workers.clear();  // waits
    return digits;
}

}  // namespace zwei
