// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launcher/process_tuning.h"

#include <csignal>
#include <cstdlib>
#include <string_view>

#if defined(__SSE2__)
#include <pmmintrin.h>
#endif

#ifdef __GLIBC__
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace zwei {
namespace {

void keepFreedMemory() {
#ifdef __GLIBC__
    constexpr int kLargest = 1 << 25;  // glibc takes no larger threshold for mmap
    constexpr int kNever = 1 << 30;
    if (!std::getenv("MALLOC_ARENA_MAX")) mallopt(M_ARENA_MAX, 1);
    if (std::getenv("MALLOC_MMAP_THRESHOLD_") || std::getenv("MALLOC_TRIM_THRESHOLD_")) return;
    mallopt(M_MMAP_THRESHOLD, kLargest);
    mallopt(M_TRIM_THRESHOLD, kNever);
#endif
}

/// The heap is made so large at once that all of it can be asked for. (glibc itself asks, too, but where GLIBC_TUNABLES
/// says so as the process starts.)
void useLargePages() {
#if defined(__GLIBC__) && defined(MADV_HUGEPAGE)
    constexpr int kHeap = 256 << 20;
    constexpr std::size_t kMoreThanThere = std::size_t{1} << 20;
    constexpr int kDefaultPad = 128 << 10;
    if (std::getenv("GLIBC_TUNABLES")) return;
    mallopt(M_TOP_PAD, kHeap);
    void* volatile some = std::malloc(kMoreThanThere);  // or else the compiler would leave both out
    std::free(some);
    mallopt(M_TOP_PAD, kDefaultPad);
    ::madvise(static_cast<char*>(::sbrk(0)) - kHeap, kHeap, MADV_HUGEPAGE);
#endif
}

/// In this thread, and so in all: each begins as the one that starts it is.
void flushDenormals() {
#if defined(__SSE2__)
    const char* choice = std::getenv("ZWEI_DENORMALS");
    if (choice && std::string_view(choice) == "keep") return;
    _MM_SET_FLUSH_ZERO_MODE(_MM_FLUSH_ZERO_ON);
    _MM_SET_DENORMALS_ZERO_MODE(_MM_DENORMALS_ZERO_ON);
#endif
}

/// Where no file may grow further, to write fails, and says so, in place of ending the program.
void outliveFileLimits() {
#ifdef SIGXFSZ
    std::signal(SIGXFSZ, SIG_IGN);
#endif
}

/// OpenBLAS 0.3.21 does not know AMD's processors with AVX-512. On those of family 19h (Zen 4), which do such an
/// instruction in two halves, its kernels for AVX2 are faster by 5 to 10 %; on later ones those for AVX-512 are, by
/// twice.
void setCoreType() {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_is("amd") && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq"))
        ::setenv("OPENBLAS_CORETYPE", __builtin_cpu_is("amdfam19h") ? "Haswell" : "SkylakeX", 0);
#endif
}

}  // namespace

void tuneProcess() {
    outliveFileLimits();
    keepFreedMemory();
    useLargePages();
    flushDenormals();
    if (!std::getenv("OMP_WAIT_POLICY")) ::setenv("GOMP_SPINCOUNT", "20000", 0);
    ::setenv("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "128", 0);
    setCoreType();
}

}  // namespace zwei
