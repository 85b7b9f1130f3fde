// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace zwei {

/// What threads inherit and what LibTorch's libraries read as they are loaded: call it first, in a program that is not
/// linked with them (see `launcher.cpp`). Nothing that the environment says already is changed.
///
/// - Freed memory is kept for the next batch, where LibTorch would give a batch's tensors back to the system each step
///   (`MALLOC_TRIM_THRESHOLD_` or `MALLOC_MMAP_THRESHOLD_` overrides it): up to half of the training time.
/// - All threads share what is kept (`MALLOC_ARENA_MAX` overrides it): with a store of its own for each, what one has
///   used once is of no use to the others, and a window that has trained for a while takes half as much again.
/// - The heap is of large pages, of 2 MB, where the system gives them to who asks (`GLIBC_TUNABLES` overrides it): the
///   processor keeps the places of few pages in mind, and weights, moments and activations lie on thousands of 4 KB.
///   Training is 4 to 7 % faster.
/// - A number too small for a normal float counts as 0 (`ZWEI_DENORMALS=keep` overrides it). Adam's moments, and what
///   GELU makes of large negative values, get that small, and Intel's processors take some hundred cycles for each
///   sum with such a one: the third epoch of MNIST takes half as long again as the first.
/// - `GOMP_SPINCOUNT`: threads that wait for each other give up their core soon, and not only after milliseconds
///   (`OMP_WAIT_POLICY` overrides it as well).
/// - `OPENBLAS_CORETYPE`: OpenBLAS 0.3.21 takes AMD's processors with AVX-512 for such without; their products are
///   half as fast then.
/// - `ONEDNN_PRIMITIVE_CACHE_CAPACITY`: oneDNN keeps 1,024 compiled kernels, some 40 kB each, of which a network needs
///   fewer than a hundred; one that tries many networks grows by tens of megabytes. 128 train as fast.
void tuneProcess();

}  // namespace zwei
