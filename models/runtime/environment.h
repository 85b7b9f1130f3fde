// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace zwei {

/// Threads that are taken on this machine where nobody says otherwise: OMP_NUM_THREADS, or one a processor.
int defaultThreads();

std::string libtorchVersion();

/// What the models run on.
struct RuntimeReport {
    std::string libtorch;           ///< version
    std::string blas;               ///< the library that is loaded, by its file's name
    std::string blasCore;           ///< the processor that OpenBLAS takes this one for; empty for others
    bool isReferenceBlas = false;   ///< a BLAS that makes everything 15 to 30 times slower
    std::string waiting;            ///< how threads wait for each other: `OMP_WAIT_POLICY` or `GOMP_SPINCOUNT`
    int keptPrimitives = 0;         ///< compiled kernels that oneDNN keeps; 0 where it is within LibTorch
    bool flushesDenormals = false;  ///< does a number too small for a normal float count as 0, in all threads?
    int largePages = 0;             ///< megabytes of memory in them so far
    bool fusedKernels = false;      ///< see `usesFusedKernels`
    std::string instructionSet;     ///< what they compute products by: see `kernels::instructionSet`
    int threads = 0;
    double gigaflops = 0;  ///< of a float32 matrix product [1024, 1024] x [1024, 1024], LibTorch's or the kernels'
    bool hasCuda = false;
};

/// Does this process compute with Debian's reference BLAS, which makes everything 15 to 30 times slower?
bool usesReferenceBlas();

/// Measures for about two fifths of a second.
RuntimeReport examineRuntime();

}  // namespace zwei
