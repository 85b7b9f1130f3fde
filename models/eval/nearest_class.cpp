// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/eval/nearest_class.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "models/kernels/difference.h"

namespace zwei {
namespace {

constexpr int kVotes = 5;

}  // namespace

int nearestClass(const LabelledImages& known, std::span<const std::uint8_t> image) {
    std::vector<std::pair<int, int>> found;  // difference, index
    found.reserve(static_cast<std::size_t>(known.images.count));
    for (int i = 0; i < known.images.count; ++i)
        found.emplace_back(kernels::squaredDifference(known.images.image(i).data(), image.data(), image.size()), i);
    const auto end = found.begin() + std::min<std::ptrdiff_t>(kVotes, std::ssize(found));
    std::partial_sort(found.begin(), end, found.end());
    std::array<int, kClasses> votes{};
    const auto classOf = [&known](const auto& one) { return int{known.labels[static_cast<std::size_t>(one.second)]}; };
    for (auto one = found.begin(); one != end; ++one) ++votes[static_cast<std::size_t>(classOf(*one))];
    const auto most = *std::max_element(votes.begin(), votes.end());
    return classOf(*std::find_if(
        found.begin(), end, [&](const auto& one) { return votes[static_cast<std::size_t>(classOf(one))] == most; }));
}

}  // namespace zwei
