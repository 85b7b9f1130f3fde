// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// Compiles a function for each of these processors, and takes the best that there is when the program starts.
/// Sanitizers cannot: the choice is made before they are there. Clang 14 knows no such levels.
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define ZWEI_VECTORISED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define ZWEI_VECTORISED
#endif
