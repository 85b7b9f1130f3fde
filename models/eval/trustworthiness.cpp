// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/eval/trustworthiness.h"

#include <torch/torch.h>

#include <algorithm>
#include <cassert>
#include <limits>
#include <span>
#include <vector>

#include "models/eval/neighbours.h"

namespace zwei {
namespace {

/// Tells how near all images are to some of them. All figures are whole numbers and exact.
class PixelDistances {
public:
    explicit PixelDistances(const ImageBatch& images) {
        auto* bytes = const_cast<std::uint8_t*>(images.pixels.data());
        const auto size = static_cast<std::int64_t>(images.imageSize());
        const auto pixels = torch::from_blob(bytes, {images.count, size}, torch::kUInt8).to(torch::kFloat32);
        // A float holds whole numbers up to 2^24, which is more than 256 products of two grey values.
        constexpr std::int64_t kExact = 256;
        m_slices = pixels.split(kExact, 1);
        m_squares = torch::zeros({images.count}, torch::kInt32);
        for (auto& slice : m_slices) {
            m_squares += slice.square().sum(1).to(torch::kInt32);
            slice = slice.contiguous();
        }
    }

    /// |x_j|^2 - 2 x_i x_j for i in [first, last), j in [0, count): int32, and |x_i|^2 less than the squared distance,
    /// which changes no order within a row.
    torch::Tensor rows(std::int64_t first, std::int64_t last) const {
        auto distances = m_squares.expand({last - first, -1}).clone();
        for (const auto& slice : m_slices)
            distances.sub_(slice.slice(0, first, last).mm(slice.t()).to(torch::kInt32), 2);
        return distances;
    }

private:
    std::vector<torch::Tensor> m_slices;  ///< [count, 256 or fewer] each
    torch::Tensor m_squares;              ///< |x_j|^2
};

/// The `k` codes nearest to code `i`, without itself.
std::vector<int> neighboursOf(int i, const Codes& codes, const NeighbourIndex& index, int k) {
    auto found = index.nearest(codes.mean(i), k + 1);
    const auto self = std::find(found.begin(), found.end(), i);
    found.erase(self == found.end() ? found.end() - 1 : self);  // it may be missing where many codes are equal
    return found;
}

/// Sum over the neighbours of how far their rank among the distances to image `i` is beyond `k`.
std::int64_t excessOfRanks(std::span<std::int32_t> distances, int i, const std::vector<int>& neighbours, int k) {
    distances[static_cast<std::size_t>(i)] = std::numeric_limits<std::int32_t>::max();
    std::int64_t sum = 0;
    for (const int neighbour : neighbours) {
        const auto own = distances[static_cast<std::size_t>(neighbour)];
        const auto nearer =
            std::count_if(distances.begin(), distances.end(), [own](auto other) { return other < own; });
        sum += std::max<std::int64_t>(0, nearer + 1 - k);
    }
    return sum;
}

}  // namespace

std::optional<double> trustworthiness(const ImageBatch& images, const CodesPtr& codes, int k,
                                      const std::atomic<bool>* cancel) {
    assert(images.count == codes->count && k > 0 && 2 * k < images.count);
    constexpr int kBlock = 256;
    const torch::NoGradGuard noGrad;
    const PixelDistances pixels(images);
    const NeighbourIndex index(codes);
    const auto count = static_cast<std::size_t>(images.count);
    std::int64_t excess = 0;
    for (int first = 0; first < images.count; first += kBlock) {
        if (cancel && *cancel) return std::nullopt;
        const int last = std::min(first + kBlock, images.count);
        auto block = pixels.rows(first, last);
        const std::span distances(block.data_ptr<std::int32_t>(), static_cast<std::size_t>(block.numel()));
        for (int i = first; i < last; ++i)
            excess += excessOfRanks(distances.subspan(static_cast<std::size_t>(i - first) * count, count), i,
                                    neighboursOf(i, *codes, index, k), k);
    }
    const double n = images.count;
    return 1 - 2 / (n * k * (2 * n - 3 * k - 1)) * static_cast<double>(excess);
}

}  // namespace zwei
