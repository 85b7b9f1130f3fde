// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

namespace zwei {

/// Principal components of points, largest variance first.
struct PrincipalComponents {
    torch::Tensor mean;        ///< [D] double
    torch::Tensor components;  ///< [k, D] double, orthonormal rows; the largest part of each, by magnitude, is positive
    torch::Tensor variances;   ///< [k] double, along each component, with n - 1 below the sum as in scikit-learn
};

/// Points [N, D] of any type, N at least 2, k at most D: the eigenvectors of their covariance (Pearson, 1901).
PrincipalComponents principalComponents(const torch::Tensor& points, int k);

}  // namespace zwei
