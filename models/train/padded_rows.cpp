// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/train/padded_rows.h"

namespace zwei {

void PaddedRows::resize(std::size_t rows, std::size_t columns) {
    constexpr std::size_t kLine = 16;
    m_stride = (columns + kLine - 1) / kLine * kLine + kLine;
    m_data.resize(rows * m_stride);
}

}  // namespace zwei
