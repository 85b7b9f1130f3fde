// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>

#include "models/kernels/sparse_rows.h"
#include "models/train/padded_rows.h"
#include "models/train/team.h"

namespace zwei {

/// Why many of a layer's inputs are 0.
enum class Zeros { None, Background, ReLU };

/// What a layer is given [batch, inputs] as sparse rows, and the transpose of it, where that may pay. Each member of a
/// team makes its part.
class SparseInputs {
public:
    explicit SparseInputs(Zeros zeros) : m_zeros(zeros) {}

    using Source = std::variant<const float*, const std::uint8_t*>;  // numbers, or greys in 255ths of 1

    void resize(std::size_t batch, std::size_t inputs);
    /// Where the inputs lie row by row, `stride` values apart, whenever they are taken.
    void setSource(Source source, std::size_t stride) { m_source = source, m_stride = stride; }

    bool mayPay() const { return m_rows.has_value(); }
    /// The images of which a member takes the rows.
    static kernels::Range rowsOf(const Member& member, std::size_t batch) { return member.shareOf(batch, 2); }
    void takeRows(const Member& member);
    /// Known once all have taken theirs and met.
    bool pays() const { return m_rows && m_rows->pays(); }
    /// A member's part of the transpose, for which the whole source must be there.
    void takeTransposed(const Member& member);

    const kernels::SparseRows& rows() const { return *m_rows; }
    const kernels::SparseRows& transposed() const { return *m_transposed; }

private:
    void begin(std::size_t members);

    Zeros m_zeros;
    Source m_source;
    std::size_t m_stride = 0;
    std::size_t m_members = 0;  // for whose shares the inputs are arranged
    int m_stepsArranged = 0;    // since they were
    std::optional<kernels::SparseRows> m_rows;
    std::optional<kernels::SparseRows> m_transposed;
    PaddedRows m_turned;  // the source [inputs, batch], where its rows are arranged
};

}  // namespace zwei
