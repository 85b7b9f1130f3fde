// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/kernels/matrix_product.h"

namespace zwei::kernels {

/// The part of a matrix that is wanted next, of which the memory's lines are asked for bit by bit meanwhile. (Beyond a
/// matrix there is nothing to fetch, and to ask for it does no harm.)
class Coming {
public:
    /// So many rows and columns from where `matrix` starts; rows or columns lie number by number.
    [[gnu::always_inline]] Coming(const Matrix& matrix, std::size_t rows, std::size_t columns)
        : m_data(matrix.data),
          m_stride(matrix.across == 1 ? matrix.down : matrix.across),
          m_rows(matrix.across == 1 ? rows : columns),
          m_lines(((matrix.across == 1 ? columns : rows) + kLine - 1) / kLine) {}

    /// This part of `parts` of it, into the second-level cache or even the first.
    template <int cache>
    [[gnu::always_inline]] void fetch(std::size_t part, std::size_t parts) const {
        for (std::size_t row = m_rows * part / parts; row < m_rows * (part + 1) / parts; ++row)
            for (std::size_t line = 0; line < m_lines; ++line)
                __builtin_prefetch(m_data + row * m_stride + line * kLine, 0, 4 - cache);
    }

private:
    static constexpr std::size_t kLine = 16;  // numbers

    const float* m_data;
    std::size_t m_stride;
    std::size_t m_rows;
    std::size_t m_lines;
};

}  // namespace zwei::kernels
