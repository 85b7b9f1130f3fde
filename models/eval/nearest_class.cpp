// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/eval/nearest_class.h"

#include <algorithm>
#include <array>
#include <utility>

#include "models/kernels/difference.h"

namespace zwei {

std::vector<int> nearestImages(const ImageBatch& known, std::span<const std::uint8_t> image, int count) {
    std::vector<std::pair<int, int>> found;  // difference, index
    found.reserve(static_cast<std::size_t>(known.count));
    for (int i = 0; i < known.count; ++i)
        found.emplace_back(kernels::squaredDifference(known.image(i).data(), image.data(), image.size()), i);
    const auto end = found.begin() + std::min<std::ptrdiff_t>(count, std::ssize(found));
    std::partial_sort(found.begin(), end, found.end());
    std::vector<int> indices;
    for (auto one = found.begin(); one != end; ++one) indices.push_back(one->second);
    return indices;
}

int nearestClass(const LabelledImages& known, std::span<const std::uint8_t> image) {
    constexpr int kVotes = 5;
    std::vector<std::uint8_t> classes;
    for (const int index : nearestImages(known.images, image, kVotes))
        classes.push_back(known.labels[static_cast<std::size_t>(index)]);
    const auto votes = [&classes](std::uint8_t label) { return std::count(classes.begin(), classes.end(), label); };
    return *std::max_element(classes.begin(), classes.end(),
                             [&votes](auto a, auto b) { return votes(a) < votes(b); });  // the first of the most
}

}  // namespace zwei
