// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/train/sparse_inputs.h"

namespace zwei {

void SparseInputs::resize(std::size_t batch, std::size_t inputs) {
    m_rows.reset();
    m_transposed.reset();
    m_members = 0;
    // What is half full is multiplied faster by tiles.
    if (m_zeros == Zeros::None || (m_zeros == Zeros::ReLU && kernels::usesTiles())) return;
    if (!kernels::SparseRows::mayPay(batch, inputs)) return;
    m_rows.emplace(batch, inputs);
    m_transposed.emplace(inputs, batch);
    if (m_zeros == Zeros::ReLU) m_turned.resize(inputs, batch);
}

/// Which inputs are alike changes little from one step to the next, so that they are arranged anew only now and then.
/// For other shares they must be: a member turns and takes the inputs of its own share alone.
void SparseInputs::begin(std::size_t members) {
    constexpr int kLong = 16;
    const bool isStale = members != m_members || m_stepsArranged >= kLong;
    m_members = members;
    m_stepsArranged = isStale ? 1 : m_stepsArranged + 1;
}

/// What ReLU leaves of a row depends on its code: rows with codes beside each other have their zeros in common, and so
/// have inputs that turn from 0 along lines beside each other.
void SparseInputs::takeRows(const Member& member) {
    if (member.index() == 0) begin(member.count());
    const auto own = rowsOf(member, m_rows->rows());
    if (m_zeros == Zeros::ReLU) m_rows->arrange({std::get<const float*>(m_source), m_stride, 1}, own);
    std::visit([&](const auto* dense) { m_rows->compress(dense, m_stride, own); }, m_source);
}

void SparseInputs::takeTransposed(const Member& member) {
    const auto own = member.shareOf(m_transposed->rows(), kernels::kPicked);
    if (m_zeros != Zeros::ReLU) {
        std::visit([&](const auto* dense) { m_transposed->compressTransposed(dense, m_stride, own); }, m_source);
        return;
    }
    kernels::transpose(std::get<const float*>(m_source) + own.first, m_stride, m_rows->rows(), own.size(),
                       m_turned.row(own.first), m_turned.stride());
    const bool isStale = m_stepsArranged == 1;
    if (isStale) m_transposed->arrange(m_turned.matrix(), own);
    m_transposed->compress(m_turned.data(), m_turned.stride(), own);
}

}  // namespace zwei
