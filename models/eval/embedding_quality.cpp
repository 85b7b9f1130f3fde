// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/eval/embedding_quality.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <numbers>
#include <numeric>
#include <random>

#include "models/eval/neighbours.h"
#include "models/types/gaussian_quantile.h"

namespace zwei {
namespace {

constexpr int kDirections = 128;

int commonestLabel(const std::vector<int>& indices, const std::vector<std::uint8_t>& labels) {
    std::array<int, kClasses> votes{};
    for (const int index : indices) ++votes[labels[static_cast<std::size_t>(index)]];
    return static_cast<int>(std::max_element(votes.begin(), votes.end()) - votes.begin());
}

/// A direction is as likely as any other where its components are independent and normal.
std::vector<double> randomDirection(std::size_t dimensions, std::mt19937_64& random) {
    std::vector<double> direction(dimensions);
    for (double& component : direction)
        component = normalQuantile((static_cast<double>(random() >> 12) + 0.5) * 0x1p-52);
    const double length = std::sqrt(std::inner_product(direction.begin(), direction.end(), direction.begin(), 0.0));
    for (double& component : direction) component /= length;
    return direction;
}

/// Unit vectors; opposite ones say the same of points, so half a turn is enough.
std::vector<std::vector<double>> unitDirections(std::size_t dimensions) {
    std::mt19937_64 random(20180101);
    std::vector<std::vector<double>> directions;
    for (int i = 0; i < kDirections; ++i) {
        const double angle = std::numbers::pi * i / kDirections;
        directions.push_back(dimensions == 2 ? std::vector{std::cos(angle), std::sin(angle)}
                                             : randomDirection(dimensions, random));
    }
    return directions;
}

}  // namespace

double neighbourAccuracy(const CodesPtr& reference, const std::vector<std::uint8_t>& referenceLabels,
                         const Codes& queries, const std::vector<std::uint8_t>& queryLabels, int k) {
    assert(reference->count > 0 && queries.count > 0 && reference->dimensions == queries.dimensions && k > 0);
    assert(static_cast<int>(referenceLabels.size()) == reference->count);
    assert(static_cast<int>(queryLabels.size()) == queries.count);
    const NeighbourIndex index(reference);
    int right = 0;
    for (int i = 0; i < queries.count; ++i)
        if (commonestLabel(index.nearest(queries.mean(i), k), referenceLabels) ==
            queryLabels[static_cast<std::size_t>(i)])
            ++right;
    return static_cast<double>(right) / queries.count;
}

double slicedWasserstein(std::span<const float> points, int dimensions) {
    assert(dimensions > 0 && !points.empty() && points.size() % static_cast<std::size_t>(dimensions) == 0);
    const auto width = static_cast<std::size_t>(dimensions);
    const std::size_t count = points.size() / width;
    std::vector<double> quantiles(count);
    for (std::size_t i = 0; i < count; ++i)
        quantiles[i] = normalQuantile((static_cast<double>(i) + 0.5) / static_cast<double>(count));
    std::vector<double> projections(count);
    double sum = 0;
    for (const auto& direction : unitDirections(width)) {
        for (std::size_t i = 0; i < count; ++i)
            projections[i] = std::inner_product(direction.begin(), direction.end(), &points[i * width], 0.0);
        std::sort(projections.begin(), projections.end());
        for (std::size_t i = 0; i < count; ++i) sum += std::pow(projections[i] - quantiles[i], 2);
    }
    return std::sqrt(sum / (static_cast<double>(count) * kDirections));
}

}  // namespace zwei
