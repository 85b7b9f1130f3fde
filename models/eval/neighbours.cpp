// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/eval/neighbours.h"

#include <algorithm>
#include <iterator>
#include <nanoflann.hpp>
#include <utility>

namespace zwei {
namespace {

/// The codes as nanoflann wants to see them.
struct CodeTable {
    CodesPtr codes;

    std::size_t kdtree_get_point_count() const { return static_cast<std::size_t>(codes->count); }
    float kdtree_get_pt(std::size_t index, std::size_t dimension) const {
        return codes->mu[index * static_cast<std::size_t>(codes->dimensions) + dimension];
    }
    template <class Box>
    bool kdtree_get_bbox(Box&) const {
        return false;
    }
};

using Index =
    nanoflann::KDTreeSingleIndexAdaptor<nanoflann::L2_Simple_Adaptor<float, CodeTable>, CodeTable, -1, std::uint32_t>;

}  // namespace

struct NeighbourIndex::Tree {
    explicit Tree(CodesPtr codes) : table{std::move(codes)}, index(table.codes->dimensions, table) {}

    CodeTable table;
    Index index;
};

NeighbourIndex::NeighbourIndex(CodesPtr codes) : m_tree(std::make_unique<Tree>(std::move(codes))) {
    m_tree->index.buildIndex();
}
NeighbourIndex::NeighbourIndex(NeighbourIndex&&) noexcept = default;
NeighbourIndex& NeighbourIndex::operator=(NeighbourIndex&&) noexcept = default;
NeighbourIndex::~NeighbourIndex() = default;

std::vector<int> NeighbourIndex::nearest(std::span<const float> z, int count) const {
    std::vector<std::uint32_t> found(static_cast<std::size_t>(count));
    std::vector<float> distances(found.size());
    const auto hits = m_tree->index.knnSearch(z.data(), found.size(), found.data(), distances.data());
    return {found.begin(), found.begin() + static_cast<std::ptrdiff_t>(hits)};
}

std::vector<int> nearestCodes(const Codes& codes, std::span<const double> z, int count,
                              const std::function<bool(int)>& isWanted) {
    std::vector<std::pair<double, int>> found;
    found.reserve(static_cast<std::size_t>(codes.count));
    for (int i = 0; i < codes.count; ++i) {
        if (!isWanted(i)) continue;
        double distance = 0;
        for (std::size_t k = 0; k < z.size(); ++k) {
            const double difference = codes.mean(i)[k] - z[k];
            distance += difference * difference;
        }
        found.emplace_back(distance, i);
    }
    const auto end = found.begin() + std::min<std::ptrdiff_t>(count, std::ssize(found));
    std::partial_sort(found.begin(), end, found.end());
    std::vector<int> indices;
    std::transform(found.begin(), end, std::back_inserter(indices), [](const auto& one) { return one.second; });
    return indices;
}

}  // namespace zwei
