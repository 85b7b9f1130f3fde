// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "models/types/snapshot.h"

namespace zwei {

/// Finds the images whose mu is nearest to a point, by Euclidean distance in a k-d tree.
class NeighbourIndex {
public:
    explicit NeighbourIndex(CodesPtr codes);
    NeighbourIndex(NeighbourIndex&&) noexcept;
    NeighbourIndex& operator=(NeighbourIndex&&) noexcept;
    ~NeighbourIndex();

    /// Indices of the `count` nearest codes (or of all, where there are fewer), nearest first. `z` has as many
    /// dimensions as the codes.
    std::vector<int> nearest(std::span<const float> z, int count) const;

private:
    struct Tree;
    std::unique_ptr<Tree> m_tree;
};

/// The same of the codes that are wanted, by a look at each of them: for one question a tree takes longer to build.
std::vector<int> nearestCodes(const Codes& codes, std::span<const double> z, int count,
                              const std::function<bool(int)>& isWanted);

}  // namespace zwei
