// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/eval/pca.h"

#include <algorithm>

namespace zwei {

PrincipalComponents principalComponents(const torch::Tensor& points, int k) {
    const torch::NoGradGuard noGrad;
    constexpr std::int64_t kChunk = 4096;
    const auto count = points.size(0);
    const auto mean = points.mean(0, /*keepdim=*/false, torch::kFloat64);
    auto covariance = torch::zeros({points.size(1), points.size(1)}, torch::kFloat64);
    for (std::int64_t first = 0; first < count; first += kChunk) {
        const auto centred = points.slice(0, first, std::min(first + kChunk, count)).to(torch::kFloat64) - mean;
        covariance.addmm_(centred.t(), centred);
    }
    covariance.div_(static_cast<double>(std::max<std::int64_t>(1, count - 1)));
    const auto [values, vectors] = torch::linalg_eigh(covariance);  // smallest first
    auto components = vectors.t().flip(0).slice(0, 0, k).contiguous();
    const auto largest = components.gather(1, components.abs().argmax(1, /*keepdim=*/true));
    components *= torch::where(largest < 0, -1.0, 1.0);
    return {mean, components, values.flip(0).slice(0, 0, k).clamp_min(0)};
}

}  // namespace zwei
