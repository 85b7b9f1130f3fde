// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/runtime/environment.h"

#include <ATen/Parallel.h>
#include <malloc.h>
#include <torch/torch.h>
#include <torch/version.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

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

double measureGigaflops() {
    constexpr std::int64_t kSide = 1024;
    constexpr double kFlop = 2.0 * kSide * kSide * kSide;
    const torch::NoGradGuard noGrad;
    const auto a = torch::ones({kSide, kSide});
    auto product = torch::mm(a, a);
    double best = 0;
    const auto begin = std::chrono::steady_clock::now();
    for (double spent = 0; spent < 0.2;) {
        const auto start = std::chrono::steady_clock::now();
        torch::mm_out(product, a, a);
        const auto end = std::chrono::steady_clock::now();
        best = std::max(best, kFlop / std::chrono::duration<double>(end - start).count() / 1e9);
        spent = std::chrono::duration<double>(end - begin).count();
    }
    return best;
}

}  // namespace

void tuneProcess(char** argv) {
#ifdef __GLIBC__
    constexpr int kLargest = 1 << 25;  // glibc takes no larger threshold for mmap
    constexpr int kNever = 1 << 30;
    mallopt(M_MMAP_THRESHOLD, kLargest);
    mallopt(M_TRIM_THRESHOLD, kNever);
    if (std::getenv("GOMP_SPINCOUNT") || std::getenv("OMP_WAIT_POLICY")) return;
    ::setenv("GOMP_SPINCOUNT", "1000", 0);
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error);  // by its name, so that it keeps it
    if (!error) ::execv(program.c_str(), argv);  // where that fails, all works as well, slower
#else
    static_cast<void>(argv);
#endif
}

int defaultThreads() { return std::max(1, static_cast<int>(std::thread::hardware_concurrency())); }

std::string libtorchVersion() { return TORCH_VERSION; }

RuntimeReport examineRuntime() {
    RuntimeReport report;
    report.libtorch = libtorchVersion();
    report.threads = defaultThreads();
    at::set_num_threads(report.threads);
    report.gigaflops = measureGigaflops();
    report.blas = loadedBlas();
    // Debian's reference implementation lies in .../blas/libblas.so; every other provider has its own name in the path.
    report.isReferenceBlas = report.blas.find("/blas/libblas") != std::string::npos;
    report.hasCuda = torch::cuda::is_available();
    return report;
}

}  // namespace zwei
