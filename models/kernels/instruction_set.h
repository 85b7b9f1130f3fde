// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <type_traits>

namespace zwei::kernels {

/// What products are computed by, each with what is before it: vectors of 4 numbers, as the compiler makes them for any
/// processor, of 8, of 16, and Intel's unit for tiles.
enum class InstructionSet { Baseline, AVX2, AVX512, AMX };

/// The best that this processor has, or one below that the environment names: ZWEI_KERNELS=baseline, avx2 or avx512.
InstructionSet instructionSet();

/// As ZWEI_KERNELS has it.
std::string_view nameOf(InstructionSet set);

/// Numbers of a vector.
template <int lanes>
using Lanes = std::integral_constant<int, lanes>;

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
template <typename Work>
__attribute__((target("arch=x86-64-v4"))) void byVectorsOf16(const Work& work) {
    work(Lanes<16>());
}

template <typename Work>
__attribute__((target("arch=x86-64-v3"))) void byVectorsOf8(const Work& work) {
    work(Lanes<8>());
}

/// Calls `work`, an always_inline lambda `[&](auto lanes)` that calls nothing but what is inlined, as compiled for
/// vectors of so many numbers. (The compiler takes vectors that a processor does not have apart, through memory.)
template <typename Work>
void byVectors(const Work& work) {
    static const InstructionSet set = instructionSet();
    if (set >= InstructionSet::AVX512)
        byVectorsOf16(work);
    else if (set == InstructionSet::AVX2)
        byVectorsOf8(work);
    else
        work(Lanes<4>());
}
#else
template <typename Work>
void byVectors(const Work& work) {
    work(Lanes<4>());
}
#endif

}  // namespace zwei::kernels
