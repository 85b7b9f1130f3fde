// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtGlobal>

#include "app/cli/command.h"
#include "app/cli/report.h"
#include "app/reference_blas.h"
#include "app/version.h"
#include "models/runtime/environment.h"

namespace zwei::cli {
namespace {

struct DoctorOptions {
    Machine machine;
    bool json = false;
};

std::string kernelsOf(const RuntimeReport& runtime) {
    if (!runtime.fusedKernels) return "LibTorch's (ZWEI_KERNELS=plain)";
    return "fused, " + runtime.instructionSet +
           " (ZWEI_KERNELS=plain takes LibTorch's; baseline, avx2, avx512: no more than these)";
}

void printReport(const RuntimeReport& runtime, const std::vector<DatasetLocation>& datasets) {
    std::printf("zwei       %s\nLibTorch   %s\nQt         %s\nBLAS       %s\n", kVersion, runtime.libtorch.c_str(),
                qVersion(), runtime.blas.empty() ? "within LibTorch" : runtime.blas.c_str());
    if (!runtime.blasCore.empty()) std::printf("           for %s\n", runtime.blasCore.c_str());
    std::printf("kernels    %s\nwaiting    %s\n", kernelsOf(runtime).c_str(),
                runtime.waiting.empty() ? "as the libraries choose" : runtime.waiting.c_str());
    std::printf("tiny       numbers too small for a normal float %s\n",
                runtime.flushesDenormals ? "count as 0 (ZWEI_DENORMALS=keep keeps them)" : "are kept");
    if (runtime.keptPrimitives > 0) std::printf("oneDNN     keeps %d kernels\n", runtime.keptPrimitives);
    if (runtime.largePages > 0) std::printf("memory     %d MB of it in large pages so far\n", runtime.largePages);
    std::printf("device     %s\nthreads    %d\nspeed      %.0f GFLOP/s (float32 matrix product of 1024 x 1024)\n",
                runtime.hasCuda ? "CUDA" : "CPU", runtime.threads, runtime.gigaflops);
    for (const auto& set : datasets)
        std::printf("data       %-8s %s%s\n", set.name.c_str(), set.folder.empty() ? "embedded" : set.folder.c_str(),
                    set.hasTrain  ? ""
                    : set.hasTest ? " (test images only)"
                                  : " (in part)");
    if (runtime.isReferenceBlas) std::printf("%s\n", kReferenceBlas);
}

int examine(const DoctorOptions& options) {
    const auto runtime = examineRuntime();
    const auto datasets = findDatasets(dataFolders(options.machine.dataDir));
    if (!options.json) {
        printReport(runtime, datasets);
        return kDone;
    }
    nlohmann::ordered_json report = {{"zwei", kVersion},
                                     {"libtorch", runtime.libtorch},
                                     {"qt", qVersion()},
                                     {"blas", runtime.blas},
                                     {"blas_core", runtime.blasCore},
                                     {"reference_blas", runtime.isReferenceBlas},
                                     {"fused_kernels", runtime.fusedKernels},
                                     {"instruction_set", runtime.instructionSet},
                                     {"waiting", runtime.waiting},
                                     {"onednn_kept", runtime.keptPrimitives},
                                     {"flushes_denormals", runtime.flushesDenormals},
                                     {"large_pages_mb", runtime.largePages},
                                     {"cuda", runtime.hasCuda},
                                     {"threads", runtime.threads},
                                     {"gigaflops", runtime.gigaflops},
                                     {"data", nlohmann::ordered_json::array()}};
    for (const auto& set : datasets)
        report["data"].push_back({{"name", set.name}, {"folder", set.folder.string()}, {"train", set.hasTrain}});
    printJson(report);
    return kDone;
}

}  // namespace

void addDoctor(CLI::App& program, Action& chosen) {
    auto* command = program.add_subcommand("doctor", "Tell what this program runs on and which data sets it finds");
    auto options = std::make_shared<DoctorOptions>();
    options->machine.addDataDir(*command);
    command->add_flag("--json", options->json, "One line of JSON");
    command->callback([options, &chosen] { chosen = [options] { return examine(*options); }; });
}

}  // namespace zwei::cli
