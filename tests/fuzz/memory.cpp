// SPDX-License-Identifier: GPL-3.0-or-later
#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <new>

#include "tests/fuzz/reader.h"

#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
// Of sanitizer/allocator_interface.h, which GCC has the functions of and not the file.
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*onMalloc)(const volatile void*, std::size_t),
                                                         void (*onFree)(const volatile void*));  // NOLINT
extern "C" std::size_t __sanitizer_get_allocated_size(const volatile void* memory);              // NOLINT
#define ZWEI_HAS_HOOKS
#endif

namespace {

// Static, and so there before the first allocation.
std::atomic<std::size_t> inUse{0};
std::atomic<std::size_t> highest{0};
std::atomic<std::size_t> atRestart{0};

void take(std::size_t size) {
    const auto now = inUse += size;
    if (now > highest) highest = now;  // the readers have one thread each
}

}  // namespace

std::size_t zwei::fuzz::Memory::peak() { return highest - std::min(highest.load(), atRestart.load()); }

#ifdef ZWEI_HAS_HOOKS

/// The sanitizer tells of all memory, that of C libraries as well.
void zwei::fuzz::Memory::restart() {
    [[maybe_unused]] static const int isHooked = __sanitizer_install_malloc_and_free_hooks(
        [](const volatile void*, std::size_t size) { take(size); },
        [](const volatile void* memory) { inUse -= __sanitizer_get_allocated_size(memory); });
    atRestart = inUse.load();
    highest = inUse.load();
}

#else

void zwei::fuzz::Memory::restart() {
    atRestart = inUse.load();
    highest = inUse.load();
}

void* operator new(std::size_t size) {
    void* memory = std::malloc(std::max<std::size_t>(size, 1));
    if (!memory) throw std::bad_alloc();
    take(malloc_usable_size(memory));
    return memory;
}
void operator delete(void* memory) noexcept {
    if (memory) inUse -= malloc_usable_size(memory);
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }

#endif
