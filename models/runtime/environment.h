// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace zwei {

/// Call first in `main`, before any thread. Two things that each cost up to half of the training time otherwise:
/// freed memory is kept for the next batch (LibTorch gives a batch's tensors back to the system each step), and threads
/// that wait for each other give up their core soon. The second is read when the OpenMP library loads, so the program
/// starts itself anew with `GOMP_SPINCOUNT` set, unless that or `OMP_WAIT_POLICY` is set already.
void tuneProcess(char** argv);

/// Threads that LibTorch trains with on this machine where nobody says otherwise.
int defaultThreads();

std::string libtorchVersion();

/// What the models run on.
struct RuntimeReport {
    std::string libtorch;          ///< version
    std::string blas;              ///< the library that is loaded, by its file's name
    bool isReferenceBlas = false;  ///< a BLAS that makes everything 15 to 30 times slower
    int threads = 0;
    double gigaflops = 0;  ///< of a float32 matrix product [1024, 1024] x [1024, 1024]
    bool hasCuda = false;
};

/// Measures for about a fifth of a second.
RuntimeReport examineRuntime();

}  // namespace zwei
