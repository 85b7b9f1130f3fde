// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/runtime/environment.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <torch/torch.h>
#include <torch/version.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <thread>

#include "models/kernels/instruction_set.h"
#include "models/kernels/matrix_product.h"
#include "models/runtime/fused_kernels.h"

namespace zwei {
namespace {

/// The file behind the BLAS that this process has mapped.
std::string loadedBlas() {
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);)
        if (const auto slash = line.find('/'); slash != std::string::npos)
            if (const std::filesystem::path file = line.substr(slash);
                file.filename().string().find("blas") != std::string::npos) {
                std::error_code error;
                const auto real = std::filesystem::canonical(file, error);
                return error ? file.string() : real.string();
            }
    return {};
}

/// By a function that only OpenBLAS has.
std::string openBlasCore() {
    using CoreName = char* (*)();
    const auto coreName = reinterpret_cast<CoreName>(::dlsym(RTLD_DEFAULT, "openblas_get_corename"));
    return coreName ? coreName() : "";
}

/// Debian's reference implementation lies in .../blas/libblas.so; every other provider has its own name in the path.
bool isReference(const std::string& blas) { return blas.find("/blas/libblas") != std::string::npos; }

std::string waitingChoice() {
    for (const std::string name : {"OMP_WAIT_POLICY", "GOMP_SPINCOUNT"})
        if (const char* value = std::getenv(name.c_str())) return name + "=" + value;
    return {};
}

/// Only a oneDNN that is a library of its own can be asked.
int keptPrimitives() {
    using Capacity = int (*)(int*);
    const auto ask = reinterpret_cast<Capacity>(::dlsym(RTLD_DEFAULT, "dnnl_get_primitive_cache_capacity"));
    int capacity = 0;
    return ask && ask(&capacity) == 0 ? capacity : 0;
}

bool flushesDenormals(int threads) {
    std::atomic<bool> all = true;
    at::parallel_for(0, threads, 1, [&all](std::int64_t, std::int64_t) {
        volatile float small = std::numeric_limits<float>::min();
        if (small / 2 != 0) all = false;
    });
    return all;
}

int megabytesInLargePages() {
    std::ifstream memory("/proc/self/smaps_rollup");
    for (std::string line; std::getline(memory, line);)
        if (line.starts_with("AnonHugePages:")) return std::atoi(line.c_str() + line.find(':') + 1) / 1024;
    return 0;
}

constexpr std::int64_t kSide = 1024;  // of the matrices whose product is measured

/// Of a way to multiply, called again and again for a fifth of a second.
template <typename Multiply>
double gigaflopsOf(const Multiply& multiply) {
    constexpr double kFlop = 2.0 * kSide * kSide * kSide;
    multiply();
    double best = 0;
    const auto begin = std::chrono::steady_clock::now();
    for (double spent = 0; spent < 0.2;) {
        const auto start = std::chrono::steady_clock::now();
        multiply();
        const auto end = std::chrono::steady_clock::now();
        best = std::max(best, kFlop / std::chrono::duration<double>(end - start).count() / 1e9);
        spent = std::chrono::duration<double>(end - begin).count();
    }
    return best;
}

/// By the faster of two ways, LibTorch's and the kernels'.
double measureGigaflops() {
    const torch::NoGradGuard noGrad;
    const auto a = torch::rand({kSide, kSide});
    auto product = torch::empty_like(a);
    const kernels::Matrix matrix{a.data_ptr<float>(), kSide, 1};
    const double libtorchs = gigaflopsOf([&] { torch::mm_out(product, a, a); });
    const double kernels = gigaflopsOf([&] {
        constexpr std::int64_t kColumns = 64;
        at::parallel_for(0, kSide / kColumns, 1, [&](std::int64_t first, std::int64_t end) {
            const auto column = static_cast<std::size_t>(first * kColumns);
            const auto columns = static_cast<std::size_t>((end - first) * kColumns);
            kernels::multiply(matrix, matrix.from(0, column), {kSide, columns, kSide},
                              product.data_ptr<float>() + column, kSide);
        });
    });
    return std::max(libtorchs, kernels);
}

}  // namespace

int defaultThreads() {
    if (const char* choice = std::getenv("OMP_NUM_THREADS"))
        if (const int threads = std::atoi(choice); threads > 0) return threads;
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

std::string libtorchVersion() { return TORCH_VERSION; }

bool usesReferenceBlas() { return isReference(loadedBlas()); }

RuntimeReport examineRuntime() {
    RuntimeReport report;
    report.libtorch = libtorchVersion();
    report.threads = defaultThreads();
    at::set_num_threads(report.threads);
    report.gigaflops = measureGigaflops();
    report.blas = loadedBlas();
    report.blasCore = openBlasCore();
    report.isReferenceBlas = isReference(report.blas);
    report.waiting = waitingChoice();
    report.keptPrimitives = keptPrimitives();
    report.flushesDenormals = flushesDenormals(report.threads);
    report.largePages = megabytesInLargePages();
    report.fusedKernels = usesFusedKernels();
    report.instructionSet = kernels::nameOf(kernels::instructionSet());
    report.hasCuda = torch::cuda::is_available();
    return report;
}

}  // namespace zwei
