// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/eval/code_space.h"

#include <ATen/CPUGeneratorImpl.h>

#include <numeric>

#include "models/eval/pca.h"

namespace zwei {
namespace {

torch::Tensor meansOf(const Codes& codes) {
    auto* data = const_cast<float*>(codes.mu.data());
    return torch::from_blob(data, {codes.count, codes.dimensions}, torch::kFloat32);
}

std::vector<double> vectorOf(const torch::Tensor& row) {
    const auto flat = row.contiguous();
    return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
}

/// As it is, or turned around if that is nearer to what it was.
std::vector<double> turnedTowards(const std::vector<double>& before, std::vector<double> direction) {
    if (before.size() != direction.size()) return direction;
    if (std::inner_product(before.begin(), before.end(), direction.begin(), 0.0) < 0)
        for (auto& part : direction) part = -part;
    return direction;
}

std::vector<float> floatsOf(const torch::Tensor& tensor) {
    const auto flat = tensor.to(torch::kFloat32).contiguous();
    return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

}  // namespace

MapPlane principalPlane(const Codes& codes, const MapPlane& previous) {
    if (codes.dimensions < 2) return MapPlane::ofDimensions(codes.dimensions, 0, 1);
    const auto fit = principalComponents(meansOf(codes), 2);
    return {vectorOf(fit.mean), turnedTowards(previous.right, vectorOf(fit.components[0])),
            turnedTowards(previous.up, vectorOf(fit.components[1]))};
}

Codes onPlane(const Codes& codes, const MapPlane& plane) {
    Codes flat{codes.count, 2, {}, {}};
    flat.mu.reserve(2 * static_cast<std::size_t>(codes.count));
    for (int i = 0; i < codes.count; ++i)
        for (const double at : plane.project(codes.mean(i))) flat.mu.push_back(static_cast<float>(at));
    return flat;
}

std::vector<float> normalPoints(int count, int dimensions, std::uint64_t seed) {
    auto generator = at::make_generator<at::CPUGeneratorImpl>(seed);
    return floatsOf(torch::randn({count, dimensions}, generator));
}

std::vector<float> fittedTo(const Codes& codes, const std::vector<float>& normalPoints) {
    const auto fit = principalComponents(meansOf(codes), codes.dimensions);
    auto* data = const_cast<float*>(normalPoints.data());
    const auto count = static_cast<std::int64_t>(normalPoints.size()) / codes.dimensions;
    const auto points = torch::from_blob(data, {count, codes.dimensions}, torch::kFloat32).to(torch::kFloat64);
    return floatsOf((points * fit.variances.sqrt()).matmul(fit.components) + fit.mean);
}

}  // namespace zwei
