// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/kernels/instruction_set.h"

#include <algorithm>
#include <cstdlib>

#include "models/kernels/tile_product.h"

namespace zwei::kernels {
namespace {

InstructionSet best() {
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
    __builtin_cpu_init();
    if (hasTiles()) return InstructionSet::AMX;
    if (__builtin_cpu_supports("x86-64-v4")) return InstructionSet::AVX512;
    if (__builtin_cpu_supports("x86-64-v3")) return InstructionSet::AVX2;
#endif
    return InstructionSet::Baseline;
}

/// No more than this.
InstructionSet asked() {
    const char* const name = std::getenv("ZWEI_KERNELS");
    for (const auto set : {InstructionSet::Baseline, InstructionSet::AVX2, InstructionSet::AVX512})
        if (name && nameOf(set) == name) return set;
    return InstructionSet::AMX;
}

}  // namespace

InstructionSet instructionSet() {
    static const InstructionSet set = std::min(best(), asked());
    return set;
}

std::string_view nameOf(InstructionSet set) {
    switch (set) {
        case InstructionSet::Baseline:
            return "baseline";
        case InstructionSet::AVX2:
            return "avx2";
        case InstructionSet::AVX512:
            return "avx512";
        case InstructionSet::AMX:
            return "amx";
    }
    return "";
}

}  // namespace zwei::kernels
