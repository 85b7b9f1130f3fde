// SPDX-License-Identifier: GPL-3.0-or-later
//
// The program before its libraries: it sets what they read when they are loaded, and then loads the program proper,
// which lies beside it. Linked with them itself, it would have to start anew for that, and load LibTorch twice.
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "app/launcher/process_tuning.h"
#include "app/launcher/program.h"

int main(int argc, char** argv) {
    zwei::tuneProcess();
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    if (error) {
        std::fprintf(stderr, "%s: /proc/self/exe, which tells where the program lies, cannot be read.\n", argv[0]);
        return EXIT_FAILURE;
    }
    const auto program = self.parent_path() / ZWEI_PROGRAM;
    auto* const handle = ::dlopen(program.c_str(), RTLD_NOW | RTLD_GLOBAL);
    const auto run = handle ? reinterpret_cast<decltype(&zweiMain)>(::dlsym(handle, "zweiMain")) : nullptr;
    if (run) return run(argc, argv);
    std::fprintf(stderr, "%s: a part of the program is missing: %s\n", argv[0], ::dlerror());
    return EXIT_FAILURE;
}
