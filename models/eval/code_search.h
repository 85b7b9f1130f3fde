// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <vector>

#include "models/types/bench.h"
#include "models/types/slope.h"

namespace zwei {

/// Goes downhill in a smooth function of a code, step by step, by BFGS (Nocedal and Wright, 2006, chapter 6) with a
/// line search that halves the way until it leads down far enough (Armijo). No step ever leads up.
class CodeSearch {
public:
    using Function = std::function<Slope(const std::vector<double>& z)>;

    CodeSearch(Function function, std::vector<double> start);

    /// One step further. False: there is none, here it is as low as it gets.
    bool advance();

    /// Where it stands.
    CodeStep current() const { return {m_z, m_slope.value}; }

private:
    std::vector<double> direction() const;
    void learnCurvature(const std::vector<double>& moved, const std::vector<double>& turned);
    void forgetCurvature();

    Function m_function;
    std::vector<double> m_z;
    Slope m_slope;
    std::vector<double> m_inverse;  // [n, n], an estimate of the inverse Hessian
    bool m_isCurved = false;        // there is one
};

}  // namespace zwei
